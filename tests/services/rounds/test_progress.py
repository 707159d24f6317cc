"""Gaps between judges: found by a quick look at stored totals, decided by exact ones."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from judging.domain.rules import GapRule
from judging.domain.scoring import gap
from judging.domain.totals import exact
from judging.services.results.standings import load_ballots
from judging.services.rounds.progress import find_gaps
from tests import factories
from tests.services.sheets.cases import make_case

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Entry
    from judging.domain.rules import Round
    from judging.plugins import Registry
    from tests.services.sheets.cases import Case

# The rubric of the cases: novelty to 30, use to 25 in two parts, form to 15 three times.
HALF = {"novelty": "15", "use.easy": "5", "use.wide": "5", "form": "5"}


@pytest.fixture
def case(session: Session, registry: Registry) -> Case:
    return make_case(session, registry)


@pytest.fixture
def judged(case: Case) -> Round:
    return replace(case.judged, gap_limit=Decimal(20), gap_rule=GapRule.DISCUSS)


def give_sheets(session: Session, contest: Contest, judged: Round, sheets: list[dict[str, Any]]) -> Entry:
    """A new entry with a submitted sheet for each of `sheets`, which change the marks of HALF."""
    entry = factories.make_entry(session, contest)
    for changes in sheets:
        judge = factories.make_judge(session, contest)
        reading = factories.make_assignment(session, entry, judge, round_key=judged.key)
        marks = {key: Decimal(mark) for key, mark in {**HALF, **changes}.items()}
        factories.make_sheet(session, reading, judged, marks=marks)
    return entry


def aliases(session: Session, case: Case, judged: Round) -> list[str]:
    return [one.entry.alias for one in find_gaps(session, contest=case.contest, judged=judged)]


def test_find_gaps_takes_only_what_is_above_the_limit(session: Session, case: Case, judged: Round) -> None:
    give_sheets(session, case.contest, judged, [{"novelty": "5"}, {"novelty": "25"}])
    above = give_sheets(session, case.contest, judged, [{"novelty": "5"}, {"novelty": "25", "use.easy": "5.5"}])

    (found,) = find_gaps(session, contest=case.contest, judged=judged)

    assert found.entry.alias == above.alias
    assert found.size == exact(Decimal("20.5"))
    assert found.totals == (30, exact(Decimal("50.5")))


def test_find_gaps_of_a_round_without_the_rule_asks_nothing(session: Session, case: Case, judged: Round) -> None:
    give_sheets(session, case.contest, judged, [{"novelty": "0"}, {"novelty": "30"}])

    assert len(aliases(session, case, judged)) == 1
    assert find_gaps(session, contest=case.contest, judged=replace(judged, gap_rule=GapRule.OFF)) == ()


def test_find_gaps_says_nothing_of_an_entry_that_waits_for_a_sheet(session: Session, case: Case, judged: Round) -> None:
    entry = give_sheets(session, case.contest, judged, [{"novelty": "0"}, {"novelty": "30"}])
    judge = factories.make_judge(session, case.contest)
    factories.make_assignment(session, entry, judge, round_key=judged.key, state="draft")

    assert aliases(session, case, judged) == []


def test_find_gaps_does_not_trust_totals_from_before_an_amendment(session: Session, case: Case, judged: Round) -> None:
    # Under the old rubric all totals lay between 0 and 1.
    before = replace(judged, rubric=replace(judged.rubric, total=Decimal(1)))
    entry = give_sheets(session, case.contest, before, [{"novelty": "0"}, {"novelty": "30"}])

    assert aliases(session, case, judged) == [entry.alias]


def test_find_gaps_leaves_a_consensus_sheet_aside(session: Session, case: Case, judged: Round) -> None:
    entry = give_sheets(session, case.contest, judged, [{}, {}])
    reading = factories.make_assignment(
        session, entry, factories.make_judge(session, case.contest), round_key=judged.key
    )
    marks = {key: Decimal(mark) for key, mark in {**HALF, "novelty": "30", "form": "15"}.items()}
    factories.make_sheet(session, reading, judged, marks=marks, consensus=True)

    assert aliases(session, case, judged) == []


def test_find_gaps_is_what_adding_up_every_sheet_finds(session: Session, case: Case, judged: Round) -> None:
    draw = Random(2021)
    for _ in range(25):
        around = draw.randint(3, 26)
        give_sheets(
            session,
            case.contest,
            judged,
            [
                {"novelty": str(draw.randint(around - 3, around + 3)), "form": str(draw.choice((2, 5, 8)))}
                for _ in range(draw.randint(1, 4))
            ],
        )

    found = {one.entry.alias: one.size for one in find_gaps(session, contest=case.contest, judged=judged)}

    sheets: dict[str, list[Any]] = {}
    for ballot in load_ballots(session, contest=case.contest, round_key=judged.key):
        sheets.setdefault(ballot.entry, []).append(ballot)
    wide = {alias: size for alias, own in sheets.items() if (size := gap(judged, own)) > 20}
    assert found == wide
    assert 0 < len(wide) < 25
