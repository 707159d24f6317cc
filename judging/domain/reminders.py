"""When drafts are reminded of the deadline: so many hours before it, each step once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from judging.domain.values import Problem
from judging.errors import N_

DEFAULT_STEPS = (72, 24)
"""Hours before the deadline: three days and one."""

MOST_STEPS = 6
LONGEST_STEP = 24 * 60


def due_step(*, closes_at: datetime | None, steps: Collection[int], now: datetime) -> int | None:
    """The step that is due at `now`; None before the first one and from the deadline on.

    It is the last one whose moment has come: whoever was not reminded in time is not sent all the missed ones at once.
    """
    if closes_at is None or now >= closes_at:
        return None
    reached = [step for step in steps if step_moment(closes_at, step) <= now]
    return min(reached, default=None)


def step_moment(closes_at: datetime, step: int) -> datetime:
    """When the reminder of a step leaves, quiet hours apart."""
    return closes_at - timedelta(hours=step)


def check_steps(steps: Sequence[int]) -> tuple[Problem, ...]:
    """What is wrong with the steps of a contest; they may be none."""
    if len(steps) > MOST_STEPS:
        message = N_("At most %(limit)s reminders are sent before a deadline.")
        return (Problem(code="too-many-steps", where="steps", message=message, params={"limit": MOST_STEPS}),)
    if any(not 1 <= step <= LONGEST_STEP for step in steps):
        message = N_("A reminder leaves at least 1 hour and at most 60 days before the deadline.")
        return (Problem(code="step-out-of-range", where="steps", message=message),)
    return ()
