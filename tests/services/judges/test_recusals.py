"""Conflicts of interest and recusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.db.models import AuditEvent, Conflict, ContestRound
from judging.domain.conflicts import ConflictKind
from judging.domain.permissions import Role
from judging.errors import Conflict as NotNow
from judging.errors import NotAllowed, NotFound, Refused
from judging.services.judges.conflicts.recusals import declare_conflict, declare_conflicts, recuse
from judging.services.sheets.readings import find_reading
from tests.factories import NOW, make_assignment, make_entry, make_sheet
from tests.services.sheets.cases import add_colleague, make_case, office

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from tests.services.sheets.cases import Case


@pytest.fixture
def case(session: Session, registry: Registry) -> Case:
    return make_case(session, registry)


def test_recuse_takes_the_entry_out_of_the_judges_sight_at_once(
    session: Session, registry: Registry, case: Case
) -> None:
    find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)

    recuse(session, assignment=case.assignment, actor=case.actor, kind=ConflictKind.MENTOR, reason="", now=NOW)

    assert (case.assignment.state, case.assignment.reason) == ("recused", "Mentor of the entry")
    with pytest.raises(NotFound):
        find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "judge-recused")).one()
    assert event.details == {"judge": case.judge.alias, "entry": case.entry.alias, "kind": "mentor"}


def test_recuse_covers_the_rounds_to_come(session: Session, case: Case) -> None:
    later = make_assignment(session, case.entry, case.judge, round_key="final")

    recuse(session, assignment=case.assignment, actor=case.actor, kind=ConflictKind.SPOUSE, reason="", now=NOW)

    assert later.state == "recused"


def test_recuse_for_another_reason_asks_for_it(session: Session, case: Case) -> None:
    with pytest.raises(Refused):
        recuse(session, assignment=case.assignment, actor=case.actor, kind=ConflictKind.OTHER, reason=" ", now=NOW)
    assert case.assignment.state == "assigned"


def test_recuse_by_a_colleague_is_refused_and_by_the_desk_is_not(session: Session, case: Case) -> None:
    colleague = add_colleague(session, case)
    with pytest.raises(NotAllowed):
        recuse(session, assignment=case.assignment, actor=colleague.actor, kind=ConflictKind.CHILD, reason="", now=NOW)

    desk = office(session, case, Role.SECRETARY)
    found = recuse(session, assignment=case.assignment, actor=desk, kind=ConflictKind.CHILD, reason="told", now=NOW)

    assert (found.source, found.by_id, found.reason) == ("office", desk.account_id, "told")


def test_recuse_after_submitting_works_while_the_round_is_open_only(session: Session, case: Case) -> None:
    make_sheet(session, case.assignment, case.judged)
    stage = session.scalars(select(ContestRound).where(ContestRound.key == "preliminary")).one()
    stage.state = "closed"
    session.flush()
    with pytest.raises(NotNow):
        recuse(session, assignment=case.assignment, actor=case.actor, kind=ConflictKind.IN_LAW, reason="", now=NOW)
    stage.state = "open"
    session.flush()

    recuse(session, assignment=case.assignment, actor=case.actor, kind=ConflictKind.IN_LAW, reason="", now=NOW)

    assert case.assignment.state == "recused"


def test_declare_conflict_again_revives_the_withdrawn_row(session: Session, case: Case) -> None:
    values: dict[str, Any] = {
        "judge": case.judge,
        "entry": case.entry,
        "kind": ConflictKind.TEACHER,
        "actor": case.actor,
        "now": NOW,
    }
    first = declare_conflict(session, reason="class 9A", **values)
    first.withdrawn_at = NOW
    session.flush()

    second = declare_conflict(session, reason="class 9B", **values)

    assert (second.id, second.withdrawn_at, second.reason) == (first.id, None, "class 9B")
    assert len(session.scalars(select(Conflict)).all()) == 1


def test_declare_conflicts_recuses_from_those_named_and_remembers_the_day(session: Session, case: Case) -> None:
    case.judge.conflicts_declared_at = None
    other = make_assignment(session, make_entry(session, case.contest), case.judge, round_key="preliminary")

    count = declare_conflicts(
        session, judge=case.judge, actor=case.actor, now=NOW,
        kinds={case.assignment: None, other: ConflictKind.SAME_UNIT},
    )  # fmt: skip

    assert count == 1
    assert (case.assignment.state, other.state, case.judge.conflicts_declared_at) == ("assigned", "recused", NOW)


def test_declare_conflicts_for_somebody_else_is_refused(session: Session, case: Case) -> None:
    colleague = add_colleague(session, case)

    with pytest.raises(NotAllowed):
        declare_conflicts(session, judge=case.judge, actor=colleague.actor, kinds={}, now=NOW)
