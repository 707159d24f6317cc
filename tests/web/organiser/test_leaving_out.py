"""The page of what hangs on each judge, its file, and who reaches them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from judging.db.models import Account
from tests.factories import give_role, make_account, make_judge
from tests.services.office import FINAL, PRELIMINARY, Office, hold_contest, set_round
from tests.services.results.test_leaving_out import closed_round

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.db.session import Database
    from judging.plugins import Registry

    SignIn = Callable[[FlaskClient, Account], str]

PLACES = (
    "leave-one-out", f"rounds/{PRELIMINARY}/leave-one-out",
    "leave-one-out.csv", f"rounds/{PRELIMINARY}/leave-one-out.csv",
)  # fmt: skip


@pytest.fixture
def held(database: Database, registry: Registry) -> Office:
    with database.writing() as session:
        return closed_round(session, registry, entries=5)


def _address(held: Office, place: str) -> str:
    return f"/organise/{held.contest.slug}/{place}"


def _account(database: Database, held: Office, role: str) -> Account:
    with database.writing() as session:
        person = make_account(session)
        give_role(session, held.contest, person, role)
    return person


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("role", "status"),
    [("organiser", 200), ("auditor", 200), ("secretary", 404), ("committee", 404)],
)
def test_page_is_there_for_organiser_and_auditor_alone(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office, place: str, role: str, status: int
) -> None:
    sign_in(client, _account(database, held, role))

    assert client.get(_address(held, place)).status_code == status


@pytest.mark.parametrize("place", PLACES)
def test_page_is_not_there_for_judges_chairs_and_authors(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office, place: str
) -> None:
    with database.writing() as session:
        chair = make_judge(session, held.contest, panel=held.panel, is_chair=True)
        people = [session.get_one(Account, one) for one in (
            held.judges[0].account_id, chair.account_id, held.entries[0].owner_id
        )]  # fmt: skip

    for person in people:
        sign_in(client, person)
        assert client.get(_address(held, place)).status_code == 404


@pytest.mark.parametrize("place", PLACES)
def test_page_is_closed_to_an_organiser_who_judges(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office, place: str
) -> None:
    person = _account(database, held, "organiser")
    with database.writing() as session:
        make_judge(session, held.contest, account=person)
    sign_in(client, person)

    answer = client.get(_address(held, place))
    standings = client.get(_address(held, f"rounds/{PRELIMINARY}/standings"))

    assert answer.status_code in {403, 404}
    assert held.judges[0].alias not in answer.text
    assert "leave-one-out" not in standings.text


def test_standings_lead_there_once_the_round_is_closed(
    client: FlaskClient, sign_in: SignIn, database: Database, held: Office
) -> None:
    sign_in(client, held.desk)
    closed = client.get(_address(held, f"rounds/{PRELIMINARY}/standings")).text
    with database.writing() as session:
        set_round(session, held, PRELIMINARY, "open")

    still_open = client.get(_address(held, f"rounds/{PRELIMINARY}/standings")).text

    assert _address(held, f"rounds/{PRELIMINARY}/leave-one-out") in closed
    assert "leave-one-out" not in still_open


def test_page_says_what_would_be_otherwise_and_that_it_is_a_question(
    client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    sign_in(client, held.desk)
    last, code = held.judges[-1], f"{held.rules.prefix}-006"

    page = client.get(_address(held, f"rounds/{PRELIMINARY}/leave-one-out?lang=en")).text

    assert "a question to ask, never a finding" in page
    assert f"{code}, now rank 6, would be without a sheet" in page
    assert f"?judge={last.alias}" in page
    # Which round it is need not be said on the page of that round.
    assert "without a sheet (" not in page
    assert page.index(last.alias) < page.index(held.judges[0].alias)


def test_page_of_one_judge_names_every_change(client: FlaskClient, sign_in: SignIn, held: Office) -> None:
    sign_in(client, held.desk)
    last = held.judges[-1]

    page = client.get(_address(held, f"rounds/{PRELIMINARY}/leave-one-out?judge={last.alias}&lang=en"))
    table = client.get(_address(held, f"rounds/{PRELIMINARY}/leave-one-out.csv?judge={last.alias}&lang=en"))

    assert page.status_code == 200
    # The first entry moves from behind all that three judges read to their head, past each of the other four.
    assert "5 entries would stand elsewhere." in page.text
    lines = table.text.splitlines()
    assert len(lines) == 1 + 5 + 1
    assert lines[-1].split(",")[3:5] == ["6", "without a sheet"]
    assert client.get(_address(held, f"rounds/{PRELIMINARY}/leave-one-out?judge=nobody")).status_code == 404


def test_table_of_all_judges_has_a_row_for_each(client: FlaskClient, sign_in: SignIn, held: Office) -> None:
    sign_in(client, held.desk)

    answer = client.get(_address(held, "leave-one-out.csv?lang=en"))

    assert answer.mimetype == "text/csv"
    rows = answer.text.splitlines()
    assert next(row.split(",")[0] for row in rows[1:]) == held.judges[-1].alias
    assert {row.split(",")[0] for row in rows[1:]} == {one.alias for one in held.judges}


def test_page_of_an_open_round_says_when_to_come_back(
    client: FlaskClient, sign_in: SignIn, database: Database, registry: Registry
) -> None:
    with database.writing() as session:
        held = hold_contest(session, registry, shares=("0.9", "0.8", "0.7"))
    sign_in(client, held.desk)

    for place in ("leave-one-out", f"rounds/{PRELIMINARY}/leave-one-out", f"rounds/{FINAL}/leave-one-out"):
        page = client.get(_address(held, f"{place}?lang=en"))
        assert page.status_code == 200
        assert "Not yet." in page.text
        assert held.judges[0].alias not in page.text
    assert client.get(_address(held, f"rounds/{PRELIMINARY}/leave-one-out.csv")).status_code == 409
    assert client.get(_address(held, "rounds/no-such-round/leave-one-out")).status_code == 404


def test_page_makes_as_many_queries_for_many_judges_and_entries(
    client: FlaskClient, sign_in: SignIn, database: Database, registry: Registry
) -> None:
    counts, rows = [], []
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for entries, judges in ((2, 3), (20, 9)):
        with database.writing() as session:
            held = closed_round(session, registry, entries=entries, judges=judges)
        sign_in(client, held.desk)
        client.get(_address(held, "leave-one-out"))
        for place in ("leave-one-out", f"leave-one-out?judge={held.judges[-1].alias}"):
            statements.clear()
            rows.append(client.get(_address(held, place)).text.count('<th scope="row"'))
            counts.append(len(statements))

    assert counts[:2] == counts[2:]
    assert rows[2] > rows[0] > 3
    assert rows[3] > rows[1] > 1
