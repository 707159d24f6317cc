"""The end of a round: who is in time, and how an end may be moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Actor
from judging.domain.roles import Role
from judging.domain.round_end import FURTHEST, NEVER, EndChange, RoundEnd, can_move_end, end_problems

NOW = datetime(2021, 10, 20, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)

moments = st.integers(-(10**12), 10**14).map(lambda count: NOW + timedelta(microseconds=count))
graces = st.integers(0, 1440).map(lambda minutes: timedelta(minutes=minutes))
ends = st.builds(
    RoundEnd, at=st.none() | moments, grace=graces, own=st.none() | moments | st.just(NEVER)
)  # fmt: skip
changes = st.builds(
    EndChange, until=moments, present=st.none() | moments, for_one=st.booleans(), is_open=st.booleans(),
    is_over=st.booleans(), reason=st.sampled_from(["", "Mất điện."]),
)  # fmt: skip


@given(end=ends, received=moments)
def test_sheet_is_in_time_up_to_and_including_the_end_and_its_grace(end: RoundEnd, received: datetime) -> None:
    assert end.takes(received) == (end.last is None or received <= end.last + end.grace)


@given(end=ends)
def test_own_end_never_cuts_the_rounds_short(end: RoundEnd) -> None:
    if end.at is None:
        assert end.last is None
    else:
        assert end.last is None or end.last >= end.at
        assert (end.last is None) == (end.own == NEVER)


@given(end=ends, received=moments, later=graces)
def test_whatever_is_taken_later_was_taken_before(end: RoundEnd, received: datetime, later: timedelta) -> None:
    if end.takes(received + later):
        assert end.takes(received)


def test_last_microsecond_counts() -> None:
    end = RoundEnd(at=NOW, grace=HOUR)

    assert end.takes(NOW + HOUR)
    assert not end.takes(NOW + HOUR + TICK)


@given(change=changes, now=moments)
def test_end_that_is_let_through_cuts_nobodys_time_in_a_round_that_is_judged(change: EndChange, now: datetime) -> None:
    if end_problems(change, now=now):
        return
    assert not change.is_over
    assert now < change.until <= now + FURTHEST
    if change.present is not None and (change.is_open or change.for_one):
        assert change.until > change.present
        assert change.reason


CHANGE = EndChange(
    until=NOW + 2 * HOUR, present=NOW + HOUR, for_one=False, is_open=True, is_over=False, reason="Mất điện."
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (CHANGE, []),
        (replace(CHANGE, for_one=True), []),
        (replace(CHANGE, until=NOW + HOUR), ["shorter"]),
        (replace(CHANGE, until=NOW), ["date-past", "shorter"]),
        (replace(CHANGE, until=NOW + HOUR / 2, is_open=False), []),
        (replace(CHANGE, until=NOW + HOUR / 2, is_open=False, for_one=True), ["shorter"]),
        (replace(CHANGE, present=None, for_one=True), ["no-end"]),
        (replace(CHANGE, present=None, is_open=False, reason=""), []),
        (replace(CHANGE, present=None, reason=" "), ["missing"]),
        (replace(CHANGE, until=NOW + FURTHEST + TICK), ["far"]),
        (replace(CHANGE, reason="x" * 1001), ["long"]),
        (replace(CHANGE, is_over=True), ["closed"]),
    ],
)
def test_every_reason_against_an_end_is_told(change: EndChange, codes: list[str]) -> None:
    assert [one.code for one in end_problems(change, now=NOW)] == codes


@pytest.mark.parametrize(
    ("roles", "phase", "may"),
    [
        ({Role.ORGANISER}, ContestPhase.JUDGING, True),
        ({Role.ORGANISER}, ContestPhase.OPEN, True),
        ({Role.ORGANISER}, ContestPhase.DELIBERATION, False),
        ({Role.ORGANISER, Role.JUDGE}, ContestPhase.JUDGING, False),
        ({Role.SECRETARY}, ContestPhase.JUDGING, False),
        ({Role.JUDGE}, ContestPhase.JUDGING, False),
    ],
)
def test_end_is_moved_by_an_organiser_who_does_not_judge(roles: set[Role], phase: ContestPhase, may: bool) -> None:
    assert can_move_end(Actor(account_id="a", roles=frozenset(roles)), phase=phase) is may
