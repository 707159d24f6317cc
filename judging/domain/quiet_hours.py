"""The hours in which a contest sends no letters that can wait, by the clock on its wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)
# A clock that is put forward skips at most this much.
_LONGEST_GAP = timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From `start` until before `end`, over midnight where `end` is earlier; none where both are equal."""

    start: time = time(21)
    end: time = time(6)

    def covers(self, wall: time) -> bool:
        """Whether that time of the day is quiet."""
        if self.start <= self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end


def next_moment(hours: QuietHours, *, zone: str, now: datetime) -> datetime:
    """`now` where letters may leave now, else the first moment at which the quiet hours are over, in UTC.

    Reckoned by what the clock on the wall shows: where it is put forward over the end, they end at that jump; where it
    is put back into them, they go on.
    """
    here = ZoneInfo(zone)
    if not hours.covers(_wall(now, here)):
        return now
    local = now.astimezone(here)
    day = local.date() if local.time() < hours.end else local.date() + timedelta(days=1)
    ended = [datetime.combine(day, hours.end, tzinfo=here).replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    moment = max(min(ended) - _LONGEST_GAP, now.astimezone(UTC))
    moment = moment.replace(second=0, microsecond=0)
    while moment <= now or hours.covers(_wall(moment, here)):
        moment += _MINUTE
    return moment


def _wall(moment: datetime, zone: ZoneInfo) -> time:
    return moment.astimezone(zone).time()
