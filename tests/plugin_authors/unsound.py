"""A sound plugin, and copies of it that are broken in one hook each."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click
from flask import Blueprint

from judging.api import (
    Aggregator,
    Award,
    Category,
    ContestRules,
    Document,
    Grant,
    Problem,
    Report,
    Score,
    TieBreaker,
    hookimpl,
)
from judging.plugins import load_registry
from judging.services.core_plugin import CorePlugin
from tests.domain.builders import a_round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from judging.plugins import Registry

KIND, NAME = "broken-kind", "broken"
LARGE = 10_000_000


def combine(_round: Any, ballots: Sequence[Any]) -> dict[str, Score]:
    """Every entry gets the number of its ballots."""
    entries = sorted({ballot.entry for ballot in ballots})
    return {entry: Score(value=Fraction(sum(one.entry == entry for one in ballots)), used=1) for entry in entries}


def rules() -> ContestRules:
    return ContestRules(
        key=KIND,
        name="Broken kind",
        version="1",
        categories=(Category(key="only", label="Only"),),
        rounds=(replace(a_round(), aggregator="broken-count"),),
        awards=(Award(key="first", label="First prize", planned=1),),
        tie_breaks=("broken-lot",),
        documents=(Document(key="certificate", label="Certificate", for_authors=True),),
    )


class Sound:
    """A plugin with every hook, in which nothing is wrong."""

    judging_api = 1

    @hookimpl
    def judging_contests(self) -> Any:
        return [rules()]

    @hookimpl
    def judging_aggregators(self) -> Any:
        return [Aggregator(key="broken-count", label="Count", combine=combine)]

    @hookimpl
    def judging_tie_breakers(self) -> Any:
        return [TieBreaker(key="broken-lot", label="Lot", rank=lambda _context: {})]

    @hookimpl
    def judging_reports(self) -> Any:
        return [Report(key="broken-report", label="Report", columns=("Place",), rows=self.rows)]

    @staticmethod
    def rows(_rules: Any, standings: Any) -> Any:
        return [[str(one.rank)] for one in standings]

    @hookimpl
    def judging_pages(self) -> Any:
        return Blueprint("broken_pages", __name__)

    @hookimpl
    def judging_commands(self) -> Any:
        return [click.Command("broken-command")]

    @hookimpl
    def judging_check_eligibility(self, rules: Any, entry: Any, today: Any) -> Any:
        del rules, entry, today
        return []

    @hookimpl
    def judging_grant_awards(self, rules: Any, standings: Any) -> Any:
        del rules
        return [Grant(entry=standings[0].entry, level="first")] if standings else []

    @hookimpl
    def judging_document_context(self, rules: Any, document: Any, standing: Any) -> Any:
        del rules, document, standing
        return {"text": "Well done."}

    @hookimpl
    def judging_entry_submitted(self, rules: Any, entry: Any) -> Any:
        del rules, entry

    @hookimpl
    def judging_results_published(self, rules: Any, standings: Any) -> Any:
        del rules, standings


def broken(hook: str, way: str) -> Sound:
    """The sound plugin with one hook that is broken in one of WAYS. A hook may name fewer values than it is given."""
    body = WAYS[way](hook)
    made: Sound = type("Broken", (Sound,), {hook: hookimpl(lambda _self: body())})()
    return made


def raising(hook: str) -> Callable[[], Any]:
    def body() -> Any:
        raise LookupError(f"no {hook} today")

    return body


def ending(_hook: str) -> Callable[[], Any]:
    def body() -> Any:
        raise SystemExit(3)

    return body


def lazy(hook: str) -> Callable[[], Any]:
    """Raises only once somebody looks at the answer."""

    def body() -> Iterable[Any]:
        yield from ()
        raise LookupError(f"no {hook} today")

    return body


def mistyped(_hook: str) -> Callable[[], Any]:
    return lambda: ["nonsense", 5]


def scalar(_hook: str) -> Callable[[], Any]:
    return lambda: 7


def huge(hook: str) -> Callable[[], Any]:
    text = "x" * LARGE
    answers: Mapping[str, Any] = {
        "judging_contests": lambda: [replace(rules(), summary=text)],
        "judging_aggregators": lambda: [Aggregator(key="broken-count", label=text, combine=combine)],
        "judging_tie_breakers": lambda: [TieBreaker(key="broken-lot", label=text, rank=lambda _context: {})],
        "judging_reports": lambda: [Report(key="broken-report", label=text, columns=("A",), rows=Sound.rows)],
        "judging_pages": lambda: [Blueprint(f"pages_{number}", __name__) for number in range(2)],
        "judging_commands": lambda: [click.Command(f"broken-{number}") for number in range(2_000)],
        "judging_check_eligibility": lambda: [Problem(code="large", message=text)],
        "judging_grant_awards": lambda: [Grant(entry="e-000001", level="first", reason=text)],
        "judging_document_context": lambda: {"text": text},
    }
    return answers[hook]  # type: ignore[no-any-return]  # each of them takes nothing


WAYS: Mapping[str, Callable[[str], Callable[[], Any]]] = {
    "raises": raising,
    "ends the program": ending,
    "raises late": lazy,
    "wrong things": mistyped,
    "no collection": scalar,
    "10 MB": huge,
}


def registry_with(*plugins: tuple[str, object]) -> Registry:
    """The installed plugins and these, by name."""
    registry = load_registry(core=CorePlugin())
    for name, plugin in plugins:
        registry.register(plugin, name=name, version="0.1")
    return registry
