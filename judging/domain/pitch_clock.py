"""The clock of a presentation that all devices of a room share: minutes to present, then minutes for questions.

The server keeps what happened and when; each device works out what to show from the server's time. A part that is over
counts on, so that the chair sees by how much.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from judging.errors import N_, Conflict


class ClockPart(StrEnum):
    """What is being timed."""

    IDLE = "idle"
    PRESENTATION = "presentation"
    QUESTIONS = "questions"


class ClockAct(StrEnum):
    """What can be done to a clock."""

    START = "start"
    PAUSE = "pause"
    QUESTIONS = "questions"
    RESET = "reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class PitchClock:
    """A clock: which part, since when it runs (None while it stands), and how long before that, in milliseconds."""

    part: ClockPart = ClockPart.IDLE
    since: datetime | None = None
    spent_ms: int = 0

    def passed(self, now: datetime) -> timedelta:
        """How much of the part has passed. A server clock that was set back takes nothing away."""
        running = max(now - self.since, timedelta()) if self.since is not None else timedelta()
        return timedelta(milliseconds=self.spent_ms) + running


def move_clock(clock: PitchClock, act: ClockAct, *, now: datetime) -> PitchClock:
    """The clock after `act`. Raises Conflict for an act that means nothing now, as a pause of a clock that stands."""
    if act is ClockAct.RESET:
        return PitchClock()
    if act is ClockAct.QUESTIONS:
        if clock.part is ClockPart.QUESTIONS:
            raise Conflict(N_("The time for questions runs already."))
        return PitchClock(part=ClockPart.QUESTIONS, since=now)
    if act is ClockAct.PAUSE:
        if clock.since is None:
            raise Conflict(N_("The clock stands already."))
        passed = clock.passed(now) // timedelta(milliseconds=1)
        return replace(clock, since=None, spent_ms=passed)
    if clock.since is not None:
        raise Conflict(N_("The clock runs already."))
    part = ClockPart.PRESENTATION if clock.part is ClockPart.IDLE else clock.part
    return replace(clock, part=part, since=now)
