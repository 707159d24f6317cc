"""T17: what is in time and what is late, to the millisecond, over the whole application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from judging.composition import create_web
from judging.db.models import Account, AuditEvent, Contest, Entry, IntakeSettings, Receipt
from judging.services.audit import record_event
from judging.services.contests.deadlines import entry_deadline
from tests.factories import make_account, make_contest
from tests.services.entries.test_entries import complete

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from judging.services.platform import Platform

SignIn = Callable[["FlaskClient", Account], str]
D = datetime(2021, 6, 11, 10, tzinfo=UTC)
MS = timedelta(milliseconds=1)


@pytest.fixture
def app(platform: Platform) -> Flask:
    """The application behind one proxy, which stamps each request as it comes."""
    made = create_web(replace(platform, settings=replace(platform.settings, trusted_proxies=1)))
    made.testing = True
    return made


def _hand_in(
    app: Flask,
    platform: Platform,
    sign_in: SignIn,
    *,
    received: datetime,
    delay: timedelta = timedelta(0),
    grace: int = 0,
    closed_at: datetime | None = None,
    deadline: datetime = D,
    **values: Any,
) -> tuple[str, Receipt]:
    """Hand a complete draft in and say what became of it."""
    with platform.database.writing() as session:
        author = make_account(session)
        contest = make_contest(session, platform.registry, closes_at=deadline, **values)
        session.add(IntakeSettings(contest_id=contest.id, grace_minutes=grace, checklist=[], reasons=[]))
        entry = complete(session, contest, owner=author)
        if closed_at is not None:
            record_event(
                session, action="phase-changed", subject="contest", subject_id=contest.id, contest_id=contest.id,
                actor_id=None, now=closed_at, details={"from": "open", "to": "closed"},
            )  # fmt: skip
            contest.phase = "closed"
        entry_id = entry.id
        session.flush()
        session.refresh(author)
        session.expunge_all()
    client = app.test_client()
    with time_machine.travel(received - timedelta(hours=1), tick=False):
        token = sign_in(client, author)
    with time_machine.travel(received + delay, tick=False):
        stamp = f"t={received.timestamp():.3f}"
        answer = client.post(
            f"/entries/{entry_id}/submit", data={"csrf_token": token}, headers={"X-Request-Start": stamp}
        )
    assert answer.status_code == 302, answer.text
    with platform.database.reading() as session:
        state = session.get_one(Entry, entry_id).state
        receipt = session.scalars(select(Receipt).where(Receipt.entry_id == entry_id)).one()
        session.expunge_all()
    return state, receipt


@pytest.mark.parametrize(
    ("step", "delay", "state"),
    [
        (-MS, 0, "submitted"),
        (0 * MS, 0, "submitted"),
        (MS, 0, "late"),
        (-MS, 30, "submitted"),
        (0 * MS, 60, "submitted"),
        (MS, 30, "late"),
        (-MS, 61, "late"),
    ],
)
def test_submission_counts_when_it_was_received(
    app: Flask, platform: Platform, sign_in: SignIn, step: timedelta, delay: int, state: str
) -> None:
    """Each twice the same, and whatever is late has its receipt too."""
    found = [_hand_in(app, platform, sign_in, received=D + step, delay=timedelta(seconds=delay)) for _again in range(2)]

    assert [one[0] for one in found] == [state, state]
    assert {one[1].at for one in found} == {D + step if delay < 61 else D - MS + timedelta(seconds=1)}


@pytest.mark.parametrize(("step", "state"), [(-MS, "submitted"), (0 * MS, "submitted"), (MS, "late")])
def test_grace_is_added_to_the_deadline(
    app: Flask, platform: Platform, sign_in: SignIn, step: timedelta, state: str
) -> None:
    received = D + timedelta(minutes=15) + step

    assert _hand_in(app, platform, sign_in, received=received, grace=15)[0] == state


@pytest.mark.parametrize(("seconds", "state"), [(0, "submitted"), (20, "submitted"), (-5, "submitted")])
def test_closing_cuts_off_nothing_that_waits(
    app: Flask, platform: Platform, sign_in: SignIn, seconds: int, state: str
) -> None:
    """Received at the deadline; closed by a job at that moment, while it waits, or by hand seconds before."""
    closed = D + timedelta(seconds=seconds)
    received = min(closed, D)

    found, _receipt = _hand_in(app, platform, sign_in, received=received, delay=timedelta(seconds=30), closed_at=closed)

    assert found == state


def test_submission_after_an_early_closing_is_late(app: Flask, platform: Platform, sign_in: SignIn) -> None:
    closed = D - timedelta(hours=1)

    assert _hand_in(app, platform, sign_in, received=closed + MS, closed_at=closed)[0] == "late"


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York"])
def test_zone_of_the_contest_is_not_the_servers(app: Flask, platform: Platform, sign_in: SignIn, zone: str) -> None:
    states = [_hand_in(app, platform, sign_in, received=D + step, zone=zone)[0] for step in (0 * MS, MS)]

    assert states == ["submitted", "late"]


@pytest.mark.parametrize("hour", [0, 1])
def test_night_in_which_an_hour_comes_twice(app: Flask, platform: Platform, sign_in: SignIn, hour: int) -> None:
    """02:30 in Berlin on 31 October 2021, once at 00:30 and once at 01:30 UTC."""
    night = datetime(2021, 10, 31, hour, 30, tzinfo=UTC)

    states = [
        _hand_in(app, platform, sign_in, received=night + step, deadline=night, zone="Europe/Berlin")[0]
        for step in (-MS, 0 * MS, MS)
    ]

    assert states == ["submitted", "submitted", "late"]


def test_upload_begun_before_may_end_within_the_grace(platform: Platform) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, closes_at=D)
        session.add(IntakeSettings(contest_id=contest.id, grace_minutes=10, checklist=[], reasons=[]))
        entry = complete(session, contest)
        limit = D + timedelta(minutes=10)

        held = entry_deadline(session, entry)

        assert [held.may_finish_upload(D - MS, limit + step) for step in (-MS, 0 * MS, MS)] == [True, True, False]
        assert not held.may_finish_upload(D + MS, D + MS)


def test_stamp_of_a_reader_is_not_believed(platform: Platform, sign_in: SignIn) -> None:
    """Without a proxy anybody could send the header."""
    direct = create_web(platform)
    direct.testing = True

    state, receipt = _hand_in(direct, platform, sign_in, received=D, delay=timedelta(seconds=30))

    assert (state, receipt.at) == ("late", D + timedelta(seconds=30))


def test_late_entry_is_in_the_record(app: Flask, platform: Platform, sign_in: SignIn) -> None:
    _state, receipt = _hand_in(app, platform, sign_in, received=D + MS)

    with platform.database.reading() as session:
        query = select(AuditEvent.details).where(AuditEvent.action == "entry-late")
        contest = session.scalars(select(Contest)).one()
        assert contest.closes_at == D
        assert session.scalars(query).one()["receipt"] == receipt.number
