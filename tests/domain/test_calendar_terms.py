"""Terms are counted as laws count them: in days, working days and months, to the end of the last day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.calendar_terms import Term, add_months, add_working_days, end_of_term, is_working_day, last_day

DAYS = st.dates(date(2000, 1, 1), date(2080, 1, 1))
ZONES = st.sampled_from(["Asia/Ho_Chi_Minh", "UTC", "Europe/Berlin", "America/St_Johns"])


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@given(DAYS, st.integers(0, 120))
def test_months_never_skip_one(day: date, months: int) -> None:
    then = add_months(day, months)

    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day <= day.day


def test_friday_and_two_working_days_is_tuesday() -> None:
    assert add_working_days(date(2026, 11, 27), 2) == date(2026, 12, 1)


@given(DAYS, st.integers(1, 60), st.sets(DAYS, max_size=10))
def test_working_days_between_are_exactly_so_many(day: date, count: int, holidays: set[date]) -> None:
    then = add_working_days(day, count, holidays=holidays)

    passed = [day + timedelta(days=n) for n in range(1, (then - day).days + 1)]
    assert sum(is_working_day(one, holidays=holidays) for one in passed) == count
    assert is_working_day(then, holidays=holidays)


@given(st.integers(0, 80 * 365 * 86400), ZONES, st.integers(1, 100))
def test_term_ends_with_the_midnight_after_its_last_day(seconds: int, zone: str, days: int) -> None:
    since, here = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds), ZoneInfo(zone)

    over = end_of_term(since, Term(days=days), zone=zone)

    before = (over - timedelta(microseconds=1)).astimezone(here)
    assert before.date() == last_day(since.astimezone(here).date(), Term(days=days))
    assert over.astimezone(here).date() == before.date() + timedelta(days=1)


@pytest.mark.parametrize("given_term", [{}, {"days": 1, "months": 1}, {"days": -1}])
def test_term_is_one_number_above_zero(given_term: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a term is"):
        Term(**given_term)
