"""Setting and giving blind repeats, their sheets, and what takes them away again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from judging.db.models import AuditEvent, BlindRepeat, LogLeaf, RepeatPlan
from judging.db.queries.repeats import find_repeat
from judging.domain.conflicts import ConflictKind
from judging.domain.entry_states import EntryState
from judging.domain.lifecycle import SheetState
from judging.domain.permissions import Actor, Role
from judging.domain.structure import to_plain
from judging.errors import Conflict, NotAllowed, NotFound, Refused, StaleVersion
from judging.services.entries.removal import remove_entry
from judging.services.judges.assigning.removal import remove_assignment
from judging.services.judges.conflicts.recusals import recuse
from judging.services.judges.leases.setting import set_lease_minutes
from judging.services.judges.repeats.giving import give_repeats, repeats_by_judge
from judging.services.judges.repeats.reading import find_repeat_reading
from judging.services.judges.repeats.sheets import (
    keep_repeat_note,
    repeat_receipt_code,
    set_repeat_aside,
    take_repeat_up,
)
from judging.services.privacy.erasure.judge_words import empty_judge_words
from judging.services.privacy.my_data.repeats import own_repeat_rows
from judging.services.rounds.running import open_round
from judging.services.sheets.desk import find_place, list_desk, panel_totals
from judging.services.sheets.life import write_off_sheet
from judging.services.sheets.readings import find_reading, find_stage
from judging.services.sheets.warm_up import looks_left
from tests.factories import NOW, make_assignment, make_judge, make_sheet
from tests.services.judges.repeat_cases import ROUND, Shown, make_desk, save, set_number, show_again, submit
from tests.services.sheets.cases import RUBRIC, WHOLE_TOTAL, add_colleague, office

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry


@pytest.fixture
def shown(session: Session, registry: Registry) -> Shown:
    return show_again(session, registry)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(BlindRepeat)) or 0


def test_repeat_is_of_an_early_entry_and_stands_late(shown: Shown) -> None:
    assert shown.first.position <= 2
    assert shown.repeat.after >= 6
    assert (shown.repeat.state, shown.repeat.draft_version) == ("assigned", 0)


def test_ids_of_repeats_tell_the_time_of_other_readings(shown: Shown) -> None:
    assert shown.repeat.id[:13] in {one.id[:13] for one in shown.readings}
    assert shown.repeat.id not in {one.id for one in shown.readings}


def test_setting_is_recorded_without_naming_an_entry(session: Session, shown: Shown) -> None:
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "repeats-set")).one()
    plan = session.get_one(RepeatPlan, (shown.case.contest.id, ROUND))

    assert event.details == {"repeats": 1}
    assert (plan.per_judge, len(plan.seed)) == (1, 32)


def test_judge_with_few_entries_gets_none(session: Session, registry: Registry) -> None:
    case, _readings = make_desk(session, registry, entries=7)

    assert set_number(session, registry, case, 3) == 0
    (one,) = repeats_by_judge(session, contest=case.contest, round_key=ROUND)
    assert (one.room, one.short) == (0, False)


def test_round_in_which_judges_see_the_authors_has_none(session: Session, registry: Registry) -> None:
    case, _readings = make_desk(session, registry)

    with pytest.raises(Conflict):
        set_number(session, registry, case, 1, round_key="final")
    assert set_number(session, registry, case, 0, round_key="final") == 0


def test_round_leads_to_booths_or_shows_entries_twice_and_never_both(session: Session, registry: Registry) -> None:
    """The page that leads to a booth says which entry stands there; under repeats nobody is to know."""
    case, _ = make_desk(session, registry)
    booths: dict[str, Any] = {"contest": case.contest, "round_key": ROUND, "actor": office(session, case), "now": NOW}
    set_lease_minutes(session, minutes=15, **booths)
    with pytest.raises(Refused) as refused:
        set_number(session, registry, case, 1)
    assert [problem.code for problem in refused.value.problems] == ["booths"]

    set_lease_minutes(session, minutes=0, **booths)
    assert set_number(session, registry, case, 1) == 1
    with pytest.raises(Refused) as refused:
        set_lease_minutes(session, minutes=15, **booths)
    assert [problem.code for problem in refused.value.problems] == ["repeats"]
    set_number(session, registry, case, 0)
    set_lease_minutes(session, minutes=15, **booths)


def test_only_an_organiser_who_does_not_judge_sets_them(session: Session, registry: Registry) -> None:
    case, _readings = make_desk(session, registry)

    for actor in (case.actor, office(session, case, Role.SECRETARY), office(session, case, Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            set_number(session, registry, case, 1, actor=actor)
    with pytest.raises(Refused):
        set_number(session, registry, case, 4)
    assert count(session) == 0


def test_number_can_be_taken_back_until_a_judge_has_begun(session: Session, registry: Registry, shown: Shown) -> None:
    assert set_number(session, registry, shown.case, 0) == 0
    assert count(session) == 0
    assert set_number(session, registry, shown.case, 1) == 1
    again = session.scalars(select(BlindRepeat)).one()
    save(session, registry, Shown(case=shown.case, readings=shown.readings, repeat=again))

    with pytest.raises(Conflict):
        set_number(session, registry, shown.case, 0)
    assert count(session) == 1


def test_closed_round_takes_no_new_number(session: Session, registry: Registry, shown: Shown) -> None:
    stage = find_stage(session, assignment=shown.first)
    assert stage is not None
    stage.state = "closed"

    with pytest.raises(Conflict):
        set_number(session, registry, shown.case, 2)


def test_opening_the_round_gives_to_those_who_came_since(session: Session, registry: Registry, shown: Shown) -> None:
    stage = find_stage(session, assignment=shown.first)
    assert stage is not None
    stage.state = "pending"
    late = make_judge(session, shown.case.contest)
    for place, one in enumerate(shown.readings, start=1):
        make_assignment(session, one.entry, late, round_key=ROUND, position=place)

    open_round(
        session, registry=registry, contest=shown.case.contest, round_key=ROUND, actor_id=None, now=NOW
    )  # fmt: skip

    rows = session.scalars(select(BlindRepeat)).all()
    assert {one.first.judge_id for one in rows} == {shown.case.judge.id, late.id}
    assert give_repeats(session, contest=shown.case.contest, round_key=ROUND, now=NOW) == 0


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


def test_recusal_write_off_and_taking_back_of_the_reading_take_the_repeat(
    session: Session, registry: Registry, shown: Shown
) -> None:
    case = shown.case
    assert find_repeat(session, shown.repeat.id) is shown.repeat

    with session.begin_nested() as tried:
        recuse(
            session, assignment=shown.first, actor=case.actor, kind=ConflictKind.SPOUSE, reason="", now=NOW
        )  # fmt: skip
        session.flush()
        assert find_repeat(session, shown.repeat.id) is None
        tried.rollback()
    with session.begin_nested() as tried:
        write_off_sheet(session, assignment=shown.first, actor=office(session, case), reason="Nghỉ ốm", now=NOW)
        session.flush()
        assert find_repeat(session, shown.repeat.id) is None
        tried.rollback()
    with session.begin_nested() as tried:
        remove_assignment(
            session, contest=case.contest, assignment=shown.first, reason="Đổi", actor=office(session, case), now=NOW
        )  # fmt: skip
        session.flush()
        assert find_repeat(session, shown.repeat.id) is None
        (work,) = list_desk(session, registry=registry, account=case.account)
        assert work.total == 7
        tried.rollback()


def test_entry_that_is_withdrawn_or_erased_takes_the_repeat(session: Session, shown: Shown) -> None:
    # A submitted sheet stays with a withdrawn entry, and so the reading does; its repeat does not.
    make_sheet(session, shown.first, shown.case.judged)
    assert find_repeat(session, shown.repeat.id) is shown.repeat
    remove_entry(
        session, entry=shown.first.entry, target=EntryState.WITHDRAWN, reason="Theo đơn",
        actor=office(session, shown.case), now=NOW,
    )  # fmt: skip
    assert find_repeat(session, shown.repeat.id) is None

    empty_judge_words(session, shown.first.entry)

    assert count(session) == 0


def test_deleting_the_reading_deletes_the_repeat(session: Session, shown: Shown) -> None:
    session.delete(shown.first)
    session.flush()

    assert count(session) == 0


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
