"""The pages of the second look at one's first sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from judging.db.models import Assignment
from judging.domain.structure import to_plain
from tests.factories import give_role, make_account, make_sheet
from tests.services.sheets.cases import RUBRIC, add_colleague, make_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case


@pytest.fixture
def case(platform: Platform) -> Case:
    """A judge of a round with a warm-up of one, and a colleague whose sheet of the only entry is in."""
    settings = {"rubric-preliminary": to_plain(RUBRIC), "round-preliminary": {"sentences": 2, "warm_up": 1}}
    with platform.database.writing() as session:
        made = make_case(session, platform.registry, settings=settings)
        assert made.judge.account.email
        colleague = add_colleague(session, made)
        make_sheet(session, colleague.assignment, made.judged)
        return made


@pytest.fixture
def sheet(typed: dict[str, Any]) -> dict[str, Any]:
    """A whole sheet that is submitted as it is sent."""
    return {**typed, "action": "submit"}


@pytest.fixture(autouse=True)
def _submitted(client: FlaskClient, address: str, sheet: dict[str, Any]) -> None:
    assert client.post(address, data=sheet).status_code == 302


@pytest.fixture
def listed(case: Case) -> str:
    return f"/judge/{case.contest.slug}/again"


def test_end_of_the_day_leads_to_the_first_sheets(
    client: FlaskClient, token: str, address: str, case: Case, listed: str
) -> None:
    assert token
    for path in ("/judge/", f"/judge/{case.contest.slug}/", f"{address}/receipt"):
        assert f'href="{listed}"' in client.get(path).text, path
    page = client.get(listed).text

    assert "Look again at your first sheet" in page
    assert f'action="{address}/again"' in page


def test_others_are_shown_once_the_sheet_is_kept(client: FlaskClient, token: str, address: str, listed: str) -> None:
    assert "The other judges of this entry" not in client.get(f"{address}/receipt").text

    answer = client.post(f"{address}/again", data={"csrf_token": token, "act": "keep"})

    assert answer.location == listed
    assert client.get(listed).status_code == 302
    assert "The other judges of this entry" in client.get(f"{address}/receipt").text
    assert f'href="{listed}"' not in client.get("/judge/").text


def test_revised_sheet_becomes_the_second_version(
    client: FlaskClient, platform: Platform, token: str, address: str, case: Case, sheet: dict[str, Any]
) -> None:
    answer = client.post(f"{address}/again", data={"csrf_token": token, "act": "revise"})
    assert answer.location == address
    assert "This sheet was opened again." in client.get(address).text
    assert "The other judges of this entry" not in client.get(f"{address}/receipt").text

    done = client.post(address, data={**sheet, "m-form": "10"})

    assert done.location == f"{address}/receipt"
    with platform.database.reading() as session:
        stored = session.get_one(Assignment, case.assignment.id)
        assert (stored.state, stored.sheet_version) == ("submitted", 2)
    receipt = client.get(f"{address}/receipt").text
    assert f'href="{address}/versions/1"' in receipt
    assert "The other judges of this entry" in receipt


def test_unknown_act_and_a_second_look_at_the_same_sheet_change_nothing(
    client: FlaskClient, token: str, address: str
) -> None:
    assert client.post(f"{address}/again", data={"csrf_token": token, "act": "erase"}).status_code == 404
    client.post(f"{address}/again", data={"csrf_token": token, "act": "keep"})

    answer = client.post(f"{address}/again", data={"csrf_token": token, "act": "revise"})

    assert answer.location == f"{address}/receipt"
    assert "This sheet cannot be looked at again now." in client.get(answer.location).text


def test_colleague_finds_nothing_of_another_judges_sheet(
    client: FlaskClient, platform: Platform, case: Case, address: str, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    with platform.database.writing() as session:
        other = add_colleague(session, case)
        assert other.account.email
    token = sign_in(client, other.account)

    assert client.post(f"{address}/again", data={"csrf_token": token, "act": "keep"}).status_code == 404


def test_office_reads_how_many_may_still_be_looked_at(
    client: FlaskClient,
    platform: Platform,
    case: Case,
    address: str,
    token: str,
    sign_in: Callable[[FlaskClient, Account], str],
) -> None:
    with platform.database.writing() as session:
        account = make_account(session)
        give_role(session, session.merge(case.contest), account, "organiser")
        assert account.email
    desk = client.application.test_client()
    sign_in(desk, account)
    where = f"/organise/{case.contest.slug}/rounds/preliminary/progress"
    assert "2 first sheets may still be looked at again" in desk.get(where).text

    client.post(f"{address}/again", data={"csrf_token": token, "act": "keep"})

    assert "1 first sheet may still be looked at again" in desk.get(where).text
