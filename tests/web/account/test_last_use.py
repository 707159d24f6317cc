"""A session lasts while it is in use: its last use is written down, and not at every request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import time_machine

from judging.db.models import Account, LoginSession
from judging.services.access.sign_in import IDLE_ADMINISTRATOR
from tests.factories import make_account

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.services.platform import Platform

START = datetime(2021, 10, 20, 3, 0, tzinfo=UTC)


def _seen_at(platform: Platform) -> datetime:
    with platform.database.reading() as session:
        return session.query(LoginSession).one().seen_at


def test_session_in_use_outlives_the_time_after_which_an_idle_one_ends(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], platform: Platform
) -> None:
    with platform.database.writing() as session:
        account = make_account(session, is_administrator=True)
    with time_machine.travel(START, tick=False) as clock:
        sign_in(client, account)
        for _ in range(5):
            clock.shift(IDLE_ADMINISTRATOR * 2 / 3)
            assert client.get("/account").status_code == 200

        assert _seen_at(platform) == START + 5 * IDLE_ADMINISTRATOR * 2 / 3
        clock.shift(IDLE_ADMINISTRATOR + timedelta(minutes=1))
        assert client.get("/account").status_code == 302


def test_refused_request_counts_as_use_and_stores_nothing_else(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], platform: Platform
) -> None:
    with platform.database.writing() as session:
        account = make_account(session)
    with time_machine.travel(START, tick=False) as clock:
        token = sign_in(client, account)
        clock.shift(timedelta(hours=1))

        assert client.post("/organise/entries/nothing/remove", data={"csrf_token": token}).status_code == 404

        assert _seen_at(platform) == START + timedelta(hours=1)


def test_last_use_is_not_written_at_every_request(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], platform: Platform
) -> None:
    with platform.database.writing() as session:
        account = make_account(session)
    with time_machine.travel(START, tick=False) as clock:
        sign_in(client, account)
        clock.shift(timedelta(minutes=2))

        client.get("/account")

        assert _seen_at(platform) == START
