"""What a plugin offers at start-up: each hook is asked once, and every answer is checked before any of them is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import click
from flask import Blueprint

from judging.domain.keys import check_key
from judging.domain.rules import ContestRules
from judging.domain.strategies import Aggregator, Report, TieBreaker
from judging.domain.structure import canonical_bytes, digest, from_plain, to_plain
from judging.errors import N_, RulesError
from judging.plugins import reserved
from judging.plugins.limits import MOST_RULES_BYTES, MOST_TEXT, MOST_THINGS, take
from judging.plugins.records import ASK_AUTHOR, CORE, Unfit, told
from judging.plugins.strategies import watch_aggregator, watch_report, watch_tie_breaker

Hooks = Callable[[str], Callable[..., list[Any]]]
"""The hooks of one plugin, by name."""

_LEAVE_ONE_OUT = N_(
    "Use one of the two plugins: uninstall the other, or leave it out of JUDGING_PLUGINS. Their authors can settle who"
    " takes another name."
)


@dataclass(slots=True)
class Offer:
    """What one plugin offers, or all plugins together, by key."""

    contests: dict[str, ContestRules] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    aggregators: dict[str, Aggregator] = field(default_factory=dict)
    tie_breakers: dict[str, TieBreaker] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    commands: dict[str, click.Command] = field(default_factory=dict)
    pages: dict[str, Blueprint] = field(default_factory=dict)

    def join(self, other: Offer) -> None:
        """Take in what another plugin offers."""
        for name in self.__slots__:
            getattr(self, name).update(getattr(other, name))


def examine(plugin: str, hooks: Hooks, taken: Offer) -> Offer:
    """Ask every start-up hook of a plugin. Raises Unfit for whatever cannot be used, or is taken by another plugin."""
    offer = Offer()
    asking = _Asking(plugin=plugin, hooks=hooks)
    for rules in asking.things("judging_contests", ContestRules):
        asking.check_free("judging_contests", rules.key, offer.contests, taken.contests)
        asking.check_rules(rules)
        offer.contests[rules.key] = rules
        offer.digests[rules.key] = digest(rules)
    for aggregator in asking.strategies("judging_aggregators", Aggregator, offer.aggregators, taken.aggregators):
        offer.aggregators[aggregator.key] = aggregator if plugin == CORE else watch_aggregator(plugin, aggregator)
    for breaker in asking.strategies("judging_tie_breakers", TieBreaker, offer.tie_breakers, taken.tie_breakers):
        offer.tie_breakers[breaker.key] = breaker if plugin == CORE else watch_tie_breaker(plugin, breaker)
    for report in asking.strategies("judging_reports", Report, offer.reports, taken.reports):
        offer.reports[report.key] = watch_report(plugin, report)
    for command in asking.things("judging_commands", click.Command):
        name = str(command.name)
        asking.check_free("judging_commands", name, offer.commands, taken.commands, reserved.COMMANDS)
        offer.commands[name] = command
    for pages in asking.things("judging_pages", Blueprint, whole=True):
        names = {one.name for one in taken.pages.values()}
        asking.check_free("judging_pages", pages.name, names, reserved.BLUEPRINTS)
        asking.check_pages(pages)
        offer.pages[plugin] = pages
    return offer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """One plugin being asked, so that every refusal can name it."""

    plugin: str
    hooks: Hooks

    def things(self, hook: str, shape: type, *, whole: bool = False) -> Iterable[Any]:
        """What the hook answers; `whole` when the answer is the thing itself and not a collection of things."""
        try:
            answers = self.hooks(hook)()
            found = [thing for answer in answers for thing in ([answer] if whole else self._each(hook, shape, answer))]
        except Unfit:
            raise
        except (Exception, SystemExit) as error:
            raise Unfit(
                N_("Plugin %(plugin)s failed in hook %(hook)s: %(reason)s"),
                advice=ASK_AUTHOR, plugin=self.plugin, hook=hook, reason=told(error),
            ) from error  # fmt: skip
        for thing in found:
            if not isinstance(thing, shape):
                raise self._wrong(hook, shape.__name__, thing)
        return found

    def _each(self, hook: str, shape: type, answer: Any) -> list[Any]:
        if not isinstance(answer, Iterable):
            raise self._wrong(hook, f"Iterable[{shape.__name__}]", answer)
        taken = take(answer, MOST_THINGS)
        if taken is None:
            raise self._large(hook, f"{MOST_THINGS} things")
        return taken

    def strategies(self, hook: str, shape: type, *taken: Mapping[str, Any]) -> Iterable[Any]:
        """The strategies of a hook, each with a key of its own, a label and a function."""
        own, others = taken
        for thing in self.things(hook, shape):
            self._check_texts(hook, thing)
            self.check_free(hook, thing.key, own, others)
            work = getattr(thing, {Aggregator: "combine", TieBreaker: "rank", Report: "rows"}[shape])
            if not callable(work):
                raise self._wrong(hook, f"{shape.__name__} with a function", work)
            yield thing

    def _check_texts(self, hook: str, thing: Any) -> None:
        columns = getattr(thing, "columns", ())
        if not isinstance(columns, tuple):
            raise self._wrong(hook, "tuple of column labels", columns)
        for text in (thing.key, thing.label, getattr(thing, "help", ""), *columns):
            if not isinstance(text, str):
                raise self._wrong(hook, "texts as key and label", text)
            if len(text) > MOST_TEXT:
                raise self._large(hook, f"{MOST_TEXT} characters")
        try:
            check_key(thing.key)
        except RulesError as error:
            raise self._contradiction(hook, thing.key, error) from error
        if not thing.label.strip():
            raise self._wrong(hook, "a label", None)

    def check_rules(self, rules: ContestRules) -> None:
        """Rules that cannot be stored as they are would change once a contest has opened with them."""
        hook = "judging_contests"
        try:
            plain = to_plain(rules)
            size = len(canonical_bytes(rules))
            same = from_plain(ContestRules, plain) == rules
        except (RulesError, TypeError, ValueError) as error:
            raise self._contradiction(hook, rules.key, error) from error
        if size > MOST_RULES_BYTES:
            raise self._large(hook, f"{MOST_RULES_BYTES} bytes")
        if not same:
            raise Unfit(
                N_(
                    "Plugin %(plugin)s, hook %(hook)s: the rules “%(key)s” change when they are stored."
                    " Write tuples instead of lists, and Decimal for every number of the rubric."
                ),
                advice=ASK_AUTHOR, plugin=self.plugin, hook=hook, key=rules.key,
            )  # fmt: skip

    def check_pages(self, pages: Blueprint) -> None:
        """Templates of a blueprint's own folder would be shared with every other plugin's."""
        if pages.template_folder is not None:
            raise Unfit(
                N_(
                    "Plugin %(plugin)s, hook %(hook)s: the blueprint names a template_folder. Leave it out:"
                    " the templates of the package are found as “%(plugin)s:page.html”."
                ),
                advice=ASK_AUTHOR, plugin=self.plugin, hook="judging_pages",
            )  # fmt: skip

    def check_free(self, hook: str, key: str, *taken: Iterable[str]) -> None:
        """Raise Unfit when another plugin, the core or this plugin itself has the key already."""
        if any(key in keys for keys in taken):
            raise Unfit(
                N_("Plugin %(plugin)s, hook %(hook)s: the key “%(key)s” is taken."),
                advice=_LEAVE_ONE_OUT, plugin=self.plugin, hook=hook, key=key,
            )  # fmt: skip

    def _wrong(self, hook: str, shape: str, got: object) -> Unfit:
        return Unfit(
            N_("Plugin %(plugin)s, hook %(hook)s: expected %(shape)s, got %(got)s."),
            advice=ASK_AUTHOR, plugin=self.plugin, hook=hook, shape=shape, got=type(got).__name__,
        )  # fmt: skip

    def _large(self, hook: str, limit: str) -> Unfit:
        return Unfit(
            N_("Plugin %(plugin)s, hook %(hook)s: the answer is too large. At most: %(limit)s."),
            advice=ASK_AUTHOR, plugin=self.plugin, hook=hook, limit=limit,
        )  # fmt: skip

    def _contradiction(self, hook: str, key: str, error: Exception) -> Unfit:
        return Unfit(
            N_("Plugin %(plugin)s, hook %(hook)s, “%(key)s”: %(reason)s"),
            advice=ASK_AUTHOR, plugin=self.plugin, hook=hook, key=key, reason=told(error),
        )  # fmt: skip
