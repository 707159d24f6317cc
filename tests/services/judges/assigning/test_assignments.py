from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy.orm import Session

from judging.db.models import Assignment, Entry, Judge
from judging.db.models import Conflict as ConflictRow
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.judges.assigning.assignments import (
    AssignmentPlan,
    add_assignment,
    apply_plan,
    plan_round,
)
from judging.services.judges.assigning.removal import release_judge, remove_assignment
from judging.services.judges.conflicts.office import search_conflicts, withdraw_conflict
from tests.factories import NOW, make_account, make_assignment, make_entry, make_judge
from tests.services.office import PRELIMINARY, Office, hold_contest, set_round


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    made = hold_contest(session, registry, entries=8, judges=6, state="eligible")
    set_round(session, made, PRELIMINARY, "pending")
    return made


def _plan(session: Session, registry: Registry, held: Office) -> AssignmentPlan:
    return plan_round(session, registry=registry, contest=held.contest, round_key=PRELIMINARY)


def _apply(session: Session, registry: Registry, held: Office, seal: str | None = None) -> int:
    return apply_plan(
        session, registry=registry, contest=held.contest, round_key=PRELIMINARY,
        seal=_plan(session, registry, held).seal if seal is None else seal, actor=held.organiser, now=NOW,
    )  # fmt: skip


def _conflict(session: Session, held: Office, judge: Judge, entry: Entry, **values: Any) -> ConflictRow:
    row = ConflictRow(
        contest_id=held.contest.id, judge_id=judge.id, entry_id=entry.id, kind="teacher", source="declared", at=NOW,
        **values,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_plan_fills_every_place_evenly(session: Session, registry: Registry, held: Office) -> None:
    planned = _plan(session, registry, held)

    assert Counter(entry for _judge, entry in planned.plan.pairs) == {entry.alias: 3 for entry in held.entries}
    assert planned.loads == (4, 4, 4, 4, 4, 4)


def test_applied_plan_is_the_one_that_was_shown(session: Session, registry: Registry, held: Office) -> None:
    planned = _plan(session, registry, held)

    assert _apply(session, registry, held, planned.seal) == 24
    session.flush()
    made = {(one.judge.alias, one.entry.alias) for one in session.query(Assignment)}
    assert made == set(planned.plan.pairs)
    assert _plan(session, registry, held).plan.pairs == ()


def test_plan_that_changed_since_is_refused(session: Session, registry: Registry, held: Office) -> None:
    seal = _plan(session, registry, held).seal
    make_assignment(session, held.entries[0], held.judges[0], round_key=PRELIMINARY)

    with pytest.raises(Conflict):
        _apply(session, registry, held, seal)


def test_plan_never_pairs_a_conflict_or_an_own_entry(session: Session, registry: Registry, held: Office) -> None:
    _conflict(session, held, held.judges[0], held.entries[0])
    own = make_entry(session, held.contest, owner=held.judges[1].account)

    planned = _plan(session, registry, held)

    assert (held.judges[0].alias, held.entries[0].alias) not in planned.plan.pairs
    assert (held.judges[1].alias, own.alias) not in planned.plan.pairs


def test_withdrawn_conflict_no_longer_forbids(session: Session, registry: Registry, held: Office) -> None:
    _conflict(session, held, held.judges[0], held.entries[0], withdrawn_at=NOW)

    assert (held.judges[0].alias, held.entries[0].alias) not in _plan(session, registry, held).forbidden


def test_judge_who_drops_out_is_replaced_with_the_least_change(
    session: Session, registry: Registry, held: Office
) -> None:
    _apply(session, registry, held)
    gone = held.judges[0]
    kept = {(one.judge.alias, one.entry.alias) for one in session.query(Assignment) if one.judge_id != gone.id}

    freed = release_judge(
        session, contest=held.contest, round_key=PRELIMINARY, judge=gone, reason="Ill", actor=held.organiser, now=NOW
    )
    session.flush()
    _apply(session, registry, held)
    session.flush()

    live = {(one.judge.alias, one.entry.alias) for one in session.query(Assignment).filter_by(state="assigned")}
    assert freed == 4
    assert kept < live
    assert len(live) == 24
    assert not any(alias == gone.alias for alias, _entry in live)


def test_entries_enter_an_open_round_when_they_get_a_judge(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=2, state="eligible")

    _apply(session, registry, held)

    assert [(one.state, one.round) for one in held.entries] == [("in-round", PRELIMINARY)] * 2


def test_pair_with_a_conflict_is_refused(session: Session, registry: Registry, held: Office) -> None:
    _conflict(session, held, held.judges[0], held.entries[0])

    with pytest.raises(Conflict):
        add_assignment(
            session, registry=registry, contest=held.contest, round_key=PRELIMINARY, entry=held.entries[0],
            judge=held.judges[0], actor=held.organiser, now=NOW,
        )  # fmt: skip


def test_removed_sheet_stays_with_its_reason_and_is_not_given_back(
    session: Session, registry: Registry, held: Office
) -> None:
    sheet = make_assignment(session, held.entries[0], held.judges[0], round_key=PRELIMINARY)

    with pytest.raises(Refused):
        remove_assignment(session, contest=held.contest, assignment=sheet, reason="", actor=held.organiser, now=NOW)
    remove_assignment(
        session, contest=held.contest, assignment=sheet, reason="Wrong panel", actor=held.organiser, now=NOW
    )
    session.flush()

    assert (sheet.state, sheet.reason) == ("reassigned", "Wrong panel")
    assert (held.judges[0].alias, held.entries[0].alias) not in _plan(session, registry, held).plan.pairs


def test_submitted_sheet_cannot_be_removed(session: Session, registry: Registry, held: Office) -> None:
    sheet = make_assignment(session, held.entries[0], held.judges[0], round_key=PRELIMINARY, state="submitted")

    with pytest.raises(Conflict):
        remove_assignment(session, contest=held.contest, assignment=sheet, reason="Late", actor=held.organiser, now=NOW)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMMITTEE, Role.JUDGE])
