"""Sheets on paper as the office meets them: printed with their codes, typed by two, held up by a difference."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from judging.db.models import Account
from judging.services.platform import Platform
from tests.factories import give_role, make_account
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, Case, make_case

SignIn = Callable[[FlaskClient, Account], str]


@pytest.fixture
def case(platform: Platform) -> Case:
    with platform.database.writing() as session:
        made = make_case(session, platform.registry)
        assert made.judge.account.email
        return made


@pytest.fixture
def helpers(platform: Platform, case: Case) -> list[Account]:
    with platform.database.writing() as session:
        made = [make_account(session, name=name) for name in ("Lò Mẫu Một", "Lò Mẫu Hai")]
        for account in made:
            give_role(session, case.contest, account, "secretary")
        return made


def _printed(client: FlaskClient, case: Case) -> str:
    page = client.get(f"/organise/{case.contest.slug}/rounds/{case.judged.key}/paper/print").text
    found = re.search(r"ST-\d{3,}-[0-9A-Z]{6}-[A-Z2-7]{4}", page)
    assert found is not None
    assert case.judge.account.name in page
    return found[0]


def _sheet(token: str, code: str, **changes: str) -> dict[str, str]:
    typed = {f"m-{key}": text for key, text in WHOLE.items()} | {f"c-{key}": text for key, text in COMMENTS.items()}
    return {**typed, "comment": COMMENT, "code": code, "csrf_token": token, **changes}


def test_two_people_type_a_printed_sheet_and_a_difference_holds_it_up(
    client: FlaskClient, sign_in: SignIn, case: Case, helpers: list[Account]
) -> None:
    desk, form = f"/organise/{case.contest.slug}/paper", f"/organise/{case.contest.slug}/paper/sheet"
    token = sign_in(client, helpers[0])
    code = _printed(client, case)
    assert 'name="m-novelty"' in client.get(f"{form}?code={code.lower()}").text
    kept = client.post(form, data=_sheet(token, code), follow_redirects=True).text
    assert "once a second person has typed the same" in kept
    assert "A second person types it." in kept

    token = sign_in(client, helpers[1])
    assert "Type it as the second person" in client.get(desk).text
    differs = client.post(form, data=_sheet(token, code, **{"m-use.easy": "5.5"}))
    assert differs.status_code == 422
    assert "Lò Mẫu Một typed something else." in differs.text
    assert re.search(r"<td>8\.5</td>\s*<td>5\.5</td>", differs.text)
    assert "They differ: type it again" in client.get(desk).text
    done = client.post(form, data=_sheet(token, code), follow_redirects=True).text
    assert "the sheet is recorded, with the code" in done
    assert "No sheet of this round is awaited." in done

    sign_in(client, case.judge.account)
    assert "79.5" in client.get(f"/judge/sheets/{case.assignment.id}", follow_redirects=True).text


def test_a_wrong_code_and_a_sheet_that_is_not_whole_say_what_to_do(
    client: FlaskClient, sign_in: SignIn, case: Case, helpers: list[Account]
) -> None:
    token = sign_in(client, helpers[0])
    form = f"/organise/{case.contest.slug}/paper/sheet"
    assert "It stands under the square" in client.get(f"{form}?code=abc", follow_redirects=True).text
    refused = client.post(form, data=_sheet(token, _printed(client, case), **{"m-novelty": "31"}))
    assert refused.status_code == 422
    assert 'value="31"' in refused.text
    assert "thing to put right" in refused.text


def test_judges_have_no_part_in_it(client: FlaskClient, sign_in: SignIn, case: Case, helpers: list[Account]) -> None:
    sign_in(client, helpers[0])
    code = _printed(client, case)
    token = sign_in(client, case.judge.account)
    assert client.get(f"/organise/{case.contest.slug}/paper").status_code == 404
    assert client.post(f"/organise/{case.contest.slug}/paper/sheet", data=_sheet(token, code)).status_code == 404
