from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from judging.db.models import Judge
from judging.domain.lifecycle import SheetState, is_locked
from judging.domain.values import Standing
from judging.plugins import Registry
from judging.services.results.standings import load_ballots, round_standings
from judging.services.rounds.entries import locked_entry_ids
from tests.factories import even_marks, make_assignment, make_sheet
from tests.services.office import PRELIMINARY, Office, hold_contest, score_entry


def _standings(
    session: Session, registry: Registry, held: Office, *, only_locked: bool = False
) -> tuple[Standing, ...]:
    return round_standings(
        session, registry=registry, contest=held.contest, round_key=PRELIMINARY, only_locked=only_locked
    )


def test_standings_of_scored_entries_equal_a_recount_by_hand(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry)
    judged = held.rules.rounds[0]
    score_entry(session, held, held.entries[0], ["0.5", "0.6", "0.7"])
    score_entry(session, held, held.entries[1], ["0.9", "0.8", "0.7"])

    found = _standings(session, registry, held)

    by_hand = {
        entry.alias: sum(
            (Fraction(mark) for share in shares for mark in even_marks(judged, Decimal(share)).values()), Fraction(0)
        )
        / 3
        for entry, shares in ((held.entries[0], ("0.5", "0.6", "0.7")), (held.entries[1], ("0.9", "0.8", "0.7")))
    }
    assert {one.entry: one.score.value for one in found} == by_hand
    assert [one.entry for one in found] == [held.entries[1].alias, held.entries[0].alias]


def test_ballots_come_from_the_newest_version(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=1, judges=1)
    assignment = make_assignment(session, held.entries[0], held.judges[0], round_key=PRELIMINARY)
    judged = held.rules.rounds[0]
    make_sheet(session, assignment, judged, marks=even_marks(judged, Decimal("0.2")))
    make_sheet(session, assignment, judged, marks=even_marks(judged, Decimal("0.9")))

    (ballot,) = load_ballots(session, contest=held.contest, round_key=PRELIMINARY)

    assert ballot.marks == even_marks(judged, Decimal("0.9"))


def test_reopened_sheet_counts_as_missing(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=1, judges=2, shares=("0.8",))
    reopened = make_assignment(session, held.entries[0], _third(session, held), round_key=PRELIMINARY)
    make_sheet(session, reopened, held.rules.rounds[0], marks=even_marks(held.rules.rounds[0], Decimal("0.1")))
    reopened.state = "reopened"
    session.flush()

    (standing,) = _standings(session, registry, held)

    assert standing.score.used == 2


def test_withdrawn_entry_has_no_standing(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, shares=("0.8", "0.7", "0.6"))
    held.entries[0].state = "withdrawn"
    session.flush()

    assert [one.entry for one in _standings(session, registry, held)] == [one.alias for one in held.entries[1:]]


def test_only_locked_leaves_out_an_entry_that_waits_for_a_sheet(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=2, judges=2, shares=("0.9", "0.5"))
    make_assignment(session, held.entries[0], _third(session, held), round_key=PRELIMINARY)

    assert [one.entry for one in _standings(session, registry, held, only_locked=True)] == [held.entries[1].alias]
    assert next(one.entry for one in _standings(session, registry, held)) == held.entries[0].alias


def test_locked_entries_in_the_database_are_those_of_the_rule(session: Session, registry: Registry) -> None:
    pairs = [(one, other) for one in SheetState for other in SheetState]
    held = hold_contest(session, registry, entries=len(pairs), judges=2)
    for entry, states in zip(held.entries, pairs, strict=True):
        for judge, state in zip(held.judges, states, strict=True):
            make_assignment(session, entry, judge, round_key=PRELIMINARY, state=state.value)

    locked = set(session.scalars(locked_entry_ids(held.contest, PRELIMINARY)))

    assert locked == {entry.id for entry, states in zip(held.entries, pairs, strict=True) if is_locked(states)}


def _third(session: Session, held: Office) -> Judge:
    from tests.factories import make_judge

    return make_judge(session, held.contest, panel=held.panel)
