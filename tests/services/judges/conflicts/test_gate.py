"""The one place that is asked: it follows a change at once, and asks the database as often for many as for few."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select

from judging.db.models import Conflict
from judging.domain.conflicts import ConflictKind
from judging.services.judges.conflicts.finding import active_judges, entries_in_play
from judging.services.judges.conflicts.freshness import keep_conflicts
from judging.services.judges.conflicts.gate import barred_pairs, is_barred
from judging.services.judges.conflicts.statements import Tie, declare_units
from tests.factories import NOW, make_assignment, make_entry, make_judge
from tests.services.judges.conflicts.cases import itself
from tests.services.office import PRELIMINARY, hold_contest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from judging.db.models import Entry, Judge
    from judging.db.session import Database
    from judging.plugins import Registry


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def _change_judge(judge: Judge, entry: Entry, what: str) -> None:
    if what == "unit":
        judge.unit = entry.unit
    elif what == "name":
        judge.account.name = entry.members[0].name
    else:
        judge.account.email_key = "x@sample.edu.vn"


def _change_entry(judge: Judge, entry: Entry, what: str) -> None:
    if what == "unit":
        entry.unit = "THCS Giám Khảo"
    elif what == "mentor":
        entry.answers = {"mentor": judge.account.name}
    elif what == "owner":
        entry.owner_id = judge.account_id
    elif what == "author's address":
        entry.members[0].email = judge.account.email
    else:
        entry.members[0].unit = "THCS Giám Khảo"


CHANGES = [
    *((_change_judge, what) for what in ("unit", "name", "address")),
    *((_change_entry, what) for what in ("unit", "mentor", "owner", "author's address", "author's unit")),
]


@pytest.mark.parametrize(("change", "what"), CHANGES)
def test_change_that_makes_a_conflict_takes_sight_in_the_same_unit_of_work(
    database: Database, registry: Registry, change: Callable[[Judge, Entry, str], None], what: str
) -> None:
    keep_conflicts(database, clock=lambda: NOW)
    with database.writing() as session:
        held = hold_contest(session, registry, entries=1, judges=1)
        judge, entry = held.judges[0], held.entries[0]
        judge.unit = "THCS Giám Khảo" if change is _change_entry else ""
        entry.members[0].email = "y@sample.edu.vn"
        make_assignment(session, entry, judge, round_key=PRELIMINARY)
    with database.reading() as session:
        assert not is_barred(session, judge_id=judge.id, entry_id=entry.id)

    with database.writing() as session:
        change(session.get_one(type(judge), judge.id), session.get_one(type(entry), entry.id), what)

    with database.reading() as session:
        assert is_barred(session, judge_id=judge.id, entry_id=entry.id)


def test_conflict_that_the_data_no_longer_show_bars_until_somebody_has_looked(
    database: Database, registry: Registry
) -> None:
    keep_conflicts(database, clock=lambda: NOW)
    with database.writing() as session:
        held = hold_contest(session, registry, entries=1, judges=1)
        judge, entry = held.judges[0], held.entries[0]
        judge.unit = entry.unit
    with database.writing() as session:
        session.get_one(type(judge), judge.id).unit = "Elsewhere"

    with database.reading() as session:
        row = session.scalars(select(Conflict)).one()
        assert (row.unseen_at, is_barred(session, judge_id=judge.id, entry_id=entry.id)) == (NOW, True)


def test_work_on_drafts_looks_for_nothing(database: Database, registry: Registry) -> None:
    with database.writing() as session:
        held = hold_contest(session, registry, entries=1, judges=1)
        held.entries[0].state = "draft"

    def write() -> int:
        with counted(database.engine) as statements, database.writing() as session:
            entry = session.get_one(type(held.entries[0]), held.entries[0].id)
            entry.unit, entry.members[0].unit = f"{entry.unit}1", f"{entry.unit}2"
        return len(statements)

    before = write()
    keep_conflicts(database, clock=lambda: NOW)
    assert write() == before


def test_gate_asks_as_often_for_many_as_for_few(database: Database, registry: Registry) -> None:
    with database.writing() as session:
        held = hold_contest(session, registry, entries=2, judges=2)
        held.judges[0].unit = held.entries[0].unit
        declare_units(
            session, judge=held.judges[1], ties=[Tie("THPT Mẫu", ConflictKind.CHILD)], actor=itself(held.judges[1]),
            now=NOW,
        )  # fmt: skip

    def asked() -> int:
        with database.reading() as session:
            judges, entries = active_judges(session, held.contest.id), entries_in_play(session, held.contest.id)
            with counted(database.engine) as statements:
                barred_pairs(session, contest=held.contest, entries=entries, judges=judges)
        return len(statements)

    few = asked()
    with database.writing() as session:
        contest = session.get_one(type(held.contest), held.contest.id)
        for number in range(6):
            made = make_judge(session, contest, unit="THCS Mẫu 12")
            make_entry(session, contest, owner=made.account if number % 2 else None)
    assert asked() == few
