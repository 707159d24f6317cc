"""How long is left at the pace so far: of one judge, and of a panel, which is done when its last judge is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

LONGEST_SITTING = timedelta(hours=2)
"""Between two sheets that lie further apart somebody did something else."""

LEAST_GAPS = 2
"""From fewer gaps than these no pace is told."""


def pace_of(moments: Sequence[datetime]) -> timedelta | None:
    """The median time from one recorded sheet to the next, breaks left out; None where there are too few to tell."""
    rising = sorted(moments)
    gaps = [later - earlier for earlier, later in pairwise(rising) if later - earlier <= LONGEST_SITTING]
    return _middle(gaps) if len(gaps) >= LEAST_GAPS else None


def usual_pace(paces: Iterable[timedelta]) -> timedelta | None:
    """The median of the judges' paces, by which those are reckoned who have none yet."""
    known = list(paces)
    return _middle(known) if known else None


def minutes_left(sheets: int, pace: timedelta | None) -> int | None:
    """Whole minutes for so many sheets, rounded up; nothing to do takes none, at no pace nobody knows."""
    if sheets <= 0:
        return 0
    return None if pace is None else math.ceil(sheets * pace / timedelta(minutes=1))


def minutes_of_panel(judges: Sequence[int | None]) -> int | None:
    """The minutes of whoever needs longest; None where somebody's are unknown."""
    known = [minutes for minutes in judges if minutes is not None]
    return max(known, default=0) if len(known) == len(judges) else None


def _middle(spans: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=median(span.total_seconds() for span in spans))
