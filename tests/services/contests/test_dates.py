"""The dates of a contest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Actor, Role
from judging.errors import NotAllowed, Refused
from judging.plugins import Registry
from judging.services.contests.dates import (
    DATE_LABELS,
    ContestDates,
    change_dates,
    check_dates,
    dates_of,
    movable_dates,
)
from tests.factories import NOW, make_contest

ORGANISER = Actor(account_id="o", roles=frozenset({Role.ORGANISER}))
DAY = timedelta(days=1)


@given(st.lists(st.none() | st.integers(0, 400), min_size=5, max_size=5))
def test_dates_are_in_order_exactly_when_those_that_are_set_rise(days: list[int | None]) -> None:
    dates = ContestDates(
        **{name: None if day is None else NOW + day * DAY for name, day in zip(DATE_LABELS, days, strict=True)}
    )
    given_days = [day for day in days if day is not None]

    rises = all(earlier < later for earlier, later in pairwise(given_days))

    assert (check_dates(dates) == ()) == rises


def test_deadline_of_an_open_contest_can_be_put_off_and_is_recorded(session: Session, registry: Registry) -> None:
    contest = make_contest(session, registry, phase="open", closes_at=NOW + DAY)

    change_dates(
        session, contest=contest, actor=ORGANISER, dates=replace(dates_of(contest), closes_at=NOW + 3 * DAY), now=NOW
    )

    assert contest.closes_at == NOW + 3 * DAY
    event = session.scalars(select(AuditEvent)).one()
    assert event.details["from"] == {"closes_at": (NOW + DAY).isoformat()}
    assert event.details["to"] == {"closes_at": (NOW + 3 * DAY).isoformat()}


@pytest.mark.parametrize("closes_at", [None, NOW, NOW - DAY])
def test_deadline_of_an_open_contest_cannot_be_moved_into_the_past(
    session: Session, registry: Registry, closes_at: object
) -> None:
    contest = make_contest(session, registry, phase="open", closes_at=NOW + DAY)
    dates = replace(dates_of(contest), closes_at=closes_at)  # type: ignore[arg-type]  # parametrised

    with pytest.raises(Refused) as refused:
        change_dates(session, contest=contest, actor=ORGANISER, dates=dates, now=NOW)

    assert [problem.where for problem in refused.value.problems] == ["closes_at"]
    assert contest.closes_at == NOW + DAY


def test_date_that_is_over_stays(session: Session, registry: Registry) -> None:
    contest = make_contest(session, registry, phase="judging", closes_at=NOW - 2 * DAY)

    with pytest.raises(Refused) as refused:
        change_dates(
            session, contest=contest, actor=ORGANISER, dates=replace(dates_of(contest), closes_at=NOW - DAY), now=NOW
        )

    assert [(one.code, one.where) for one in refused.value.problems] == [("date-fixed", "closes_at")]


def test_secretary_moves_no_date(session: Session, registry: Registry) -> None:
    contest = make_contest(session, registry)

    with pytest.raises(NotAllowed):
        change_dates(
            session, contest=contest, actor=Actor(roles=frozenset({Role.SECRETARY})), dates=ContestDates(), now=NOW
        )


def test_everything_moves_in_preparation_and_nothing_after_publication() -> None:
    assert movable_dates(ContestPhase.DRAFT) == frozenset(DATE_LABELS)
    assert movable_dates(ContestPhase.PUBLISHED) == frozenset()
    assert movable_dates(ContestPhase.SUSPENDED) == frozenset()
