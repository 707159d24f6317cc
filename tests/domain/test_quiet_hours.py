"""Quiet hours by the clock on the wall, over every jump of it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.quiet_hours import QuietHours, next_moment

ZONES = ("Asia/Ho_Chi_Minh", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC")
minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.integers(0, 5_260_000).map(lambda count: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=count))


@given(moments, minutes, minutes, st.sampled_from(ZONES))
def test_letter_leaves_outside_quiet_hours_and_never_earlier(now: datetime, start: time, end: time, zone: str) -> None:
    hours = QuietHours(start=start, end=end)
    leaves = next_moment(hours, zone=zone, now=now)
    assert leaves >= now
    assert leaves - now <= timedelta(hours=26)
    assert not hours.covers(leaves.astimezone(ZoneInfo(zone)).time())


@given(moments, minutes, minutes, st.sampled_from(ZONES))
def test_it_waits_no_minute_longer_than_it_must(now: datetime, start: time, end: time, zone: str) -> None:
    hours = QuietHours(start=start, end=end)
    leaves = next_moment(hours, zone=zone, now=now)
    if leaves > now + timedelta(minutes=1):
        assert hours.covers((leaves - timedelta(minutes=1)).astimezone(ZoneInfo(zone)).time())


@given(moments, minutes)
def test_equal_ends_mean_no_quiet_hours(now: datetime, at: time) -> None:
    assert next_moment(QuietHours(start=at, end=at), zone="Asia/Ho_Chi_Minh", now=now) == now


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2021-10-20T20:59:59+07:00", "2021-10-20T20:59:59+07:00"),
        ("2021-10-20T21:00:00+07:00", "2021-10-21T06:00:00+07:00"),
        ("2021-10-21T05:59:59+07:00", "2021-10-21T06:00:00+07:00"),
        ("2021-10-21T06:00:00+07:00", "2021-10-21T06:00:00+07:00"),
    ],
)
def test_the_default_hours_in_vietnam(now: str, expected: str) -> None:
    leaves = next_moment(QuietHours(), zone="Asia/Ho_Chi_Minh", now=datetime.fromisoformat(now))
    assert leaves == datetime.fromisoformat(expected)


def test_end_that_the_clock_jumps_over_is_the_jump() -> None:
    # Berlin, 28 March 2021: 02:00 becomes 03:00.
    hours = QuietHours(start=time(22), end=time(2, 30))
    leaves = next_moment(hours, zone="Europe/Berlin", now=datetime(2021, 3, 27, 23, 0, tzinfo=UTC))
    assert leaves == datetime(2021, 3, 28, 1, 0, tzinfo=UTC)


def test_hour_that_comes_twice_is_left_at_its_first_end_and_entered_again() -> None:
    # Berlin, 31 October 2021: 03:00 becomes 02:00.
    hours = QuietHours(start=time(22), end=time(2, 30))
    night = datetime(2021, 10, 30, 23, 0, tzinfo=UTC)
    assert next_moment(hours, zone="Europe/Berlin", now=night) == datetime(2021, 10, 31, 0, 30, tzinfo=UTC)
    again = datetime(2021, 10, 31, 1, 10, tzinfo=UTC)
    assert next_moment(hours, zone="Europe/Berlin", now=again) == datetime(2021, 10, 31, 1, 30, tzinfo=UTC)
