"""Each class of data is kept for its time and no longer; a regulation can only lengthen it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.retention import (
    CLASSES,
    Kept,
    Terms,
    check_terms,
    files_of,
    goes_at,
    holds_on,
    is_over,
    over_before,
)

PUBLISHED = datetime(2021, 11, 20, 3, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 45 * 365 * 86400).map(
    lambda seconds: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
FILES = (Kept.LOSER_FILES, Kept.WINNER_FILES)


@pytest.mark.parametrize(
    ("kept", "day"),
    [
        (Kept.LOSER_FILES, date(2022, 5, 21)),
        (Kept.WINNER_FILES, date(2023, 11, 21)),
        (Kept.IDLE_ACCOUNTS, date(2023, 11, 21)),
        (Kept.ACCESS_LOG, date(2022, 2, 19)),
        (Kept.AUDIT_LOG, date(2026, 11, 21)),
        (Kept.CONSENT_PROOFS, date(2024, 11, 21)),
    ],
)
def test_class_goes_on_its_day_at_midnight_in_vietnam(kept: Kept, day: date) -> None:
    # Midnight in Vietnam is 17:00 of the day before in UTC.
    assert goes_at(kept, PUBLISHED) == datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=7)


@given(st.sampled_from(Kept), MOMENTS)
def test_nothing_is_over_before_its_moment_and_all_is_after(kept: Kept, since: datetime) -> None:
    over = goes_at(kept, since)

    assert not is_over(kept, since, now=over - timedelta(microseconds=1))
    assert is_over(kept, since, now=over)
    assert over > since


@given(st.sampled_from(FILES), MOMENTS, st.integers(1, 24), st.integers(6, 120), st.sampled_from([0, 5, 10]))
def test_archive_years_only_lengthen(kept: Kept, since: datetime, losers: int, winners: int, years: int) -> None:
    plain = Terms(loser_months=losers, winner_months=winners)
    held = Terms(loser_months=losers, winner_months=winners, archive_years=years)

    assert goes_at(kept, since, terms=held) >= goes_at(kept, since, terms=plain)


def test_five_years_of_a_regulation_outweigh_six_months() -> None:
    assert goes_at(Kept.LOSER_FILES, PUBLISHED, terms=Terms(archive_years=5)).year == 2026


@given(st.sampled_from([one for one in Kept if one not in FILES]), MOMENTS, st.integers(1, 24))
def test_terms_of_a_contest_concern_its_files_only(kept: Kept, since: datetime, months: int) -> None:
    assert goes_at(kept, since, terms=Terms(loser_months=months, archive_years=9)) == goes_at(kept, since)


@pytest.mark.parametrize(
    ("terms", "where"),
    [
        (Terms(), []),
        (Terms(loser_months=0), ["loser_months"]),
        (Terms(loser_months=25, winner_months=5), ["loser_months", "winner_months"]),
        (Terms(archive_years=4), ["archive_years"]),
        (Terms(archive_years=31), ["archive_years"]),
        (Terms(archive_years=5), []),
    ],
)
def test_terms_out_of_bounds_are_named(terms: Terms, where: list[str]) -> None:
    assert [problem.where for problem in check_terms(terms)] == where


def test_hold_stands_to_the_end_of_its_last_day() -> None:
    last = date(2022, 3, 1)
    evening = datetime(2022, 3, 1, 16, 59, tzinfo=UTC)

    assert holds_on(last, lifted=False, now=evening)
    assert not holds_on(last, lifted=False, now=evening + timedelta(minutes=1))
    assert holds_on(None, lifted=False, now=evening + timedelta(days=9999))
    assert not holds_on(None, lifted=True, now=evening)


def test_every_class_is_described() -> None:
    assert set(CLASSES) == set(Kept)
    assert files_of(awarded=True) is Kept.WINNER_FILES


@given(st.sampled_from(Kept), MOMENTS)
def test_what_was_written_before_the_line_is_over_and_the_rest_is_not(kept: Kept, now: datetime) -> None:
    line = over_before(kept, now)

    assert is_over(kept, line - timedelta(microseconds=1), now=now)
    assert not is_over(kept, line, now=now)
