"""What the registry says of plugins: those in use, and those set aside with the reason and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from judging.errors import N_, PluginError

CORE = "core"
"""The name under which the core's own answers are registered."""

_MOST_TOLD = 500


class Unfit(PluginError):
    """A plugin that cannot be taken in. `advice` is an msgid that says what to do; `params` fill it as well."""

    def __init__(self, message: str, *, advice: str, **params: object) -> None:
        self.advice = advice
        super().__init__(message, **params)


ASK_AUTHOR = N_(
    "Ask the author of the plugin to mend it; the conformance kit in judging.testing shows the same message."
    " Until then leave it out of JUDGING_PLUGINS."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """A plugin in use: its name, its distribution's version, the package its files lie in, and what it brings.

    `package` is empty when the plugin's module is no package: then it has neither templates nor translations.
    """

    name: str
    version: str
    package: str
    contests: tuple[str, ...] = ()
    aggregators: tuple[str, ...] = ()
    tie_breakers: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    pages: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A plugin that is not used, and why. `error` is what a page translates."""

    name: str
    error: Unfit
    version: str = ""

    @property
    def reason(self) -> str:
        """Why it is not used, in English, in one sentence."""
        return str(self.error)

    @property
    def advice(self) -> str:
        """What to do about it, in English."""
        return self.error.advice % self.error.params


def told(error: BaseException) -> str:
    """An error of somebody else's code in one short line. Even its text may fail, or be of any length."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - a stranger's __str__ may raise whatever it likes
        text = ""
    line = " ".join(text[: 4 * _MOST_TOLD].split())
    name = type(error).__name__
    return f"{name}: {line[:_MOST_TOLD]}" if line else name
