"""The deadline rule, as properties over moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.deadline import (
    MOST_DELAY,
    believed_stamp,
    is_in_time,
    last_moment,
    may_finish_upload,
    read_request_start,
)

D = datetime(2026, 11, 20, 10, tzinfo=UTC)
MS = timedelta(milliseconds=1)
SHORT = st.timedeltas(min_value=timedelta(days=-2), max_value=timedelta(days=2))
GRACE = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=24))


@given(offset=SHORT, grace=GRACE)
def test_received_up_to_the_last_moment_is_in_time_and_nothing_later(offset: timedelta, grace: timedelta) -> None:
    assert is_in_time(D + offset, D, grace) is (offset <= grace)


@given(told=SHORT, lag=SHORT)
def test_stamp_is_never_after_handling_nor_long_before(told: timedelta, lag: timedelta) -> None:
    handled = D + lag

    stamp = believed_stamp(D + told, handled)

    assert handled - MOST_DELAY <= stamp <= handled
    assert stamp == believed_stamp(stamp, handled)
    if handled - MOST_DELAY <= D + told <= handled:
        assert stamp == D + told


@given(early=SHORT, later=SHORT, grace=GRACE, closing=SHORT)
def test_whoever_comes_earlier_is_never_worse_off(
    early: timedelta, later: timedelta, grace: timedelta, closing: timedelta
) -> None:
    first, second = sorted((D + early, D + later))

    if is_in_time(second, D, grace, closed_at=D + closing):
        assert is_in_time(first, D, grace, closed_at=D + closing)


@given(closing=SHORT, grace=GRACE)
def test_closing_by_hand_counts_only_before_the_deadline(closing: timedelta, grace: timedelta) -> None:
    expected = D + closing if closing < timedelta(0) else D + grace

    assert last_moment(D, grace, closed_at=D + closing) == expected


@given(begun=SHORT, ended=SHORT, grace=GRACE)
def test_upload_begun_in_time_may_end_within_the_grace(begun: timedelta, ended: timedelta, grace: timedelta) -> None:
    expected = begun <= timedelta(0) and ended <= grace

    assert may_finish_upload(D + begun, D + ended, D, grace) is expected


def test_contest_without_a_deadline_takes_entries_until_it_is_closed() -> None:
    assert is_in_time(D, None, timedelta(0))
    assert is_in_time(D, None, timedelta(0), closed_at=D)
    assert not is_in_time(D + MS, None, timedelta(0), closed_at=D)
    assert may_finish_upload(D, D + MS, None, timedelta(0))


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York", "UTC"])
def test_zone_in_which_a_deadline_was_written_does_not_matter(zone: str) -> None:
    local = D.astimezone(ZoneInfo(zone))

    assert [is_in_time(D + step, local, timedelta(0)) for step in (-MS, 0 * MS, MS)] == [True, True, False]


def test_hour_that_comes_twice_is_told_apart() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    second = first.replace(fold=1)

    deadline = first.astimezone(UTC)

    assert is_in_time(first.astimezone(UTC), deadline, timedelta(0))
    assert not is_in_time(second.astimezone(UTC), deadline, timedelta(0))


@given(st.datetimes(min_value=datetime(2002, 1, 1), max_value=datetime(2250, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_request_start_is_read_in_each_unit(moment: datetime) -> None:
    microseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    seconds, rest = divmod(microseconds, 10**6)

    assert read_request_start(f"t={seconds}.{rest:06d}") == moment
    assert read_request_start(f"{microseconds}") == moment
    assert read_request_start(f"t={microseconds // 1000}") == moment - timedelta(microseconds=microseconds % 1000)


@pytest.mark.parametrize(
    "text", ["", "t=", "now", "-1735689600", "1e9", "17356896٠0", "t=1735689600.x", "12", "9" * 19, "1" * 40]
)
def test_request_start_that_says_nothing_is_passed_over(text: str) -> None:
    assert read_request_start(text) is None
