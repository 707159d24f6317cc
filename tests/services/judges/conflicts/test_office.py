"""The office sets a conflict, and takes off judges whom one found later keeps away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.db.models import AuditEvent, Conflict, LogLeaf
from judging.domain.conflicts import ConflictKind
from judging.domain.ledger.leaves import read_leaf
from judging.domain.permissions import Actor, Role
from judging.errors import NotAllowed, NotFound, Refused
from judging.services.judges.conflicts.office import search_conflicts, set_conflict, take_judge_off
from judging.services.judges.conflicts.statements import Tie, set_unit_conflict
from judging.services.sheets.readings import find_reading
from tests.factories import NOW, make_assignment
from tests.services.judges.conflicts.cases import WHY, barred, itself
from tests.services.office import PRELIMINARY

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from tests.services.office import Office


def test_what_the_office_sets_takes_the_judge_off_and_is_in_the_log(
    session: Session, registry: Registry, held: Office
) -> None:
    judge, entry = held.judges[0], held.entries[0]
    reading = make_assignment(session, entry, judge, round_key=PRELIMINARY)
    judging = Actor(account_id=held.desk.id, roles=frozenset({Role.ORGANISER, Role.JUDGE}))
    given: dict[str, Any] = {"judge": judge, "entry": entry, "kind": ConflictKind.IN_LAW, "now": NOW}

    with pytest.raises(NotAllowed):
        set_conflict(session, reason=WHY, actor=judging, **given)
    with pytest.raises(Refused):
        set_conflict(session, reason="", actor=held.organiser, **given)
    set_conflict(session, reason="A neighbour wrote", actor=held.organiser, **given)

    assert reading.state == "recused"
    with pytest.raises(NotFound):
        find_reading(session, registry=registry, assignment=reading, actor=itself(judge))
    leaf = [read_leaf(raw) for raw in session.scalars(select(LogLeaf.entry).order_by(LogLeaf.idx)) if raw][-1]
    assert (leaf["type"], leaf["judge"], leaf["entry"]) == ("recuse", judge.alias, entry.alias)
    assert "neighbour" not in str(leaf)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "conflict-set")).one()
    assert event.details["ties"] == "in-law"
    assert event.details["reason"] == "A neighbour wrote"

    unit = Tie(held.entries[1].unit, ConflictKind.CHILD)
    set_unit_conflict(session, judge=held.judges[1], tie=unit, reason=WHY, actor=held.organiser, now=NOW)
    assert {(1, place) for place in range(4)} <= barred(session, held)


def test_judge_whom_a_conflict_found_later_keeps_away_can_be_taken_off(
    session: Session, registry: Registry, held: Office
) -> None:
    judge, entry = held.judges[0], held.entries[0]
    reading = make_assignment(session, entry, judge, round_key=PRELIMINARY)
    entry.answers = {"mentor": judge.account.name}
    session.flush()
    search_conflicts(session, contest=held.contest, actor=held.organiser, now=NOW)
    row = session.scalars(select(Conflict)).one()
    with pytest.raises(NotFound):
        find_reading(session, registry=registry, assignment=reading, actor=itself(judge))

    assert take_judge_off(session, conflict=row, reason="Is the mentor", actor=held.organiser, now=NOW) == 1

    assert reading.state == "recused"