def test_assigning_is_the_desks(session: Session, registry: Registry, held: Office, role: Role) -> None:
    other = Actor(account_id=held.desk.id, roles=frozenset({role}))

    with pytest.raises(NotAllowed):
        apply_plan(
            session, registry=registry, contest=held.contest, round_key=PRELIMINARY, seal="", actor=other, now=NOW
        )


def test_search_finds_namesakes_mentors_and_units_once(session: Session, registry: Registry, held: Office) -> None:
    same = make_judge(session, held.contest, account=make_account(session, name="Nông Mẫu Bình"), unit="THPT Khác")
    entry = held.entries[0]
    entry.answers = {"mentor": held.judges[0].account.name}
    session.flush()

    found = search_conflicts(session, contest=held.contest, actor=held.organiser, now=NOW)
    session.flush()

    kinds = {(one.judge_id, one.entry_id, one.kind) for one in session.query(ConflictRow)}
    assert (held.judges[0].id, entry.id, "mentor") in kinds
    assert {(same.id, one.id, "same-name") for one in held.entries} <= kinds
    assert found == len(kinds)
    assert search_conflicts(session, contest=held.contest, actor=held.organiser, now=NOW) == 0


def test_conflict_set_aside_is_not_found_again(session: Session, registry: Registry, held: Office) -> None:
    held.entries[0].answers = {"mentor": held.judges[0].account.name}
    session.flush()
    search_conflicts(session, contest=held.contest, actor=held.organiser, now=NOW)
    session.flush()

    row = session.query(ConflictRow).one()
    withdraw_conflict(session, contest=held.contest, conflict=row, reason="Namesake", actor=held.organiser, now=NOW)
    session.flush()

    assert search_conflicts(session, contest=held.contest, actor=held.organiser, now=NOW) == 0
    assert (held.judges[0].alias, held.entries[0].alias) not in _plan(session, registry, held).forbidden
