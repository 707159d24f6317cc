"""The registry of contest kinds: find plugins, check them, index what they offer, ask the one that owns a contest.

There is one registry per application and none global. Registration is all or nothing: a plugin whose start-up hook
raises, that speaks another API version, or that clashes with an earlier one offers nothing and is listed with the
reason. Its contests are then suspended, never judged by defaults.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import click
import pluggy
from flask import Blueprint

from judging import hookspecs
from judging.api import API_VERSION, PROJECT
from judging.domain.rules import ContestRules
from judging.domain.strategies import Aggregator, Report, TieBreaker
from judging.domain.structure import digest
from judging.errors import N_, ContestSuspended, JudgingError, PluginError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from judging.domain.rules import Document
    from judging.domain.values import Entry, Grant, Problem, Standing

log = logging.getLogger(__name__)

ENTRY_POINT_GROUP = "judging.plugins"
CORE = "core"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """A plugin in use: its name, its distribution's version and where its module lies."""

    name: str
    version: str
    contests: tuple[str, ...]
    package: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A plugin that is not used, and why."""

    name: str
    reason: str


@dataclass(slots=True)
class _Offer:
    contests: dict[str, ContestRules] = field(default_factory=dict)
    aggregators: dict[str, Aggregator] = field(default_factory=dict)
    tie_breakers: dict[str, TieBreaker] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    commands: dict[str, click.Command] = field(default_factory=dict)
    pages: list[Blueprint] = field(default_factory=list)


_COLLECTED: tuple[tuple[str, str, type], ...] = (
    ("judging_contests", "contests", ContestRules),
    ("judging_aggregators", "aggregators", Aggregator),
    ("judging_tie_breakers", "tie_breakers", TieBreaker),
    ("judging_reports", "reports", Report),
)


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
        self._offer = _Offer()
        self._pages: dict[str, Blueprint] = {}
        self.infos: list[PluginInfo] = []
        self.set_aside: list[SetAside] = []

    def register(self, plugin: object, *, name: str, version: str = "", package: str = "") -> bool:
        """Take a plugin in, or set it aside with the reason. Returns whether it was taken."""
        try:
            offer = self._examine(plugin, name)
        except Exception as error:  # noqa: BLE001 - whatever a stranger's plugin raises sets it aside
            self._put_aside(plugin, name, str(error) or type(error).__name__)
            return False
        for _, attribute, _ in _COLLECTED:
            getattr(self._offer, attribute).update(getattr(offer, attribute))
        self._offer.commands.update(offer.commands)
        self._owners.update(dict.fromkeys(offer.contests, name))
        if offer.pages:
            self._pages[name] = offer.pages[0]
        self.infos.append(PluginInfo(name=name, version=version, contests=tuple(offer.contests), package=package))
        return True

    def load(self, allowed: Sequence[str] | None = None) -> None:
        """Find the installed plugins by their entry points and register each; `allowed` restricts them by name."""
        for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda each: each.name):
            if allowed is not None and point.name not in allowed:
                continue
            version = point.dist.version if point.dist is not None else ""
            try:
                plugin = point.load()
            except Exception as error:
                log.warning("plugin %s could not be imported", point.name, exc_info=error)
                self.set_aside.append(SetAside(name=point.name, reason=f"{type(error).__name__}: {error}"))
                continue
            self.register(plugin, name=point.name, version=version, package=point.module)

    def _examine(self, plugin: object, name: str) -> _Offer:
        spoken = getattr(plugin, "judging_api", None)
        if spoken != API_VERSION:
            raise PluginError(
                N_("Plugin %(plugin)s speaks API version %(theirs)s; this program speaks %(ours)s."),
                plugin=name,
                theirs=spoken,
                ours=API_VERSION,
            )
        self._manager.register(plugin, name=name)
        try:
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise PluginError(
                N_("Plugin %(plugin)s has a method that is no hook: %(reason)s"), plugin=name, reason=str(error)
            ) from error
        offer = _Offer()
        for hook, attribute, shape in _COLLECTED:
            self._collect(name, hook, getattr(offer, attribute), shape, getattr(self._offer, attribute))
        for command in self._ask_start_up(name, "judging_commands"):
            self._check_shape(name, "judging_commands", command, click.Command)
            self._check_free(name, "judging_commands", str(command.name), offer.commands, self._offer.commands)
            offer.commands[str(command.name)] = command
        for pages in self._only(name).judging_pages():
            self._check_shape(name, "judging_pages", pages, Blueprint)
            offer.pages.append(pages)
        return offer

    def _collect(self, name: str, hook: str, into: dict[str, Any], shape: type, taken: Mapping[str, Any]) -> None:
        for thing in self._ask_start_up(name, hook):
            self._check_shape(name, hook, thing, shape)
            self._check_free(name, hook, thing.key, into, taken)
            into[thing.key] = thing

    @staticmethod
    def _check_shape(name: str, hook: str, thing: object, shape: type) -> None:
        if not isinstance(thing, shape):
            raise PluginError(
                N_("Plugin %(plugin)s, hook %(hook)s: expected %(shape)s, got %(got)s."),
                plugin=name,
                hook=hook,
                shape=shape.__name__,
                got=type(thing).__name__,
            )

    @staticmethod
    def _check_free(name: str, hook: str, key: str, *taken: Mapping[str, Any]) -> None:
        if any(key in keys for keys in taken):
            raise PluginError(
                N_("Plugin %(plugin)s, hook %(hook)s: the key “%(key)s” is taken."), plugin=name, hook=hook, key=key
            )

    def _ask_start_up(self, name: str, hook: str) -> list[Any]:
        return [thing for answer in getattr(self._only(name), hook)() for thing in answer]

    def _put_aside(self, plugin: object, name: str, reason: str) -> None:
        log.warning("plugin %s is set aside: %s", name, reason)
        if self._manager.is_registered(plugin) and self._manager.get_plugin(name) is plugin:
            self._manager.unregister(plugin)
        self.set_aside.append(SetAside(name=name, reason=reason))

    def _only(self, name: str) -> _ScopedHooks:
        others = [plugin for other, plugin in self._manager.list_name_plugin() if other != name]
        return _ScopedHooks(self._manager, others)

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
        return self._pages

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
        return digest(self.rules(kind))

    def check_eligibility(self, rules: ContestRules, entry: Entry, today: date) -> tuple[Problem, ...]:
        """Every reason of the owning plugin against `entry`. Raises PluginError when the hook fails: that means no."""
        answers = self._ask_owner(rules.key, "judging_check_eligibility", rules=rules, entry=entry, today=today)
        return tuple(problem for answer in answers for problem in answer)

    def grant_awards(self, rules: ContestRules, standings: Sequence[Standing]) -> Sequence[Grant] | None:
        """The owning plugin's own prizes, or None when it leaves them to the core. Raises PluginError."""
        granted: Sequence[Grant] | None = self._ask_owner(
            rules.key, "judging_grant_awards", rules=rules, standings=standings
        )
        return granted

    def document_context(self, rules: ContestRules, document: Document, standing: Standing) -> Mapping[str, object]:
        """The owning plugin's values for a document. Raises PluginError."""
        context: Mapping[str, object] | None = self._ask_owner(
            rules.key, "judging_document_context", rules=rules, document=document, standing=standing
        )
        return context or {}

    def tell_entry_submitted(self, rules: ContestRules, entry: Entry) -> None:
        """Tell every plugin; errors are logged."""
        self._tell("judging_entry_submitted", rules=rules, entry=entry)

    def tell_results_published(self, rules: ContestRules, standings: Sequence[Standing]) -> None:
        """Tell every plugin; errors are logged."""
        self._tell("judging_results_published", rules=rules, standings=standings)

    def _ask_owner(self, kind: str, hook: str, **arguments: object) -> Any:
        self.rules(kind)
        owner = self._owners[kind]
        try:
            return getattr(self._only(owner), hook)(**arguments)
        except Exception as error:
            raise PluginError(
                N_("Plugin %(plugin)s failed in hook %(hook)s: %(reason)s"),
                plugin=owner,
                hook=hook,
                reason=f"{type(error).__name__}: {error}",
            ) from error

    def _tell(self, hook: str, **arguments: object) -> None:
        for name, _ in self._manager.list_name_plugin():
            try:
                getattr(self._only(name), hook)(**arguments)
            except Exception:
                log.exception("plugin %s failed in hook %s", name, hook)


class _ScopedHooks:
    """The hooks of one plugin only: pluggy would broadcast, and one plugin would give away another's prizes."""

    def __init__(self, manager: pluggy.PluginManager, others: Iterable[object]) -> None:
        self._manager = manager
        self._others = tuple(others)

    def __getattr__(self, hook: str) -> Callable[..., Any]:
        return self._manager.subset_hook_caller(hook, self._others)


def load_registry(*, core: object, allowed: Sequence[str] | None = None) -> Registry:
    """A registry with the core's own answers and the installed plugins. The core's plugin must be sound."""
    registry = Registry()
    if not registry.register(core, name=CORE):
        raise JudgingError(N_("The core's own plugin is broken: %(reason)s"), reason=registry.set_aside[0].reason)
    registry.load(allowed)
    return registry
