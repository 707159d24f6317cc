"""The judge's list of work and the pace."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.conflicts import ConflictKind
from judging.services.judges.conflicts.recusals import recuse
from judging.services.sheets.desk import find_place, list_desk, minutes_left, panel_totals
from judging.services.sheets.readings import find_reading
from tests.factories import NOW, make_assignment, make_entry, make_sheet
from tests.services.sheets.cases import add_colleague, make_case

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry


def test_list_desk_counts_what_is_left_and_names_the_next_in_the_judges_order(
    session: Session, registry: Registry
) -> None:
    case = make_case(session, registry, judging_ends_at=NOW + timedelta(days=1))
    first = make_assignment(session, make_entry(session, case.contest), case.judge, round_key="preliminary", position=0)
    make_sheet(session, make_assignment(
        session, make_entry(session, case.contest), case.judge, round_key="preliminary", position=2,
    ), case.judged)  # fmt: skip

    (work,) = list_desk(session, registry=registry, account=case.account)

    assert (work.total, work.done, work.left, work.next_id) == (3, 1, 2, first.id)
    assert (work.is_open, work.deadline, work.undeclared) == (True, NOW + timedelta(days=1), 0)


def test_list_desk_leaves_out_entries_that_the_judge_is_off(session: Session, registry: Registry) -> None:
    case = make_case(session, registry)
    recuse(session, assignment=case.assignment, actor=case.actor, kind=ConflictKind.SPOUSE, reason="", now=NOW)
    session.flush()

    assert list_desk(session, registry=registry, account=case.account) == []


def test_list_desk_shows_nothing_of_a_colleagues_work(session: Session, registry: Registry) -> None:
    case = make_case(session, registry)
    colleague = add_colleague(session, case)
    make_sheet(session, colleague.assignment, case.judged)

    (work,) = list_desk(session, registry=registry, account=case.account)

    assert (work.total, work.done) == (1, 0)


def test_find_place_goes_round_to_what_was_passed_over(session: Session, registry: Registry) -> None:
    case = make_case(session, registry)
    entry = make_entry(session, case.contest)
    passed = make_assignment(session, entry, case.judge, round_key="preliminary", position=0)
    reading = find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)

    place = find_place(session, reading=reading)

    assert (place.position, place.total, place.left, place.next_id) == (2, 2, 2, passed.id)


def test_panel_totals_appear_when_the_last_sheet_of_the_entry_is_in(session: Session, registry: Registry) -> None:
    case = make_case(session, registry)
    colleague = add_colleague(session, case)
    make_sheet(session, colleague.assignment, case.judged)
    reading = find_reading(session, registry=registry, assignment=case.assignment, actor=case.actor)
    assert panel_totals(session, reading=reading, actor=case.actor) == []

    make_sheet(session, case.assignment, case.judged)

    (sheet,) = panel_totals(session, reading=reading, actor=case.actor)
    assert sheet.judge == colleague.judge.alias


def test_minutes_left_is_unknown_before_two_intervals() -> None:
    assert minutes_left([NOW, NOW + timedelta(minutes=8)], 3) is None


def test_minutes_left_does_not_count_a_night_between_sittings() -> None:
    times = [NOW, NOW + timedelta(minutes=10), NOW + timedelta(hours=14), NOW + timedelta(hours=14, minutes=10)]

    assert minutes_left(times, 6) == 60


@given(st.lists(st.integers(1, 45), min_size=2, max_size=30), st.integers(1, 200))
def test_minutes_left_lies_between_the_quickest_and_the_slowest_pace(gaps: list[int], left: int) -> None:
    times = [NOW]
    for gap in gaps:
        times.append(times[-1] + timedelta(minutes=gap))

    minutes = minutes_left(times, left)

    assert minutes is not None
    assert min(gaps) * left <= minutes <= max(gaps) * left
