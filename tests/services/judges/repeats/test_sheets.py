"""The sheet of a repeat, at the judge's desk and in their order as any other, and told of nowhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from judging.db.models import AuditEvent, BlindRepeat, LogLeaf
from judging.domain.lifecycle import SheetState
from judging.domain.permissions import Actor
from judging.domain.structure import to_plain
from judging.errors import Conflict, NotFound, Refused, StaleVersion
from judging.services.judges.repeats.reading import find_repeat_reading
from judging.services.judges.repeats.sheets import (
    keep_repeat_note,
    repeat_receipt_code,
    set_repeat_aside,
    take_repeat_up,
)
from judging.services.privacy.my_data.repeats import own_repeat_rows
from judging.services.sheets.desk import find_place, list_desk, panel_totals
from judging.services.sheets.readings import find_reading, find_stage
from judging.services.sheets.warm_up import looks_left
from tests.factories import NOW, make_sheet
from tests.services.judges.repeat_cases import Shown, make_desk, save, set_number, submit
from tests.services.sheets.cases import RUBRIC, WHOLE_TOTAL, add_colleague, office

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry


def test_desk_counts_the_repeat_as_any_entry_and_leads_to_it(
    session: Session, registry: Registry, shown: Shown
) -> None:
    (work,) = list_desk(session, registry=registry, account=shown.case.account)
    assert (work.total, work.done, work.next_id) == (9, 0, shown.readings[0].id)
    for one in shown.readings:
        make_sheet(session, one, shown.case.judged)

    (work,) = list_desk(session, registry=registry, account=shown.case.account)

    assert (work.total, work.done, work.next_id) == (9, 8, shown.repeat.id)
    reading = find_reading(session, registry=registry, assignment=shown.first, actor=shown.case.actor)
    assert find_place(session, reading=reading).next_id == shown.repeat.id
    again = find_repeat_reading(session, registry=registry, repeat=shown.repeat, actor=shown.case.actor)
    place = find_place(session, reading=again)
    assert (place.position, place.total, place.left, place.next_id) == (shown.repeat.after + 1, 9, 1, None)


def test_sheet_is_saved_submitted_and_locked(session: Session, registry: Registry, shown: Shown) -> None:
    saved = save(session, registry, shown)
    assert (saved.version, saved.left, shown.repeat.state) == (1, 0, "draft")

    submit(session, registry, shown, expected_version=1)

    repeat = shown.repeat
    assert (repeat.state, repeat.total, repeat.sheet_version) == ("submitted", WHOLE_TOTAL, 1)
    assert repeat.code == repeat_receipt_code(repeat)
    assert len(repeat.code) == 10
    with pytest.raises(Conflict):
        save(session, registry, shown, comment="Another word. And one more.")


def test_sheet_that_is_not_whole_or_was_saved_elsewhere_is_refused(
    session: Session, registry: Registry, shown: Shown
) -> None:
    save(session, registry, shown, marks={"novelty": "24"})

    with pytest.raises(Refused):
        submit(session, registry, shown)
    with pytest.raises(StaleVersion):
        submit(session, registry, shown, expected_version=7)
    assert shown.repeat.state == "draft"


def test_round_that_is_closed_takes_no_repeat(session: Session, registry: Registry, shown: Shown) -> None:
    stage = find_stage(session, assignment=shown.first)
    assert stage is not None
    stage.state = "closed"

    with pytest.raises(Conflict):
        save(session, registry, shown)


def test_another_judge_and_the_office_find_nothing(session: Session, registry: Registry, shown: Shown) -> None:
    colleague = add_colleague(session, shown.case)

    for actor in (colleague.actor, office(session, shown.case), Actor(account_id=None, roles=frozenset())):
        with pytest.raises(NotFound):
            save(session, registry, shown, actor=actor)


def test_neither_log_nor_record_of_acts_knows_of_the_sheet(session: Session, registry: Registry, shown: Shown) -> None:
    leaves = session.scalar(select(func.count()).select_from(LogLeaf))
    events = session.scalar(select(func.count()).select_from(AuditEvent))

    save(session, registry, shown)
    submit(session, registry, shown)

    assert session.scalar(select(func.count()).select_from(LogLeaf)) == leaves
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == events


def test_totals_of_others_stay_closed_until_the_repeats_are_in(
    session: Session, registry: Registry, shown: Shown
) -> None:
    colleague = add_colleague(session, shown.case)
    make_sheet(session, colleague.assignment, shown.case.judged)
    make_sheet(session, shown.case.assignment, shown.case.judged)
    reading = find_reading(session, registry=registry, assignment=shown.case.assignment, actor=shown.case.actor)
    assert panel_totals(session, reading=reading, actor=shown.case.actor) == []

    save(session, registry, shown)
    submit(session, registry, shown)

    (other,) = panel_totals(session, reading=reading, actor=shown.case.actor)
    assert other.judge == colleague.judge.alias


def test_second_look_at_first_sheets_waits_for_the_repeats_too(session: Session, registry: Registry) -> None:
    settings = {"rubric-preliminary": to_plain(RUBRIC), "round-preliminary": {"sentences": 2, "warm_up": 1}}
    case, readings = make_desk(session, registry, settings=settings)
    set_number(session, registry, case, 1)
    here = Shown(case=case, readings=readings, repeat=session.scalars(select(BlindRepeat)).one())
    for minute, one in enumerate(readings):
        make_sheet(session, one, case.judged, submitted_at=NOW + timedelta(minutes=minute))
    reading = find_reading(session, registry=registry, assignment=readings[0], actor=case.actor)
    assert looks_left(session, reading=reading) == []

    save(session, registry, here)
    submit(session, registry, here)

    assert [one.assignment_id for one in looks_left(session, reading=reading)] == [readings[0].id]
    (work,) = list_desk(session, registry=registry, account=case.account)
    assert [one.assignment_id for one in work.again] == [readings[0].id]


def test_repeat_that_is_set_aside_comes_last_and_returns(session: Session, registry: Registry, shown: Shown) -> None:
    case, repeat = shown.case, shown.repeat
    keep_repeat_note(session, registry=registry, repeat=repeat, actor=case.actor, text=" Hỏi về pin ", base=None)
    set_repeat_aside(
        session, registry=registry, repeat=repeat, actor=case.actor, kind="file-broken", words="", now=NOW
    )  # fmt: skip
    reading = find_repeat_reading(session, registry=registry, repeat=repeat, actor=case.actor)
    assert find_place(session, reading=reading).position == 9
    assert repeat.note == "Hỏi về pin"
    with pytest.raises(Conflict):
        set_repeat_aside(
            session, registry=registry, repeat=repeat, actor=case.actor, kind="file-broken", words="", now=NOW
        )  # fmt: skip

    take_repeat_up(session, registry=registry, repeat=repeat, actor=case.actor)

    assert repeat.aside_at is None
    assert SheetState(repeat.state) is SheetState.ASSIGNED


def test_own_archive_tells_of_repeats_once_the_round_is_over(
    session: Session, registry: Registry, shown: Shown
) -> None:
    save(session, registry, shown)
    submit(session, registry, shown, now=NOW + timedelta(hours=1))
    assert list(own_repeat_rows(session, shown.case.account)) == []
    stage = find_stage(session, assignment=shown.first)
    assert stage is not None
    stage.state = "closed"
    session.flush()

    (row,) = own_repeat_rows(session, shown.case.account)

    assert shown.first.entry.alias in str(row)
    assert WHOLE_TOTAL in str(row)
