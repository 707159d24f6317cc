"""Counting days, working days, months and years from a moment, as laws and rules of keeping count them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Collection

_SATURDAY = 5
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A length of time in calendar months, calendar days or working days; exactly one of them is not 0."""

    months: int = 0
    days: int = 0
    working_days: int = 0

    def __post_init__(self) -> None:
        given = [one for one in (self.months, self.days, self.working_days) if one]
        if len(given) != 1 or given[0] < 0:
            raise ValueError("a term is a number of months, of days or of working days above 0")


def add_months(day: date, months: int) -> date:
    """The same day of a later (or, below 0, an earlier) month; its last day where the month is too short."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_working_days(day: date, count: int, *, holidays: Collection[date] = ()) -> date:
    """The `count`-th working day after `day`. Saturdays, Sundays, `holidays` and `day` itself do not count."""
    while count:
        day += timedelta(days=1)
        if is_working_day(day, holidays=holidays):
            count -= 1
    return day


def is_working_day(day: date, *, holidays: Collection[date] = ()) -> bool:
    """Whether offices work on that day."""
    return day.weekday() < _SATURDAY and day not in holidays


def last_day(since: date, term: Term, *, holidays: Collection[date] = ()) -> date:
    """The last day of a term that begins with the day after `since`."""
    if term.months:
        return add_months(since, term.months)
    if term.days:
        return since + timedelta(days=term.days)
    return add_working_days(since, term.working_days, holidays=holidays)


def end_of_term(since: datetime, term: Term, *, zone: str, holidays: Collection[date] = ()) -> datetime:
    """The first moment, in UTC, at which the term is over: the midnight that ends its last day in `zone`."""
    here = ZoneInfo(zone)
    day = last_day(since.astimezone(here).date(), term, holidays=holidays)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=here).astimezone(UTC)
