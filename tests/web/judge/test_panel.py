"""A panel's chair sees which sheets of the panel are in, gives one back or ends it, and reads no mark on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from judging.db.models import Account, Assignment, Judge, Panel
from judging.db.session import Database
from judging.plugins import Registry
from tests.factories import make_assignment, make_judge, make_panel, make_sheet
from tests.services.office import PRELIMINARY, Office, hold_contest

SignIn = Callable[[FlaskClient, Account], str]


@dataclass
class Bench:
    """A contest in judging: the first category has a panel of its own with a chair, the others another panel."""

    held: Office
    chair: Account
    mine: Assignment
    waiting: Assignment
    theirs: Assignment

    @property
    def address(self) -> str:
        return f"/judge/{self.held.contest.slug}/panel"


@pytest.fixture
def bench(database: Database, registry: Registry) -> Bench:
    with database.writing() as session:
        held = hold_contest(session, registry, entries=3, shares=("0.8",))
        first, *others = [one.key for one in held.rules.categories]
        session.query(Panel).delete()
        own = make_panel(session, held.contest, categories=[first])
        other = make_panel(session, held.contest, categories=others)
        for entry, category in zip(held.entries, (first, first, others[0]), strict=True):
            entry.category = category
        chair = make_judge(session, held.contest, panel=own, is_chair=True)
        make_judge(session, held.contest, panel=other, is_chair=True)
        waiting = make_assignment(session, held.entries[1], held.judges[0], round_key=PRELIMINARY)
        theirs = make_assignment(session, held.entries[2], held.judges[0], round_key=PRELIMINARY)
        mine = session.query(Assignment).filter_by(entry_id=held.entries[0].id, judge_id=held.judges[0].id).one()
        account = session.get_one(Account, chair.account_id)
        assert held.judges[0].account.name
    return Bench(held=held, chair=account, mine=mine, waiting=waiting, theirs=theirs)


def _state(database: Database, sheet: Assignment) -> str:
    with database.reading() as session:
        return session.get_one(Assignment, sheet.id).state


def test_chair_sees_the_sheets_of_the_own_panel_only(client: FlaskClient, sign_in: SignIn, bench: Bench) -> None:
    sign_in(client, bench.chair)

    page = client.get(bench.address)

    assert page.status_code == 200
    assert "Sản phẩm 1" in page.text
    assert "Sản phẩm 2" in page.text
    assert "Sản phẩm 3" not in page.text
    assert bench.held.judges[0].account.name in page.text
    # The submitted total of the sheets is 80 % of the marks: it stands nowhere.
    assert "80.00" not in page.text


def test_chair_reopens_a_submitted_sheet_with_a_reason(
    client: FlaskClient, sign_in: SignIn, bench: Bench, database: Database
) -> None:
    token = sign_in(client, bench.chair)

    client.post(f"{bench.address}/{bench.mine.id}", data={"csrf_token": token, "act": "reopen", "reason": ""})
    assert _state(database, bench.mine) == "submitted"

    answer = client.post(
        f"{bench.address}/{bench.mine.id}",
        data={"csrf_token": token, "act": "reopen", "reason": "Nhầm thang điểm"},
        follow_redirects=True,
    )

    assert "The sheet is open again" in answer.text
    assert _state(database, bench.mine) == "reopened"


def test_chair_writes_a_missing_sheet_off(
    client: FlaskClient, sign_in: SignIn, bench: Bench, database: Database
) -> None:
    token = sign_in(client, bench.chair)

    client.post(
        f"{bench.address}/{bench.waiting.id}", data={"csrf_token": token, "act": "write-off", "reason": "Giám khảo ốm"}
    )

    assert _state(database, bench.waiting) == "written-off"


def test_chair_does_not_reopen_the_own_sheet_having_seen_the_others(
    client: FlaskClient, sign_in: SignIn, bench: Bench, database: Database
) -> None:
    with database.writing() as session:
        chair = session.query(Judge).filter_by(account_id=bench.chair.id).one()
        own = make_assignment(session, session.merge(bench.held.entries[0]), chair, round_key=PRELIMINARY)
        make_sheet(session, own, bench.held.rules.rounds[0])
    token = sign_in(client, bench.chair)
    page = client.get(bench.address).text
    assert "The other judges of this entry" in client.get(f"/judge/sheets/{own.id}/receipt").text
    assert f'action="{bench.address}/{own.id}"' not in page
    assert "Your own sheet is reopened by the office." in page

    answer = client.post(
        f"{bench.address}/{own.id}", data={"csrf_token": token, "act": "reopen", "reason": "Nhầm thang điểm"}
    )

    assert (answer.status_code, "ask a colleague in the office" in answer.text) == (403, True)
    assert _state(database, own) == "submitted"


def test_sheet_of_another_panel_is_not_there(
    client: FlaskClient, sign_in: SignIn, bench: Bench, database: Database
) -> None:
    token = sign_in(client, bench.chair)
    data = {"csrf_token": token, "act": "write-off", "reason": "x"}

    theirs = client.post(f"{bench.address}/{bench.theirs.id}", data=data)
    nowhere = client.post(f"{bench.address}/no-such-sheet", data=data)

    assert (theirs.status_code, nowhere.status_code) == (404, 404)
    assert theirs.data == nowhere.data
    assert _state(database, bench.theirs) == "assigned"


def test_page_is_not_there_for_a_judge_who_heads_no_panel(
    client: FlaskClient, sign_in: SignIn, bench: Bench, database: Database
) -> None:
    with database.reading() as session:
        plain = session.get_one(Account, bench.held.judges[0].account_id)
    sign_in(client, plain)

    assert client.get(bench.address).status_code == 404
