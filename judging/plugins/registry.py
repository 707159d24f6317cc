"""All plugins of one application.

There is one registry per application and none global. Registration is all or nothing: a plugin whose start-up hook
raises, that speaks another API version, or that clashes with an earlier one offers nothing and is listed with the
reason. Its contests are then suspended, never judged by defaults.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy

from judging import hookspecs
from judging.api import API_VERSION, PROJECT
from judging.errors import N_, ContestSuspended
from judging.plugins.answers import AWARDS, DOCUMENT, ELIGIBILITY, read_context, read_grants, read_problems
from judging.plugins.offers import Offer, examine
from judging.plugins.records import ASK_AUTHOR, CORE, PluginInfo, SetAside, Unfit, told
from judging.plugins.strategies import watched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    import click
    from flask import Blueprint

    from judging.domain.rules import ContestRules, Document
    from judging.domain.strategies import Aggregator, Report, TieBreaker
    from judging.domain.values import Entry, Grant, Problem, Standing

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")


class Registry:
    """All plugins of one application.

    >>> registry = Registry()
    >>> registry.register(MyPlugin(), name="mine", version="1.0")
    >>> registry.rules("my-kind")
    """

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._owners: dict[str, str] = {}
        self._offer = Offer()
        self.infos: list[PluginInfo] = []
        self.set_aside: list[SetAside] = []
        self.left_out: list[str] = []

    def register(self, plugin: object, *, name: str, version: str = "", package: str = "") -> bool:
        """Take a plugin in, or set it aside with the reason. Returns whether it was taken."""
        try:
            self._check_name(name)
            self._check_version(plugin, name)
            self._join(plugin, name)
            offer = examine(name, lambda hook: self._hook(name, hook), self._offer)
        except Unfit as error:
            self._put_aside(plugin, name, version, error)
            return False
        self._offer.join(offer)
        self._owners.update(dict.fromkeys(offer.contests, name))
        self.infos.append(
            PluginInfo(
                name=name, version=version, package=package, contests=tuple(offer.contests),
                aggregators=tuple(offer.aggregators), tie_breakers=tuple(offer.tie_breakers),
                reports=tuple(offer.reports), commands=tuple(offer.commands), pages=bool(offer.pages),
            )
        )  # fmt: skip
        return True

    def note_unusable(self, name: str, error: Unfit, *, version: str = "") -> None:
        """List a plugin that could not even be registered."""
        self.set_aside.append(SetAside(name=name, version=version, error=error))

    def _check_name(self, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise Unfit(
                N_("“%(plugin)s” is no name for a plugin: small letters, digits, - and _, beginning with a letter."),
                advice=ASK_AUTHOR, plugin=name[:100],
            )  # fmt: skip
        if self._manager.has_plugin(name):
            raise Unfit(
                N_("Two installed distributions offer a plugin called %(plugin)s."),
                advice=N_("Uninstall one of the two distributions."), plugin=name,
            )  # fmt: skip

    @staticmethod
    def _check_version(plugin: object, name: str) -> None:
        spoken = getattr(plugin, "judging_api", None)
        if spoken != API_VERSION or isinstance(spoken, bool):
            raise Unfit(
                N_("Plugin %(plugin)s speaks API version %(theirs)s; this program speaks %(ours)s."),
                advice=N_("Install a release of the plugin for API version %(ours)s, or the judging that it is for."),
                plugin=name, theirs=str(spoken)[:40], ours=API_VERSION,
            )  # fmt: skip

    def _join(self, plugin: object, name: str) -> None:
        """Let pluggy know the plugin. A method that only looks like a hook would never be asked, so it is refused."""
        try:
            for method in _unmarked(plugin):
                raise Unfit(
                    N_("Plugin %(plugin)s, hook %(hook)s: the method is not marked with @hookimpl, so nobody asks it."),
                    advice=ASK_AUTHOR, plugin=name, hook=method,
                )  # fmt: skip
            self._manager.register(plugin, name=name)
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise Unfit(
                N_("Plugin %(plugin)s has a method that is no hook: %(reason)s"),
                advice=ASK_AUTHOR, plugin=name, reason=told(error),
            ) from error  # fmt: skip
        except Unfit:
            raise
        except (Exception, SystemExit) as error:
            raise Unfit(
                N_("Plugin %(plugin)s cannot be registered: %(reason)s"),
                advice=ASK_AUTHOR, plugin=name, reason=told(error),
            ) from error  # fmt: skip

    def _put_aside(self, plugin: object, name: str, version: str, error: Unfit) -> None:
        log.warning("plugin %s is set aside: %s", name, error)
        if self._manager.get_plugin(name) is plugin:
            self._manager.unregister(plugin)
        self.note_unusable(name, error, version=version)

    def _hook(self, name: str, hook: str) -> Callable[..., Any]:
        """A hook of one plugin only: pluggy would broadcast, and one plugin would give away another's prizes."""
        others = [plugin for other, plugin in self._manager.list_name_plugin() if other != name]
        caller: Callable[..., Any] = self._manager.subset_hook_caller(hook, others)
        return caller

    @property
    def kinds(self) -> Mapping[str, ContestRules]:
        """The contest kinds on offer, by key."""
        return self._offer.contests

    @property
    def aggregators(self) -> Mapping[str, Aggregator]:
        """The aggregators on offer, by key."""
        return self._offer.aggregators

    @property
    def tie_breakers(self) -> Mapping[str, TieBreaker]:
        """The tie-breakers on offer, by key."""
        return self._offer.tie_breakers

    @property
    def reports(self) -> Mapping[str, Report]:
        """The reports on offer, by key."""
        return self._offer.reports

    @property
    def commands(self) -> Mapping[str, click.Command]:
        """The commands on offer, by name."""
        return self._offer.commands

    @property
    def pages(self) -> Mapping[str, Blueprint]:
        """The blueprints on offer, by plugin name."""
        return self._offer.pages

    def rules(self, kind: str) -> ContestRules:
        """The rules of a contest kind as its plugin states them. Raises ContestSuspended when no plugin offers it."""
        try:
            return self._offer.contests[kind]
        except KeyError:
            raise ContestSuspended(
                N_("The contest kind “%(kind)s” is not installed, so its contests are suspended."), kind=kind
            ) from None

    def rules_digest(self, kind: str) -> str:
        """The digest of a contest kind's rules as its plugin states them. Raises ContestSuspended."""
        self.rules(kind)
        return self._offer.digests[kind]

    def owner_of(self, kind: str) -> PluginInfo:
        """The plugin that offers the contest kind. Raises ContestSuspended."""
        self.rules(kind)
        return next(info for info in self.infos if info.name == self._owners[kind])

    def reports_for(self, kind: str) -> Mapping[str, Report]:
        """The reports for contests of a kind: its own plugin's, and those of plugins that offer no kind themselves."""
        own = self._owners.get(kind)
        keys = [key for info in self.infos if info.name == own or not info.contests for key in info.reports]
        return {key: self._offer.reports[key] for key in keys}

    def describe(self) -> list[str]:
        """The plugins in use with their versions, for the record: `startup 0.1.0`."""
        return [f"{info.name} {info.version}".strip() for info in self.infos if info.name != CORE]

    def check_eligibility(self, rules: ContestRules, entry: Entry, today: date) -> tuple[Problem, ...]:
        """Every reason of the owning plugin against `entry`. Raises PluginError when the hook fails: that means no."""
        return self._ask_owner(rules.key, ELIGIBILITY, read_problems, rules=rules, entry=entry, today=today)

    def grant_awards(self, rules: ContestRules, standings: Sequence[Standing]) -> Sequence[Grant] | None:
        """The owning plugin's own prizes, or None when it leaves them to the core. Raises PluginError."""
        return self._ask_owner(rules.key, AWARDS, read_grants, rules=rules, standings=standings)

    def gives_awards(self, kind: str) -> bool:
        """Whether the owning plugin has a hook for prizes; asked, it may still leave them to the core.

        Raises ContestSuspended.
        """
        self.rules(kind)
        owner = self._owners[kind]
        return any(one.plugin_name == owner for one in self._manager.hook.judging_grant_awards.get_hookimpls())

    def document_context(self, rules: ContestRules, document: Document, standing: Standing) -> Mapping[str, object]:
        """The owning plugin's values for a document. Raises PluginError."""
        return self._ask_owner(rules.key, DOCUMENT, read_context, rules=rules, document=document, standing=standing)

    def tell_entry_submitted(self, rules: ContestRules, entry: Entry) -> None:
        """Tell every plugin; errors are logged."""
        self._tell("judging_entry_submitted", rules=rules, entry=entry)

    def tell_results_published(self, rules: ContestRules, standings: Sequence[Standing]) -> None:
        """Tell every plugin; errors are logged."""
        self._tell("judging_results_published", rules=rules, standings=standings)

    def _ask_owner(self, kind: str, hook: str, read: Callable[[str, Any], Answer], **arguments: object) -> Answer:
        """Ask the plugin that owns the kind. Its answer is read here as well: a lazy one fails only then."""
        self.rules(kind)
        owner = self._owners[kind]
        return watched(owner, hook, lambda: read(owner, self._hook(owner, hook)(**arguments)))

    def _tell(self, hook: str, **arguments: object) -> None:
        for name, _ in self._manager.list_name_plugin():
            try:
                self._hook(name, hook)(**arguments)
            except (Exception, SystemExit):
                log.exception("plugin %s failed in hook %s", name, hook)


def _unmarked(plugin: object) -> list[str]:
    """The methods that are called like a hook and carry no mark."""
    names = [name for name in dir(plugin) if name.startswith("judging_")]
    return [
        name for name in names if callable(method := getattr(plugin, name)) and not hasattr(method, f"{PROJECT}_impl")
    ]
