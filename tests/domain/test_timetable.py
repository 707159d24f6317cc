"""Timetables of live rounds: nobody is in two places at a time, and no slot is wasted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.domain.timetable import (
    Place,
    Room,
    Team,
    Window,
    find_clashes,
    plan_hearings,
    plan_visits,
    slots_of,
)
from judging.errors import RulesError

NINE = datetime(2026, 12, 3, 2, tzinfo=UTC)


def _window(start: int, end: int) -> Window:
    return Window(NINE + timedelta(minutes=start), NINE + timedelta(minutes=end))


@st.composite
def _teams(draw: st.DrawFn) -> list[Team]:
    judges = [f"j{number}" for number in range(draw(st.integers(1, 6)))]
    count = draw(st.integers(0, 10))
    return [
        Team(
            entry=f"e{number}",
            panel=draw(st.sampled_from(["a", "b"])),
            judges=tuple(sorted(draw(st.sets(st.sampled_from(judges), min_size=1, max_size=4)))),
            people=frozenset(draw(st.sets(st.sampled_from(["an", "binh", "chi"]), max_size=1))),
        )
        for number in range(count)
    ]


_ROOMS = st.sampled_from(
    [
        (Room(key="1"),),
        (Room(key="1"), Room(key="2")),
        (Room(key="1", panels=frozenset("a")), Room(key="2", panels=frozenset("b"))),
        (Room(key="1", panels=frozenset("a")), Room(key="2")),
    ]
)
_ABSENT = st.dictionaries(st.sampled_from(["j0", "j1", "j2"]), st.sets(st.integers(0, 9)), max_size=2)


def test_slots_fill_a_window_with_changes_between() -> None:
    slots = slots_of([_window(0, 60)], minutes=18, change=2)
    assert [slot.starts_at for slot in slots] == [NINE, NINE + timedelta(minutes=20), NINE + timedelta(minutes=40)]
    assert slots[-1].ends_at == NINE + timedelta(minutes=58)


def test_a_slot_that_would_end_late_is_left_out_and_windows_come_in_order_of_time() -> None:
    slots = slots_of([_window(120, 149), _window(0, 30)], minutes=15)
    assert [(slot.starts_at - NINE) // timedelta(minutes=1) for slot in slots] == [0, 15, 120]


@pytest.mark.parametrize(
    ("windows", "minutes", "change"),
    [
        ([_window(0, 60)], 0, 0),
        ([_window(0, 60)], 10, -1),
        ([_window(60, 0)], 10, 0),
        ([_window(0, 60), _window(59, 90)], 10, 0),
    ],
)
def test_windows_and_lengths_that_make_no_sense_are_refused(windows: list[Window], minutes: int, change: int) -> None:
    with pytest.raises(RulesError):
        slots_of(windows, minutes=minutes, change=change)


@settings(max_examples=150, deadline=None)
@given(teams=_teams(), rooms=_ROOMS, slots=st.integers(0, 12), absent=_ABSENT)
def test_hearings_put_nobody_in_two_places(
    teams: list[Team], rooms: tuple[Room, ...], slots: int, absent: dict[str, set[int]]
) -> None:
    planned = plan_hearings(teams, rooms, slots=slots, absent=absent)
    by_entry = {team.entry: team for team in teams}
    takes = {room.key: room for room in rooms}
    assert find_clashes(planned.places, {team.entry: team.people for team in teams}) == ()
    found = [place.entry for place in planned.places] + [one.entry for one in planned.unplaced]
    assert sorted(found) == sorted(by_entry)
    for place in planned.places:
        assert place.judges == by_entry[place.entry].judges
        assert takes[place.room].takes(by_entry[place.entry].panel)
        assert 0 <= place.slot < slots
        assert all(place.slot not in absent.get(judge, ()) for judge in place.judges)
    assert plan_hearings(teams, rooms, slots=slots, absent=absent) == planned


@settings(max_examples=60, deadline=None)
@given(teams=_teams(), rooms=_ROOMS)
def test_hearings_need_no_fewer_slots_than_the_bound_and_find_room_for_all(
    teams: list[Team], rooms: tuple[Room, ...]
) -> None:
    planned = plan_hearings(teams, rooms, slots=len(teams))
    assert planned.unplaced == ()
    assert planned.used >= planned.fewest


def test_a_panel_to_each_room_takes_as_many_slots_as_the_largest_has_teams() -> None:
    rooms = [Room(key=panel, panels=frozenset([panel])) for panel in "abc"]
    teams = [
        Team(entry=f"{panel}{number}", panel=panel, judges=(f"{panel}-one", f"{panel}-two"))
        for panel, count in (("a", 6), ("b", 11), ("c", 2))
        for number in range(count)
    ]
    planned = plan_hearings(teams, rooms, slots=20)
    assert planned.used == planned.fewest == 11
    assert {place.room for place in planned.places if place.entry.startswith("a")} == {"a"}


def test_a_judge_of_two_panels_is_never_asked_into_two_rooms_and_stays_where_possible() -> None:
    teams = [Team(entry=f"a{n}", panel="a", judges=("j1", "both")) for n in range(3)]
    teams += [Team(entry=f"b{n}", panel="b", judges=("j2", "both")) for n in range(3)]
    planned = plan_hearings(teams, [Room(key="1"), Room(key="2")], slots=10)
    assert planned.used == planned.fewest == 6


def test_hearings_say_what_would_help() -> None:
    teams = [Team(entry="e1", panel="a", judges=("j1",)), Team(entry="e2", panel="a", judges=("j1",))]
    few = plan_hearings(teams, [Room(key="1")], slots=1)
    assert [(one.entry, "too few slots" in one.reason) for one in few.unplaced] == [("e2", True)]
    nowhere = plan_hearings(teams, [Room(key="1", panels=frozenset("b"))], slots=5)
    assert all("No room hears this panel" in one.reason for one in nowhere.unplaced)
    away = plan_hearings(teams[:1], [Room(key="1")], slots=2, absent={"j1": {0, 1}})
    assert "is away" in away.unplaced[0].reason


@settings(max_examples=200, deadline=None)
@given(teams=_teams())
def test_visits_need_exactly_the_most_that_a_judge_or_a_stand_has(teams: list[Team]) -> None:
    planned = plan_visits(teams, [Room(key="1")], slots=100)
    assert planned.unplaced == ()
    assert planned.used == planned.fewest
    assert find_clashes(planned.places, {team.entry: team.people for team in teams}, shared_rooms=True) == ()
    assert Counter((place.judges[0], place.entry) for place in planned.places) == Counter(
        (judge, team.entry) for team in teams for judge in team.judges
    )
    per_judge = Counter(judge for team in teams for judge in team.judges)
    assert planned.fewest >= max(per_judge.values(), default=0)


def test_visits_of_five_judges_to_five_stands_are_a_latin_square() -> None:
    teams = [Team(entry=f"e{n}", panel="a", judges=tuple(f"j{m}" for m in range(5))) for n in range(5)]
    planned = plan_visits(teams, [Room(key="hall")], slots=5)
    assert planned.used == 5
    for slot, judge in product(range(5), range(5)):
        assert sum(place.slot == slot and place.judges == (f"j{judge}",) for place in planned.places) == 1


@settings(max_examples=100, deadline=None)
@given(teams=_teams(), slots=st.integers(0, 12), absent=_ABSENT)
def test_visits_respect_absences(teams: list[Team], slots: int, absent: dict[str, set[int]]) -> None:
    planned = plan_visits(teams, [Room(key="1")], slots=slots, absent=absent)
    assert find_clashes(planned.places, {team.entry: team.people for team in teams}, shared_rooms=True) == ()
    for place in planned.places:
        assert place.slot not in absent.get(place.judges[0], ())
    assert len(planned.places) + len(planned.unplaced) == sum(len(team.judges) for team in teams)


def test_a_judge_with_more_visits_than_slots_is_named() -> None:
    teams = [Team(entry=f"e{n}", panel="a", judges=("j1",)) for n in range(4)]
    planned = plan_visits(teams, [Room(key="1")], slots=3)
    assert len(planned.places) == 3
    assert "more visits than there are slots" in planned.unplaced[0].reason


def test_clashes_are_found_and_named_once() -> None:
    places = [Place(0, "1", "e1", ("j1",)), Place(0, "1", "e2", ("j1",)), Place(0, "1", "e3", ("j1",))]
    found = find_clashes(places, {"e1": frozenset({"an"}), "e2": frozenset({"an"})})
    assert [(clash.what, clash.who) for clash in found] == [("judge", "j1"), ("person", "an"), ("room", "1")]
