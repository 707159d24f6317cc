"""The pace of a judge, and what is left at it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.pace import LONGEST_SITTING, minutes_left, minutes_of_panel, pace_of, usual_pace

BEGAN = datetime(2021, 8, 2, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def recorded(*gaps: float) -> list[datetime]:
    """Sheets with so many minutes from one to the next."""
    return [BEGAN + minutes * MINUTE for minutes in accumulate([0.0, *gaps])]


@pytest.mark.parametrize("gaps", [(), (10,), (10, 600), (600, 700, 800)])
def test_no_pace_is_told_from_too_few_sheets_of_one_sitting(gaps: tuple[float, ...]) -> None:
    assert pace_of(recorded(*gaps)) is None


def test_pace_is_the_median_and_leaves_breaks_out() -> None:
    assert pace_of(recorded(8, 12, 900, 10)) == 10 * MINUTE


@given(st.lists(st.integers(1, 119), min_size=2, max_size=30), st.randoms())
def test_pace_lies_between_the_shortest_and_the_longest_gap_whatever_the_order(gaps: list[int], draw: object) -> None:
    moments = recorded(*gaps)
    getattr(draw, "shuffle")(moments)  # noqa: B009 - its class is not public
    pace = pace_of(moments)
    assert pace is not None
    assert min(gaps) * MINUTE <= pace <= max(gaps) * MINUTE <= LONGEST_SITTING


def test_minutes_are_rounded_up_and_unknown_without_a_pace() -> None:
    assert minutes_left(3, timedelta(minutes=2, seconds=10)) == 7
    assert minutes_left(0, None) == 0
    assert minutes_left(1, None) is None


def test_panel_waits_for_its_slowest_judge() -> None:
    assert minutes_of_panel([5, 0, 40]) == 40
    assert minutes_of_panel([5, None]) is None
    assert minutes_of_panel([]) == 0


def test_usual_pace_is_that_of_the_judge_in_the_middle() -> None:
    assert usual_pace([9 * MINUTE, 1 * MINUTE, 4 * MINUTE]) == 4 * MINUTE
    assert usual_pace([]) is None
