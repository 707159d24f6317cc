"""A plan mended with the least change, in one act."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from judging.db.models import Assignment, AuditEvent, Entry, Judge
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.judges.assigning.assignments import apply_plan, plan_round
from judging.services.judges.assigning.repair import RepairPlan, apply_repair, plan_repair
from tests.factories import NOW, make_judge
from tests.services.office import PRELIMINARY, Office, hold_contest, set_round

Pairs = set[tuple[str, str]]


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    """Eight entries read by three of six judges each, four apiece, as planned."""
    made = hold_contest(session, registry, entries=8, judges=6, state="eligible")
    set_round(session, made, PRELIMINARY, "open")
    seal = plan_round(session, registry=registry, contest=made.contest, round_key=PRELIMINARY).seal
    apply_plan(
        session, registry=registry, contest=made.contest, round_key=PRELIMINARY, seal=seal, actor=made.organiser,
        now=NOW,
    )  # fmt: skip
    session.flush()
    return made


def _repair(session: Session, registry: Registry, held: Office, leaving: Judge | None = None) -> RepairPlan:
    return plan_repair(session, registry=registry, contest=held.contest, round_key=PRELIMINARY, leaving=leaving)


def _apply(
    session: Session, registry: Registry, held: Office, leaving: Judge | None = None, *, reason: str = "Ill",
    seal: str | None = None, actor: Actor | None = None,
) -> RepairPlan:  # fmt: skip
    made = apply_repair(
        session, registry=registry, contest=held.contest, round_key=PRELIMINARY,
        seal=_repair(session, registry, held, leaving).seal if seal is None else seal, reason=reason,
        actor=actor or held.organiser, now=NOW, leaving=leaving,
    )  # fmt: skip
    session.flush()
    return made


def _live(session: Session, *states: str) -> Pairs:
    rows = session.query(Assignment).filter(Assignment.state.in_(states or ("assigned", "draft", "submitted")))
    return {(one.judge.alias, one.entry.alias) for one in rows}


def _sheet(session: Session, judge: Judge, number: int = 0) -> Assignment:
    return session.query(Assignment).filter_by(judge_id=judge.id).order_by(Assignment.position).all()[number]


def test_judge_who_drops_out_is_replaced_in_one_act_and_nobody_else_moves(
    session: Session, registry: Registry, held: Office
) -> None:
    gone, before = held.judges[0], _live(session)
    shown = _repair(session, registry, held, gone)
    assert _live(session) == before

    made = _apply(session, registry, held, gone)

    kept = {pair for pair in before if pair[0] != gone.alias}
    assert set(shown.repair.lost) == before - kept
    assert _live(session) == kept | set(shown.repair.plan.pairs)
    assert (made.repair.removed, len(made.repair.plan.pairs), len(_live(session))) == ((), 4, 24)
    assert not gone.is_active
    assert [one.details["lost"] for one in session.query(AuditEvent).filter_by(action="assignment-repaired")] == [4]


def test_submitted_sheets_of_a_judge_who_drops_out_stay_and_count(
    session: Session, registry: Registry, held: Office
) -> None:
    gone = held.judges[0]
    done = _sheet(session, gone)
    done.state = "submitted"
    session.flush()

    _apply(session, registry, held, gone)

    assert done.state == "submitted"
    assert len(_live(session)) == 24
    assert plan_round(session, registry=registry, contest=held.contest, round_key=PRELIMINARY).plan.pairs == ()


def test_begun_readings_of_the_judge_who_leaves_are_named(session: Session, registry: Registry, held: Office) -> None:
    gone = held.judges[0]
    begun = _sheet(session, gone)
    begun.state, begun.draft_version = "draft", 1
    session.flush()

    shown = _repair(session, registry, held, gone)

    assert shown.begun == {(gone.alias, begun.entry.alias)}
    assert shown.begun < set(shown.repair.lost)


def test_late_judge_gets_a_share_from_readings_that_nobody_has_begun(
    session: Session, registry: Registry, held: Office
) -> None:
    for judge in held.judges:
        for number in range(3):
            _sheet(session, judge, number).state = "draft"
    session.flush()
    begun, before = _live(session, "draft"), _live(session)
    late = make_judge(session, held.contest, panel=held.panel)

    made = _apply(session, registry, held, reason="")

    assert len(made.repair.removed) == len(made.repair.plan.pairs) == 3
    assert {judge for judge, _ in made.repair.plan.pairs} == {late.alias}
    assert begun < _live(session)
    assert len(_live(session)) == len(before)
    assert _repair(session, registry, held).changes == 0


def test_repair_that_changed_since_is_refused(session: Session, registry: Registry, held: Office) -> None:
    seal = _repair(session, registry, held, held.judges[0]).seal
    _sheet(session, held.judges[1]).state = "draft"
    _sheet(session, held.judges[0]).state = "submitted"
    session.flush()

    with pytest.raises(Conflict):
        _apply(session, registry, held, held.judges[0], seal=seal)


def test_judge_drops_out_with_a_reason_only(session: Session, registry: Registry, held: Office) -> None:
    with pytest.raises(Refused):
        _apply(session, registry, held, held.judges[0], reason=" ")


def test_repair_is_the_desks_and_for_rounds_that_go_on(session: Session, registry: Registry, held: Office) -> None:
    auditor = Actor(account_id=held.desk.id, roles=frozenset({Role.AUDITOR}))
    with pytest.raises(NotAllowed):
        _apply(session, registry, held, held.judges[0], actor=auditor)

    set_round(session, held, PRELIMINARY, "closed")
    with pytest.raises(Conflict):
        _apply(session, registry, held, held.judges[0])


def test_plan_without_faults_is_left_alone(session: Session, registry: Registry, held: Office) -> None:
    assert _repair(session, registry, held).changes == 0
    assert session.query(Entry).count() == 8
