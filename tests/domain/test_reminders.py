"""Which reminder is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.reminders import check_steps, due_step, step_moment

CLOSES = datetime(2021, 11, 1, 10, tzinfo=UTC)
steps_of_a_contest = st.lists(st.integers(1, 1440), max_size=6, unique=True)


@given(steps_of_a_contest, st.integers(-3000, 3000))
def test_due_step_is_the_last_one_reached(steps: list[int], hours: int) -> None:
    now = CLOSES - timedelta(hours=hours)
    due = due_step(closes_at=CLOSES, steps=steps, now=now)
    reached = sorted(step for step in steps if step >= hours)
    assert due == (reached[0] if hours > 0 and reached else None)


@given(steps_of_a_contest, st.timedeltas(timedelta(0), timedelta(days=90)))
def test_nobody_is_reminded_after_the_deadline(steps: list[int], late: timedelta) -> None:
    assert due_step(closes_at=CLOSES, steps=steps, now=CLOSES + late) is None


def test_moved_deadline_makes_the_steps_anew() -> None:
    now = step_moment(CLOSES, 24)
    assert due_step(closes_at=CLOSES, steps=(72, 24), now=now) == 24
    assert due_step(closes_at=CLOSES + timedelta(days=10), steps=(72, 24), now=now) is None
    assert due_step(closes_at=None, steps=(72, 24), now=now) is None


def test_steps_out_of_range_are_refused() -> None:
    assert [one.code for one in check_steps([0])] == ["step-out-of-range"]
    assert [one.code for one in check_steps([1441])] == ["step-out-of-range"]
    assert [one.code for one in check_steps(range(1, 8))] == ["too-many-steps"]
    assert check_steps([]) == check_steps([1, 1440]) == ()
