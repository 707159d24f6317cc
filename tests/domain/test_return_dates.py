"""The date of a returned dossier: when it is reminded of, and what a later one needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.return_dates import LEAD, check_later_date, is_reminder_due, reminder_moment

NOW = datetime(2021, 7, 1, 8, tzinfo=UTC)
SPANS = st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=60))


@given(SPANS)
def test_reminder_lies_in_the_second_half_and_at_most_two_days_before(span: timedelta) -> None:
    moment = reminder_moment(given_at=NOW, until=NOW + span)
    assert NOW < moment < NOW + span
    assert moment - NOW >= span / 2
    assert NOW + span - moment <= LEAD


@given(SPANS, SPANS)
def test_reminder_is_due_from_its_moment_until_the_date(span: timedelta, after: timedelta) -> None:
    until, now = NOW + span, NOW + after
    due = is_reminder_due(given_at=NOW, until=until, now=now)
    assert due == (reminder_moment(given_at=NOW, until=until) <= now < until)


def test_later_date_needs_a_reason_and_a_day_after_the_present_one() -> None:
    def codes(until: datetime | None, reason: str = "Ốm.", *, now: datetime = NOW) -> list[str]:
        return [one.code for one in check_later_date(present=NOW, until=until, reason=reason, now=now)]

    assert codes(NOW + timedelta(days=1)) == []
    assert codes(None, " ") == ["date-missing", "missing"]
    assert codes(NOW) == ["shorter"]
    assert codes(NOW + timedelta(days=1), now=NOW + timedelta(days=2)) == ["date-past"]
