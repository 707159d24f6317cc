"""A plugin that fails, answers nonsense or answers 10 MB harms its own contests alone; nothing is stored by half."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from judging.api import Aggregator, Ballot, Entry, Report, Score, Standing, TieBreaker, TieContext, hookimpl
from judging.db.models import AuditEvent, ContestRound, Prize
from judging.db.models import Entry as EntryRow
from judging.domain.permissions import Actor, Role
from judging.errors import ContestSuspended, PluginError, Refused
from judging.plugins.strategies import watch_aggregator, watch_report, watch_tie_breaker
from judging.services.contests.editions import rules_in_force
from judging.services.entries.eligibility import CANNOT_TELL
from judging.services.entries.life import submit_entry
from judging.services.results.documents import make_papers
from judging.services.results.prizes import settle_prizes
from judging.services.results.standings import round_standings
from tests.domain.builders import a_round
from tests.factories import (
    NOW,
    give_role,
    make_account,
    make_assignment,
    make_contest,
    make_entry,
    make_judge,
    make_sheet,
)
from tests.plugin_authors.unsound import KIND, NAME, WAYS, Sound, broken, registry_with, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.plugins import Registry

START_UP = (
    "judging_contests",
    "judging_aggregators",
    "judging_tie_breakers",
    "judging_reports",
    "judging_pages",
    "judging_commands",
)
OWNER = ("judging_check_eligibility", "judging_grant_awards", "judging_document_context")
TOLD = ("judging_entry_submitted", "judging_results_published")
ENTRY = Entry(id="1", alias="e-aaaaaa", title="Cối xay", category="only")
STANDING = Standing(entry="e-aaaaaa", rank=1, score=Score(value=Fraction(90), used=3), category="only")
OTHERS = {"youth-creativity", "technical-innovation", "startup"}


def asking(registry: Registry, hook: str) -> Callable[[], Any]:
    """Ask an owner's hook as the core asks it."""
    own = registry.rules(KIND)
    return {
        "judging_check_eligibility": lambda: registry.check_eligibility(own, ENTRY, date(2021, 6, 1)),
        "judging_grant_awards": lambda: registry.grant_awards(own, [STANDING]),
        "judging_document_context": lambda: registry.document_context(own, own.documents[0], STANDING),
    }[hook]


def test_sound_plugin_is_in_use() -> None:
    registry = registry_with((NAME, Sound()))

    assert registry.set_aside == []
    assert [bool(asking(registry, hook)()) for hook in OWNER] == [False, True, True]


@pytest.mark.parametrize("hook", START_UP)
@pytest.mark.parametrize("way", [*WAYS])
def test_start_up_hook_that_fails_sets_its_plugin_aside(hook: str, way: str) -> None:
    registry = registry_with((NAME, broken(hook, way)))

    (aside,) = registry.set_aside
    assert aside.name == NAME
    assert aside.reason.startswith(f"Plugin {NAME}")
    # A blueprint is one thing and no collection: two of them are told by their type.
    assert f"hook {hook}" in aside.reason
    assert len(aside.reason) < 1_000
    assert aside.advice
    assert set(registry.kinds) == OTHERS
    assert "broken-count" not in registry.aggregators
    with pytest.raises(ContestSuspended, match=KIND):
        registry.rules(KIND)


@pytest.mark.parametrize("hook", OWNER)
@pytest.mark.parametrize("way", [*WAYS])
def test_owner_hook_that_fails_is_refused_naming_plugin_and_hook(hook: str, way: str) -> None:
    registry = registry_with((NAME, broken(hook, way)))
    assert registry.set_aside == []

    with pytest.raises(PluginError, match=f"Plugin {NAME}.* hook {hook}") as refused:
        asking(registry, hook)()
    assert len(str(refused.value)) < 1_000


@pytest.mark.parametrize("hook", TOLD)
@pytest.mark.parametrize("way", ["raises", "ends the program"])
def test_told_hook_that_fails_is_logged(hook: str, way: str, caplog: pytest.LogCaptureFixture) -> None:
    registry = registry_with((NAME, broken(hook, way)))

    if hook == "judging_entry_submitted":
        registry.tell_entry_submitted(registry.rules("startup"), ENTRY)
    else:
        registry.tell_results_published(registry.rules("startup"), [STANDING])

    assert f"plugin {NAME} failed in hook {hook}" in caplog.text


def test_hook_of_one_plugin_is_never_asked_for_anothers_contest() -> None:
    registry = registry_with((NAME, broken("judging_check_eligibility", "raises")))
    entry = replace(ENTRY, category="digital", division="idea")

    assert registry.check_eligibility(registry.rules("startup"), entry, date(2021, 6, 1)) == ()
    assert registry.grant_awards(registry.rules("startup"), [STANDING]) is None


BALLOTS = [Ballot(judge=f"j-{number}", entry="e-aaaaaa", marks={}) for number in range(3)]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "expected Mapping, got NoneType"),
        ({"e-aaaaaa": 90}, "expected Score, got int"),
        ({"e-aaaaaa": Score(value=90.5, used=3)}, "expected Score with a Fraction, got float"),  # type: ignore[arg-type]  # the fault
        ({}, "every entry with a ballot has one score"),
        (
            dict.fromkeys(("e-aaaaaa", "e-bbbbbb"), Score(value=Fraction(1), used=1)),
            "every entry with a ballot has one",
        ),
        ({"e-aaaaaa": Score(value=Fraction(1), used=1, explanation="x" * 10_000_000)}, "too large"),
    ],
)
def test_aggregator_that_answers_nonsense_is_refused(answer: Any, told: str) -> None:
    watched = watch_aggregator(NAME, Aggregator(key="odd", label="Odd", combine=lambda _round, _ballots: answer))

    with pytest.raises(PluginError, match=told) as refused:
        watched.combine(a_round(), BALLOTS)
    assert f"Plugin {NAME}, hook judging_aggregators “odd”" in str(refused.value)


