"""Units that judges name themselves: they bar for good, until the office withdraws them with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Conflict, ConflictStatement
from judging.domain.conflicts import ConflictKind
from judging.errors import NotAllowed, Refused
from judging.services.judges.conflicts.office import withdraw_conflict
from judging.services.judges.conflicts.statements import Tie, declare_units, withdraw_statement
from tests.factories import NOW, make_entry
from tests.services.judges.conflicts.cases import barred, itself

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.services.office import Office


def test_unit_that_a_judge_names_bars_from_entries_that_come_later(session: Session, held: Office) -> None:
    judge = held.judges[0]
    ties = [Tie("trường  THPT Hoà Bình", ConflictKind.CHILD)]

    assert declare_units(session, judge=judge, ties=ties, actor=itself(judge), now=NOW) == 1
    assert declare_units(session, judge=judge, ties=ties, actor=itself(judge), now=NOW) == 0
    assert barred(session, held) == set()

    held.entries[2].answers = {"school": "Trung học phổ thông Hòa Bình"}
    held.entries.append(make_entry(session, held.contest, unit="thpt hoa binh"))
    assert barred(session, held) == {(0, 2), (0, 4)}


def test_only_the_office_withdraws_a_unit_and_only_with_a_reason(session: Session, held: Office) -> None:
    judge = held.judges[0]
    judge.unit = held.entries[0].unit
    for entry in held.entries[1:]:
        entry.unit = "Đơn vị khác"
    session.flush()
    tie = Tie(held.entries[0].unit, ConflictKind.SAME_UNIT)
    declare_units(session, judge=judge, ties=[tie], actor=itself(judge), now=NOW)
    said = session.scalars(select(ConflictStatement)).one()

    with pytest.raises(NotAllowed):
        withdraw_statement(session, statement=said, reason="I moved", actor=itself(judge), now=NOW)
    with pytest.raises(Refused):
        withdraw_statement(session, statement=said, reason=" ", actor=held.organiser, now=NOW)
    withdraw_statement(session, statement=said, reason="A slip", actor=held.organiser, now=NOW)

    # The judge's own unit still says the same.
    assert barred(session, held) == {(0, 0)}
    row = session.scalars(select(Conflict)).one()
    assert (row.source, row.withdrawn_at, row.statement_id) == ("detected", None, None)
    withdraw_conflict(session, contest=held.contest, conflict=row, reason="Left it", actor=held.organiser, now=NOW)
    assert barred(session, held) == set()
    # Another unit than the one that was looked at.
    judge.unit = "Trường " + held.entries[0].unit
    session.flush()
    assert barred(session, held) == {(0, 0)}


def test_units_are_refused_with_the_row_that_is_wrong(session: Session, held: Office) -> None:
    judge = held.judges[0]
    ties = [Tie("THPT Mẫu", ConflictKind.TEACHER), Tie(" – ", ConflictKind.TEACHER), Tie("THPT A", ConflictKind.OWN)]

    with pytest.raises(Refused) as refused:
        declare_units(session, judge=judge, ties=ties, actor=itself(judge), now=NOW)

    assert [(one.where, one.code) for one in refused.value.problems] == [("1", "unit"), ("2", "kind")]
    with pytest.raises(NotAllowed):
        declare_units(session, judge=judge, ties=[], actor=itself(held.judges[1]), now=NOW)
