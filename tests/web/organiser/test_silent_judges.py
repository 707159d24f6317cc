"""The page on which silent judges are reminded: each letter before it is sent, and closed to who judges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Assignment, SentMessage
from judging.services.rounds.end.late import note_late
from tests.factories import make_assignment, make_judge
from tests.services.office import PRELIMINARY, Office, hold_contest, set_round

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.db.session import Database
    from judging.plugins import Registry

SignIn = Callable[["FlaskClient", "Account"], str]


@pytest.fixture
def held(database: Database, registry: Registry) -> Office:
    with database.writing() as session:
        made = hold_contest(session, registry, entries=1, judges=2)
        set_round(session, made, PRELIMINARY, "open").opened_at = datetime.now(UTC) - timedelta(days=3)
        for judge in made.judges:
            make_assignment(session, made.entries[0], judge, round_key=PRELIMINARY)
            assert judge.account.name
    return made


def _page(held: Office) -> str:
    return f"/organise/{held.contest.slug}/rounds/{PRELIMINARY}/silent"


def test_letters_are_shown_and_go_to_those_ticked(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office
) -> None:
    token = sign_in(client, held.desk)
    live = client.get(f"/organise/{held.contest.slug}/rounds/{PRELIMINARY}/progress/live").text
    page = client.get(_page(held)).text

    nobody = client.post(_page(held), data={"csrf_token": token})
    answer = client.post(_page(held), data={"csrf_token": token, "judges": held.judges[0].alias})

    assert f'href="{_page(held)}"' in live
    assert page.count(f"/judge/{held.contest.slug}/") == 2
    assert all(f"&lt;{judge.account.email}&gt;" in page for judge in held.judges)
    assert (nobody.status_code, "Choose at least one judge." in nobody.text) == (422, True)
    assert answer.status_code == 302
    with database.reading() as session:
        assert session.query(SentMessage).one().account_id == held.judges[0].account_id
    after = client.get(_page(held)).text
    assert after.count("Has a reminder of today") == 1
    assert after.count('name="judges"') == 1


def test_page_is_closed_to_an_organiser_who_judges_and_to_judges(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office
) -> None:
    with database.writing() as session:
        judge = held.judges[0].account
        make_judge(session, held.contest, account=held.desk)

    token = sign_in(client, held.desk)
    assert client.get(_page(held)).status_code == 403
    answer = client.post(_page(held), data={"csrf_token": token, "judges": held.judges[0].alias})
    assert answer.status_code == 403
    sign_in(client, judge)
    assert client.get(_page(held)).status_code == 404
    with database.reading() as session:
        assert session.query(SentMessage).count() == 0


def test_pages_take_as_many_statements_for_many_judges_as_for_two(
    client: FlaskClient,
    sign_in: SignIn,
    database: Database,
    held: Office,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    """Silent judges, and sheets that came late, of any number."""
    sign_in(client, held.desk)
    pages = (_page(held), _page(held).replace("/silent", "/end"))
    found = []
    for more in (0, 6):
        with database.writing() as session:
            for _ in range(more):
                make_assignment(session, held.entries[0], make_judge(session, held.contest), round_key=PRELIMINARY)
            for sheet in session.query(Assignment).filter_by(round=PRELIMINARY):
                note_late(session, assignment=sheet, received_at=datetime.now(UTC), now=datetime.now(UTC))
        for page in pages:
            with count_queries() as statements:
                text = client.get(page).text
            found.append((len(statements), text.count('name="judges"') or text.count("Take it all the same")))

    assert [shown for _, shown in found] == [2, 2, 8, 8]
    assert [count for count, _ in found[:2]] == [count for count, _ in found[2:]]
