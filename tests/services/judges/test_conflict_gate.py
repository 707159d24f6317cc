"""Conflicts of interest: found in the data, declared, set, set aside, lifted by two persons, asked in one place."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select

from judging.db.models import Assignment, AuditEvent, Conflict, ConflictStatement, LogLeaf, PeopleLink
from judging.domain.conflicts import ConflictKind
from judging.domain.ledger.leaves import read_leaf
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict as NotNow
from judging.errors import NotAllowed, NotFound, Refused
from judging.services.judges.assigning.assignments import add_assignment, apply_plan, plan_round
from judging.services.judges.conflicts.finding import active_judges, entries_in_play
from judging.services.judges.conflicts.forcing import decide_force, propose_force, withdraw_force
from judging.services.judges.conflicts.freshness import keep_conflicts
from judging.services.judges.conflicts.gate import barred_pairs, check_pair, is_barred
from judging.services.judges.conflicts.hints import surname_hints
from judging.services.judges.conflicts.office import (
    search_conflicts,
    set_conflict,
    set_terms,
    take_judge_off,
    withdraw_conflict,
)
from judging.services.judges.conflicts.recusals import declare_conflict
from judging.services.judges.conflicts.statements import Tie, declare_units, set_unit_conflict, withdraw_statement
from judging.services.sheets.readings import find_reading
from tests.factories import NOW, give_role, make_account, make_assignment, make_contest, make_entry, make_judge
from tests.services.office import PRELIMINARY, Office, hold_contest, set_round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

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


WHY = "No other judge knows this field."


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    made = hold_contest(session, registry, entries=4, judges=6, state="eligible")
    set_round(session, made, PRELIMINARY, "pending")
    return made


@pytest.fixture
def second(session: Session, held: Office) -> Actor:
    account = make_account(session)
    give_role(session, held.contest, account, "committee")
    return Actor(account_id=account.id, roles=frozenset({Role.COMMITTEE}))


def itself(judge: Judge) -> Actor:
    return Actor(account_id=judge.account_id, roles=frozenset({Role.JUDGE}))


def barred(session: Session, held: Office) -> set[tuple[int, int]]:
    """The places of judges and entries that no plan may pair."""
    judges = {one.alias: place for place, one in enumerate(held.judges)}
    entries = {one.alias: place for place, one in enumerate(held.entries)}
    found = barred_pairs(session, contest=held.contest, entries=held.entries, judges=held.judges)
    return {(judges[judge], entries[entry]) for judge, entry in found}


def link(session: Session, entry: Entry, role: str, **values: Any) -> None:
    session.add(PeopleLink(entry_id=entry.id, role=role, asked_at=NOW, **values))
    session.flush()


def tie_everybody(session: Session, registry: Registry, held: Office) -> None:
    """Every judge but the last is tied to the first entry, each in another way."""
    school, domain, guardian, declared, earlier, surname = held.judges
    entry = held.entries[0]
    entry.unit, school.unit = "Trường THPT Chu Văn An", "THPT Chu Van An"
    entry.members[0].email = "binh@chuvanan.edu.vn"
    domain.account.email_key = "hieu-truong@chuvanan.edu.vn"
    link(session, entry, "guardian", name="Bà Hoàng Thị Én", member_id=entry.members[0].id)
    guardian.account.name = "Hoàng Thị Én"
    declare_conflict(
        session, judge=declared, entry=entry, kind=ConflictKind.SIBLING, reason="", actor=itself(declared), now=NOW
    )
    edition = make_contest(session, registry)
    make_entry(session, edition, owner=earlier.account, members=[{"name": "Bình", "email": "binh@chuvanan.edu.vn"}])
    surname.account.name = "Nông Văn Mẫu"
    session.flush()


def test_plan_keeps_every_tie_apart_and_a_surname_is_a_hint_only(
    session: Session, registry: Registry, held: Office
) -> None:
    """T13: school, mail domain, guardian, declared link and earlier work bar; the surname does not."""
    tie_everybody(session, registry, held)

    assert barred(session, held) == {(judge, 0) for judge in range(5)}
    planned = plan_round(session, registry=registry, contest=held.contest, round_key=PRELIMINARY)
    apply_plan(
        session, registry=registry, contest=held.contest, round_key=PRELIMINARY, seal=planned.seal,
        actor=held.organiser, now=NOW,
    )  # fmt: skip
    of_first = session.scalars(select(Assignment.judge_id).where(Assignment.entry_id == held.entries[0].id)).all()
    assert of_first == [held.judges[5].id]
    for judge in held.judges[:5]:
        with pytest.raises(NotNow):
            add_assignment(
                session, registry=registry, contest=held.contest, round_key=PRELIMINARY, entry=held.entries[0],
                judge=judge, actor=held.organiser, now=NOW,
            )  # fmt: skip
    hints = surname_hints(session, contest=held.contest, limit=10)
    assert (held.judges[5], held.entries[0], ("Nông Mẫu Bình",)) in hints


def test_search_keeps_what_the_plan_sees(session: Session, registry: Registry, held: Office) -> None:
    tie_everybody(session, registry, held)

    assert search_conflicts(session, contest=held.contest, actor=held.organiser, now=NOW) == 4

    rows = session.execute(select(Conflict.kind, Conflict.source, Conflict.bars).order_by(Conflict.kind)).all()
    assert rows == [
        ("coauthor", "detected", True), ("guardian", "detected", True), ("mail-domain", "detected", True),
        ("same-unit", "detected", True), ("sibling", "declared", True),
    ]  # fmt: skip
    assert barred(session, held) == {(judge, 0) for judge in range(5)}


def test_kind_that_is_a_hint_no_longer_bars_and_own_work_always_does(
    session: Session, registry: Registry, held: Office
) -> None:
    held.judges[0].unit = held.entries[0].unit
    held.entries[1].members[0].email = held.judges[1].account.email
    session.flush()
    search_conflicts(session, contest=held.contest, actor=held.organiser, now=NOW)
    whole = {(0, place) for place in range(4)} | {(1, 1)}
    assert barred(session, held) == whole

    set_terms(session, contest=held.contest, hints=[ConflictKind.SAME_UNIT], actor=held.organiser, now=NOW)

    assert barred(session, held) == {(1, 1)}
    assert not is_barred(session, judge_id=held.judges[0].id, entry_id=held.entries[0].id)
    with pytest.raises(Refused):
        set_terms(session, contest=held.contest, hints=[ConflictKind.OWN], actor=held.organiser, now=NOW)
    set_terms(session, contest=held.contest, hints=[], actor=held.organiser, now=NOW)
    assert barred(session, held) == whole
    check = pytest.raises(NotAllowed)
    with check:
        check_pair(session, judge_id=held.judges[0].id, entry_id=held.entries[0].id)


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


def propose(session: Session, registry: Registry, held: Office, **values: Any) -> Any:
    return propose_force(
        session, registry=registry, round_key=PRELIMINARY,
        **{
            "entry": held.entries[0], "judge": held.judges[0], "reason": WHY, "actor": held.organiser, "now": NOW,
            **values,
        },
    )  # fmt: skip


def test_force_needs_a_reason_a_conflict_and_a_second_person(
    session: Session, registry: Registry, held: Office, second: Actor
) -> None:
    with pytest.raises(NotNow):
        propose(session, registry, held)
    held.judges[0].unit = held.entries[0].unit
    session.flush()
    with pytest.raises(Refused):
        propose(session, registry, held, reason=" ")
    for actor in (second, Actor(account_id=held.desk.id, roles=frozenset({Role.SECRETARY})), itself(held.judges[1])):
        with pytest.raises(NotAllowed):
            propose(session, registry, held, actor=actor)
    forced = propose(session, registry, held)
    with pytest.raises(NotNow):
        propose(session, registry, held)
    with pytest.raises(NotAllowed):
        decide_force(session, registry=registry, forced=forced, actor=held.organiser, approve=True, now=NOW)
    pair = (held.judges[0].id, held.entries[0].id)
    assert session.scalars(select(Assignment)).all() == []
    assert is_barred(session, judge_id=pair[0], entry_id=pair[1])

    decide_force(session, registry=registry, forced=forced, actor=second, approve=True, now=NOW)

    made = session.scalars(select(Assignment)).one()
    assert (made.judge_id, made.entry_id) == pair
    assert not is_barred(session, judge_id=pair[0], entry_id=pair[1])
    assert find_reading(session, registry=registry, assignment=made, actor=itself(held.judges[0])).relation.scores
    # No plan makes the pair by itself.
    assert (0, 0) in barred(session, held)
    leaf = [read_leaf(raw) for raw in session.scalars(select(LogLeaf.entry).order_by(LogLeaf.idx)) if raw][-1]
    assert (leaf["type"], leaf["judge"], leaf["entry"]) == ("assign", held.judges[0].alias, held.entries[0].alias)
    assert leaf["by"] != leaf["approved_by"]
    assert WHY not in str(leaf)
    acts = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("force-%"))).all()
    assert sorted(acts) == ["force-approved", "force-proposed"]
    with pytest.raises(NotNow):
        decide_force(session, registry=registry, forced=forced, actor=second, approve=False, now=NOW)


def test_force_lifts_nothing_that_comes_up_later(
    session: Session, registry: Registry, held: Office, second: Actor
) -> None:
    judge, entry = held.judges[0], held.entries[0]
    judge.unit = entry.unit
    forced = propose(session, registry, held)
    entry.answers = {"mentor": judge.account.name}
    session.flush()
    with pytest.raises(NotNow), session.begin_nested():
        decide_force(session, registry=registry, forced=forced, actor=second, approve=True, now=NOW)
    search_conflicts(session, contest=held.contest, actor=held.organiser, now=NOW)
    entry.answers = {}
    session.flush()
    withdraw_conflict(
        session, contest=held.contest, reason="Was never the mentor", actor=held.organiser, now=NOW,
        conflict=session.scalars(select(Conflict).where(Conflict.kind == "mentor")).one(),
    )  # fmt: skip
    decide_force(session, registry=registry, forced=forced, actor=second, approve=True, now=NOW)
    assert not is_barred(session, judge_id=judge.id, entry_id=entry.id)

    declare_conflict(
        session, judge=judge, entry=entry, kind=ConflictKind.TEACHER, reason="", actor=itself(judge), now=NOW
    )

    assert is_barred(session, judge_id=judge.id, entry_id=entry.id)


def test_own_work_cannot_be_forced_by_anybody(session: Session, registry: Registry, held: Office) -> None:
    judge = held.judges[0]
    held.entries[1].owner_id = judge.account_id
    held.entries[2].members[0].email = judge.account.email.upper()
    session.flush()

    for entry in (held.entries[1], held.entries[2]):
        with pytest.raises(NotNow, match="own entry"):
            propose(session, registry, held, entry=entry)


def test_proposal_is_rejected_or_taken_back(session: Session, registry: Registry, held: Office, second: Actor) -> None:
    held.judges[0].unit = held.entries[0].unit
    first = propose(session, registry, held)
    decide_force(session, registry=registry, forced=first, actor=second, approve=False, now=NOW)
    another = propose(session, registry, held)
    with pytest.raises(NotAllowed):
        withdraw_force(session, forced=another, actor=second, now=NOW)
    withdraw_force(session, forced=another, actor=held.organiser, now=NOW)

    assert (first.state, another.state) == ("rejected", "withdrawn")
    assert session.scalars(select(Assignment)).all() == []


def test_second_person_is_none_who_judges_here(session: Session, registry: Registry, held: Office) -> None:
    held.judges[0].unit = held.entries[0].unit
    forced = propose(session, registry, held)
    give_role(session, held.contest, held.judges[1].account, "organiser")
    both = Actor(account_id=held.judges[1].account_id, roles=frozenset({Role.ORGANISER, Role.JUDGE}))

    with pytest.raises(NotAllowed):
        decide_force(session, registry=registry, forced=forced, actor=both, approve=True, now=NOW)


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
