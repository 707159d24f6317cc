"""Conflicts are found in the data, and no plan pairs whom a conflict keeps apart; a surname is a hint only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.db.models import Assignment, Conflict, PeopleLink
from judging.domain.conflicts import ConflictKind
from judging.errors import Conflict as NotNow
from judging.errors import NotAllowed, Refused
from judging.services.judges.assigning.assignments import add_assignment, apply_plan, plan_round
from judging.services.judges.conflicts.gate import check_pair, is_barred
from judging.services.judges.conflicts.hints import surname_hints
from judging.services.judges.conflicts.office import search_conflicts, set_terms
from judging.services.judges.conflicts.recusals import declare_conflict
from tests.factories import NOW, make_contest, make_entry
from tests.services.judges.conflicts.cases import barred, itself
from tests.services.office import PRELIMINARY

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Entry
    from judging.plugins import Registry
    from tests.services.office import Office


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
