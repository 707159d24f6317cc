"""The progress of a round, polled: the part of the page that moves, and the same figures for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from judging.db.models import Account, Assignment
from judging.db.session import Database
from judging.plugins import Registry
from judging.services.access.api_tokens import READ, make_token
from tests.factories import NOW, make_assignment, make_entry, make_judge, make_sheet
from tests.services.office import PRELIMINARY, Office, hold_contest, set_round

DONE, LEFT = 3, 2
"""Sheets that one judge has handed in, ten minutes apart, and has before them."""

SignIn = Callable[[FlaskClient, Account], str]


@pytest.fixture
def judged(database: Database, registry: Registry) -> Office:
    """A contest with a judge who hands in a sheet every ten minutes, and has some left."""
    with database.writing() as session:
        held = hold_contest(session, registry, entries=1, shares=("0.8",))
        set_round(session, held, PRELIMINARY, "open").opened_at = NOW - timedelta(days=5)
        judge = make_judge(session, held.contest)
        for number in range(DONE + LEFT):
            made = make_assignment(session, make_entry(session, held.contest), judge, round_key=PRELIMINARY)
            if number < DONE:
                make_sheet(session, made, held.rules.rounds[0], submitted_at=NOW + number * timedelta(minutes=10))
        assert judge.account.name
    return held


def _live(held: Office) -> str:
    return f"/organise/{held.contest.slug}/rounds/{PRELIMINARY}/progress/live"


def _finish_one(database: Database) -> None:
    with database.writing() as session:
        row = session.query(Assignment).filter_by(state="assigned").first()
        assert row is not None
        row.state = "written-off"


def test_moving_part_is_sent_again_only_when_something_moved(
    client: FlaskClient, sign_in: SignIn, database: Database, judged: Office
) -> None:
    sign_in(client, judged.desk)
    first = client.get(_live(judged))
    tag = first.headers["ETag"]

    again = client.get(_live(judged), headers={"If-None-Match": tag})
    _finish_one(database)
    moved = client.get(_live(judged), headers={"If-None-Match": tag})

    assert first.status_code == 200
    assert "<html" not in first.text
    assert (again.status_code, again.text) == (304, "")
    assert moved.status_code == 200
    assert moved.headers["ETag"] != tag
    assert "20 minutes" in first.text
    assert "10 minutes" in moved.text


def test_page_holds_the_moving_part_without_a_script(client: FlaskClient, sign_in: SignIn, judged: Office) -> None:
    sign_in(client, judged.desk)
    page = client.get(_live(judged).removesuffix("/live")).text

    assert f'data-progress="{_live(judged)}"' in page
    assert "20 minutes" in page
    assert " ".join(client.get(_live(judged)).text.split()) in " ".join(page.split())


def test_moving_part_is_closed_to_judges_and_to_an_organiser_who_judges(
    client: FlaskClient, sign_in: SignIn, database: Database, judged: Office
) -> None:
    with database.writing() as session:
        judge = make_judge(session, judged.contest)
        account = judge.account
        make_judge(session, judged.contest, account=judged.desk)
    sign_in(client, judged.desk)
    assert client.get(_live(judged)).status_code == 403
    sign_in(client, account)
    assert client.get(_live(judged)).status_code == 404


def test_program_reads_the_same_figures(client: FlaskClient, database: Database, judged: Office) -> None:
    with database.writing() as session:
        token = make_token(session, account=judged.desk, name="board", scopes=[READ], now=datetime.now(UTC)).text
    path = f"/api/v1/contests/{judged.contest.slug}/rounds/{PRELIMINARY}/progress"
    headers = {"Authorization": f"Bearer {token}"}

    answer = client.get(path, headers=headers)
    again = client.get(path, headers={**headers, "If-None-Match": answer.headers["ETag"]})

    told: dict[str, Any] = answer.get_json()
    others = len(judged.judges)
    assert (told["done"], told["total"]) == (DONE + others, DONE + LEFT + others)
    busiest = told["judges"][0]
    assert (busiest["done"], busiest["left"], busiest["minutes_left"]) == (DONE, LEFT, 20)
    assert {one["minutes_left"] for one in told["judges"][1:]} == {0}
    assert again.status_code == 304
    assert client.get(path.replace(PRELIMINARY, "none"), headers=headers).status_code == 404


def test_silent_judges_are_marked_for_a_message_and_nobody_is_chosen(
    client: FlaskClient, sign_in: SignIn, judged: Office
) -> None:
    sign_in(client, judged.desk)
    path = f"/organise/{judged.contest.slug}/messages/new"

    page = client.get(f"{path}?silent=1").text
    plain = client.get(path).text

    assert f'href="{path}?silent=1"' in client.get(_live(judged)).text
    # Whoever has handed everything in is not silent.
    assert page.count(" · silent<") == 1
    assert page.count('name="picked"') == len(judged.judges) + 1
    assert not [one for one in page.split("<input") if 'name="picked"' in one and "checked" in one.partition(">")[0]]
    assert " · silent" not in plain
