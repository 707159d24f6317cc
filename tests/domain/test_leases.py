"""Where a judge goes next: rules over whatever readings and leases there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.leases import (
    MOST_MINUTES,
    Done,
    Kept,
    Lease,
    Offer,
    OpenReading,
    Wait,
    choose_next,
    minutes_problems,
    minutes_until,
    prolonged,
)

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
ME = "me"
ENTRIES = [f"e{number}" for number in range(6)]
JUDGES = [ME, "j1", "j2"]


def minutes(number: float) -> datetime:
    return NOW + timedelta(minutes=number)


def reading(entry: str, place: int = 0, **more: int | bool) -> OpenReading:
    return OpenReading(entry=entry, place=place, visits=int(more.get("visits", 0)), aside=bool(more.get("aside")))


def lease(entry: str, judge: str, until: float) -> Lease:
    return Lease(entry=entry, judge=judge, until=minutes(until))


readings_of = st.lists(
    st.builds(
        OpenReading, entry=st.sampled_from(ENTRIES), place=st.integers(0, 5), visits=st.integers(0, 3),
        aside=st.booleans(),
    ),
    unique_by=lambda one: one.entry, max_size=6,
)  # fmt: skip
leases_of = st.lists(
    st.builds(
        Lease, entry=st.sampled_from(ENTRIES), judge=st.sampled_from(JUDGES),
        until=st.integers(-5, 20).map(minutes),
    ),
    unique_by=lambda one: one.entry, max_size=6,
)  # fmt: skip
skipped_ones = st.none() | st.sampled_from(ENTRIES)


def others_at(leases: list[Lease]) -> set[str]:
    return {one.entry for one in leases if one.judge != ME and one.until > NOW}


@given(readings_of, leases_of, skipped_ones)
def test_choose_next_never_leads_where_somebody_stands_or_to_what_is_not_ones_own(
    readings: list[OpenReading], leases: list[Lease], skipped: str | None
) -> None:
    found = choose_next(readings, leases, judge=ME, now=NOW, skipped=skipped)

    own = {one.entry for one in readings}
    if isinstance(found, Offer):
        assert found.entry in own - others_at(leases)
    if isinstance(found, Kept):
        assert (found.lease.judge, found.lease.entry in own, found.lease in leases) == (ME, True, True)


@given(readings_of, leases_of, skipped_ones)
def test_choose_next_makes_a_judge_wait_only_when_all_that_is_left_is_taken(
    readings: list[OpenReading], leases: list[Lease], skipped: str | None
) -> None:
    found = choose_next(readings, leases, judge=ME, now=NOW, skipped=skipped)

    own = {one.entry for one in readings}
    assert isinstance(found, Done) == (not own)
    if isinstance(found, Wait):
        assert own <= others_at(leases)
        assert found.free_at == min(one.until for one in leases if one.entry in own)
        # Whoever comes back at that moment is led somewhere.
        assert isinstance(choose_next(readings, leases, judge=ME, now=found.free_at), Offer)
    elif own:
        mine = {one.entry for one in leases if one.judge == ME and one.until > NOW}
        assert own - others_at(leases)
        assert isinstance(found, Kept) == bool(own & mine)


@given(readings_of, leases_of, skipped_ones)
def test_choose_next_prefers_fewest_visits_then_the_judges_own_order(
    readings: list[OpenReading], leases: list[Lease], skipped: str | None
) -> None:
    found = choose_next(readings, leases, judge=ME, now=NOW, skipped=skipped)

    if not isinstance(found, Offer):
        return
    by_entry = {one.entry: one for one in readings}
    best = by_entry[found.entry]
    free = [one for one in readings if one.entry not in others_at(leases)]
    if found.entry == skipped:
        assert [one.entry for one in free] == [skipped]
        return
    rivals = [one for one in free if one.entry != skipped]
    assert best.aside == all(one.aside for one in rivals)
    alike = [one for one in rivals if one.aside == best.aside]
    assert best.visits == min(one.visits for one in alike)
    assert best.place == min(one.place for one in alike if one.visits == best.visits)


@given(readings_of, leases_of, skipped_ones)
def test_choose_next_leads_to_the_same_booth_once_it_is_taken(
    readings: list[OpenReading], leases: list[Lease], skipped: str | None
) -> None:
    found = choose_next(readings, leases, judge=ME, now=NOW, skipped=skipped)

    if isinstance(found, Offer):
        made = Lease(entry=found.entry, judge=ME, until=minutes(15))
        after = [one for one in leases if one.entry != found.entry] + [made]
        assert choose_next(readings, after, judge=ME, now=NOW, skipped=skipped) == Kept(lease=made)


def test_choose_next_orders_by_visits_then_place() -> None:
    readings = [reading("a", 1, visits=1), reading("b", 2), reading("c", 3)]

    assert choose_next(readings, [], judge=ME, now=NOW) == Offer(entry="b")
    assert choose_next(readings, [lease("b", "j1", 5)], judge=ME, now=NOW) == Offer(entry="c")
    # At the very moment its time is over, a booth is free.
    assert choose_next(readings, [lease("b", "j1", 0)], judge=ME, now=NOW) == Offer(entry="b")


def test_choose_next_comes_back_to_the_skipped_entry_only_when_nothing_else_is_free() -> None:
    readings = [reading("a", 1), reading("b", 2, aside=True)]

    assert choose_next(readings, [], judge=ME, now=NOW, skipped="a") == Offer(entry="b", again=True)
    taken = [lease("b", "j1", 5)]
    assert choose_next(readings, taken, judge=ME, now=NOW, skipped="a") == Offer(entry="a", again=True)


def test_choose_next_says_when_the_first_booth_is_free() -> None:
    readings = [reading("a", 1), reading("b", 2)]
    taken = [lease("a", "j1", 9), lease("b", "j2", 4), lease("c", "j3", 1)]

    assert choose_next(readings, taken, judge=ME, now=NOW) == Wait(free_at=minutes(4))
    assert choose_next([], taken, judge=ME, now=NOW) == Done()


@pytest.mark.parametrize(("moment", "expected"), [(0, 0), (-3, 0), (0.01, 1), (1, 1), (1.5, 2), (15, 15)])
def test_minutes_until_counts_begun_minutes(moment: float, expected: int) -> None:
    assert minutes_until(minutes(moment), NOW) == expected


@given(st.integers(-30, 300), st.integers(1, MOST_MINUTES))
def test_prolonged_never_revives_never_shortens_and_gives_the_whole_time_but_a_minute(
    seconds: int, length: int
) -> None:
    until = NOW + timedelta(seconds=seconds * 5)
    longer = prolonged(until, minutes=length, now=NOW)

    assert longer >= until
    assert (longer == until) or longer == minutes(length)
    if until <= NOW:
        assert longer == until
    else:
        assert longer > minutes(length - 1)


@pytest.mark.parametrize(
    ("number", "codes"), [(0, []), (15, []), (MOST_MINUTES, []), (-1, ["range"]), (241, ["range"])]
)
def test_minutes_problems_bound_the_time(number: int, codes: list[str]) -> None:
    assert [one.code for one in minutes_problems(number)] == codes