def test_tie_breaker_with_floats_is_refused() -> None:
    def rank(_context: TieContext) -> Any:
        return {"e-aaaaaa": 0.5}

    watched = watch_tie_breaker(NAME, TieBreaker(key="odd", label="Odd", rank=rank))

    with pytest.raises(PluginError, match="hook judging_tie_breakers “odd”: expected Fraction, got float"):
        watched.rank(TieContext(round=a_round(), ballots=BALLOTS, scores={}))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (7, "expected Sequence"),
        ([["a", "b"]], "expected rows of 1 texts"),
        ([[7]], "expected str in each cell"),
        ([["x" * 10_000_000]], "too large"),
        ([["x"]] * 20_001, "too large"),
    ],
)
def test_report_that_answers_nonsense_is_refused(rows: Any, told: str) -> None:
    watched = watch_report(NAME, Report(key="odd", label="Odd", columns=("A",), rows=lambda _rules, _standings: rows))

    with pytest.raises(PluginError, match=told):
        watched.rows(rules(), [])


# ---- with data, on both databases ----


def held(session: Session, registry: Registry, kind: str) -> tuple[Contest, Actor]:
    """A contest of the kind whose only round is closed, with one entry and three sheets, and its organiser."""
    contest = make_contest(session, registry, kind=kind, phase="judging")
    desk = make_account(session)
    give_role(session, contest, desk, "organiser")
    own = registry.rules(kind)
    entry = make_entry(session, contest, state="in-round", round=own.rounds[-1].key)
    for row in session.scalars(select(ContestRound).where(ContestRound.contest_id == contest.id)):
        row.state = "closed" if row.key == own.rounds[-1].key else "advanced"
    for _ in range(3):
        reading = make_assignment(session, entry, make_judge(session, contest), round_key=own.rounds[-1].key)
        make_sheet(session, reading, own.rounds[-1])
    session.flush()
    return contest, Actor(account_id=desk.id, roles=frozenset({Role.ORGANISER}))


@pytest.mark.parametrize("way", [*WAYS])
def test_entry_is_refused_where_eligibility_fails(way: str, session: Session) -> None:
    registry = registry_with((NAME, broken("judging_check_eligibility", way)))
    entry = make_entry(session, make_contest(session, registry, kind=KIND), state="draft", submitted_at=None)
    author = Actor(account_id=entry.owner_id, roles=frozenset({Role.CONTESTANT}))

    with pytest.raises(Refused) as refused:
        submit_entry(session, registry=registry, entry=entry, actor=author, now=NOW)

    assert CANNOT_TELL in refused.value.problems
    assert entry.state == "draft"
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


@pytest.mark.parametrize("way", [*WAYS])
def test_prizes_are_refused_where_the_awards_hook_fails_and_given_elsewhere(way: str, session: Session) -> None:
    registry = registry_with((NAME, broken("judging_grant_awards", way)))
    contest, organiser = held(session, registry, KIND)
    other, theirs = held(session, registry, "startup")

    with pytest.raises(PluginError, match=f"Plugin {NAME}.* hook judging_grant_awards"):
        settle_prizes(session, registry=registry, contest=contest, actor=organiser, now=NOW)

    assert session.scalar(select(func.count()).select_from(Prize)) == 0
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0
    assert settle_prizes(session, registry=registry, contest=other, actor=theirs, now=NOW) == 1


@pytest.mark.parametrize("way", [*WAYS])
def test_document_is_refused_where_its_hook_fails(way: str, session: Session) -> None:
    registry = registry_with((NAME, broken("judging_document_context", way)))
    contest, _organiser = held(session, registry, KIND)
    contest.phase = "decided"
    entries = session.scalars(select(EntryRow).where(EntryRow.contest_id == contest.id)).all()

    with pytest.raises(PluginError, match=f"Plugin {NAME}.* hook judging_document_context"):
        make_papers(session, registry=registry, contest=contest, document=rules().documents[0], entries=entries)


@pytest.mark.parametrize("hook", START_UP)
def test_contest_of_a_plugin_set_aside_is_suspended_and_others_go_on(hook: str, session: Session) -> None:
    sound = registry_with((NAME, Sound()))
    contest, organiser = held(session, sound, KIND)
    other, theirs = held(session, sound, "startup")
    digest = contest.rules_digest

    registry = registry_with((NAME, broken(hook, "raises")))

    with pytest.raises(ContestSuspended, match=KIND):
        rules_in_force(registry, contest)
    with pytest.raises(ContestSuspended):
        settle_prizes(session, registry=registry, contest=contest, actor=organiser, now=NOW)
    assert contest.rules_digest == digest
    assert settle_prizes(session, registry=registry, contest=other, actor=theirs, now=NOW) == 1


def test_standings_are_refused_where_the_aggregator_fails(session: Session) -> None:
    def fail(_round: Any, _ballots: Any) -> Any:
        raise KeyError("nothing")

    class Odd(Sound):
        @hookimpl
        def judging_aggregators(self) -> Any:
            return [Aggregator(key="broken-count", label="Count", combine=fail)]

    registry = registry_with((NAME, Odd()))
    contest, _organiser = held(session, registry, KIND)
    other, _theirs = held(session, registry, "startup")

    with pytest.raises(PluginError, match=f"Plugin {NAME} failed in hook judging_aggregators “broken-count”: KeyError"):
        round_standings(session, registry=registry, contest=contest, round_key=rules().rounds[0].key)
    assert len(round_standings(session, registry=registry, contest=other, round_key="final")) == 1
