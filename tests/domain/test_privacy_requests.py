"""A request has two dates, moves only forward, and is reminded of once before and once after each of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.privacy_requests import (
    OPEN,
    Profile,
    RequestKind,
    RequestState,
    RequestStep,
    dues_of,
    next_due,
    profile_of_zone,
    reminder_of,
    step_leads_to,
)

VN = "Asia/Ho_Chi_Minh"
MOMENTS = st.integers(0, 40 * 365 * 86400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
# Friday, 10:00 in Vietnam.
FRIDAY = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


def vietnam(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=7)


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        (RequestKind.SEE, vietnam(2026, 12, 13)),
        (RequestKind.CORRECT, vietnam(2026, 12, 13)),
        (RequestKind.RESTRICT, vietnam(2026, 12, 13)),
        (RequestKind.WITHDRAW, vietnam(2026, 12, 13)),
        (RequestKind.ERASE, vietnam(2026, 12, 18)),
    ],
)
def test_vietnam_answers_in_two_working_days_and_acts_in_15_or_20(kind: RequestKind, act: datetime) -> None:
    dues = dues_of(kind, Profile.VN, FRIDAY, zone=VN)

    assert dues.answer == vietnam(2026, 12, 2)
    assert dues.act == act


def test_europe_has_one_month() -> None:
    dues = dues_of(RequestKind.ERASE, Profile.EU, datetime(2026, 1, 31, 12, tzinfo=UTC), zone="UTC")

    assert dues.answer == dues.act == datetime(2026, 3, 1, tzinfo=UTC)


@given(st.sampled_from(RequestKind), st.sampled_from(Profile), MOMENTS)
def test_dates_lie_ahead_and_the_answer_is_never_after_the_act(
    kind: RequestKind, profile: Profile, received: datetime
) -> None:
    dues = dues_of(kind, profile, received, zone=VN)

    assert received < dues.answer <= dues.act


@given(st.sampled_from(RequestStep), st.sampled_from(RequestState))
def test_what_is_closed_takes_notes_and_nothing_else(step: RequestStep, state: RequestState) -> None:
    after = step_leads_to(step, state)

    if state not in OPEN:
        assert after == (state if step is RequestStep.NOTE else None)
    elif step is not RequestStep.NOTE:
        assert after != state


@given(st.sampled_from(RequestState), st.sampled_from(RequestKind), MOMENTS, st.integers(-40, 40))
def test_reminders_come_from_a_day_before_and_never_for_what_is_closed(
    state: RequestState, kind: RequestKind, received: datetime, days: int
) -> None:
    dues = dues_of(kind, Profile.VN, received, zone=VN)
    due = next_due(state, dues)
    now = received + timedelta(days=days)

    told = reminder_of(state, dues, now)

    assert (due is None) == (state not in OPEN)
    if due is None:
        assert told == ""
    else:
        assert told == ("late" if now >= due else "soon" if due - now <= timedelta(days=1) else "")


def test_answered_request_waits_for_its_act() -> None:
    dues = dues_of(RequestKind.SEE, Profile.VN, FRIDAY, zone=VN)

    assert next_due(RequestState.RECEIVED, dues) == dues.answer
    assert next_due(RequestState.ANSWERED, dues) == dues.act


@pytest.mark.parametrize(("zone", "profile"), [(VN, Profile.VN), ("Europe/Paris", Profile.EU), ("UTC", Profile.VN)])
def test_profile_goes_by_the_clock(zone: str, profile: Profile) -> None:
    assert profile_of_zone(zone) is profile
