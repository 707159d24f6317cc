"""Keeping the end of a round: a sheet that is handed in after it is refused, and its draft stays."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from judging.domain.deadline import believed_stamp
from judging.errors import N_, Conflict

if TYPE_CHECKING:
    from datetime import datetime

    from judging.db.models import Contest
    from judging.services.judges.repeats.reading import RepeatReading
    from judging.services.sheets.readings import Reading


class RoundEnded(Conflict):
    """The sheet came after the end of its round. `received_at` is the stamp that was held against it."""

    def __init__(self, *, assignment_id: str, until: str, received_at: datetime) -> None:
        message = N_(
            "The round ended at %(until)s: sheets are no longer taken. Ask the office of the contest for more time."
        )
        super().__init__(message, until=until)
        self.assignment_id = assignment_id
        self.received_at = received_at


def check_end(reading: Reading | RepeatReading, *, received_at: datetime | None, now: datetime) -> None:
    """Refuse a sheet that was received after its end; `received_at` is `now` where it is not known.

    Raises RoundEnded.
    """
    stamp = believed_stamp(received_at or now, now)
    last = reading.end.last
    if last is not None and not reading.end.takes(stamp):
        until = end_text(reading.contest, last)
        raise RoundEnded(assignment_id=reading.assignment.id, until=until, received_at=stamp)


def end_text(contest: Contest, until: datetime) -> str:
    """The moment as refusals and letters tell it, by the contest's clock and with its offset."""
    local = until.astimezone(ZoneInfo(contest.zone))
    return f"{local:%H:%M, %d/%m/%Y} (UTC{local:%z})"
