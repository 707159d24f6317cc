"""The error tree of the product.

Every error that a person may meet carries an English msgid with named placeholders and the values for them, so that
the outermost layer can say it in the reader's language. Nothing here is translated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from judging.domain.values import Problem


def N_(message: str) -> str:
    """Mark `message` for the catalogue; it is translated where it is shown."""
    return message


class JudgingError(Exception):
    """Root of all errors that the product raises on purpose.

    `message` is an msgid; `params` fills its named placeholders; `status` is the HTTP status that the web layer uses.
    """

    status = 500

    def __init__(self, message: str, **params: object) -> None:
        self.message = message
        self.params = params
        super().__init__(message % params if params else message)


class RulesError(JudgingError):
    """A contest kind's data contradicts itself. Raised while a plugin or a rubric is being read."""

    status = 422


class ContestSuspended(JudgingError):
    """The contest's plugin is missing or set aside, or its rules changed since the contest opened."""

    status = 409


class NotFound(JudgingError):
    """The thing does not exist, or the actor may not know that it does: both are said alike."""

    status = 404


class NotAllowed(JudgingError):
    """The actor is known and may know the thing, but may not do this."""

    status = 403


class Conflict(JudgingError):
    """The thing is not in a state in which this can be done. Says what is missing."""

    status = 409


class PluginError(Conflict):
    """A plugin cannot be used, or a hook of it failed: what depends on it is refused. Names the plugin and the hook."""


class StaleVersion(Conflict):
    """Somebody changed the thing since it was read."""

    status = 412


class StoreUnavailable(JudgingError):
    """The database or the file store cannot take the request now; trying again later may work."""

    status = 503


class StorageFull(StoreUnavailable):
    """There is no room for more files; everything else can go on."""

    status = 507


class Refused(JudgingError):
    """What was handed in breaks a rule. `problems` lists every reason, never only the first."""

    status = 422

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems).replace("%", "%%"))
