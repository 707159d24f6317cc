"""The authenticator app: set up on the account page, asked for at each way in, no code twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from judging.composition import create_web
from judging.db.models import Account, RecoveryCode, TotpFactor
from judging.services.access.second_factor import RECOVERY_CODES
from tests.factories import PASSWORD, give_office, make_account, make_organisation
from tests.letters import code_in, last_letter, letters_to
from tests.web.account.apps import code_of, set_up_app
from tests.web.conftest import csrf_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from judging.services.platform import Platform

    SignIn = Callable[[FlaskClient, Account], str]

PAGE = "/account/second-factor"


def log_in(client: FlaskClient, person: Account) -> TestResponse:
    return client.post(
        "/login", data={"email": person.email, "password": PASSWORD, "csrf_token": csrf_token(client)}
    )  # fmt: skip


def show(client: FlaskClient, code: str) -> TestResponse:
    return client.post("/login/second", data={"code": code, "csrf_token": csrf_token(client, "/login/second")})


def test_app_is_set_up_with_its_first_code_and_shows_recovery_codes_once(
    client: FlaskClient, platform: Platform, person: Account, sign_in: SignIn
) -> None:
    token = sign_in(client, person)
    client.post(f"{PAGE}/app", data={"csrf_token": token})
    page = client.get(PAGE).text
    found = re.search(r'class="account-key">([A-Z2-7]{32})<', page)
    assert found is not None
    assert 'src="data:image/svg+xml' in page

    wrong = client.post(f"{PAGE}/app/confirm", data={"code": "000000", "csrf_token": token})
    done = client.post(f"{PAGE}/app/confirm", data={"code": code_of(found[1]), "csrf_token": token})

    codes = re.findall(r'class="account-key">([a-z2-9-]{19})<', done.text)
    assert (wrong.status_code, done.status_code, len(set(codes))) == (422, 200, RECOVERY_CODES)
    assert found[1] not in client.get(PAGE).text
    assert "8 recovery codes" in client.get(PAGE).text
    assert letters_to(platform, person.email)[-1].subject == "The ways to sign in to your account were changed"
    with platform.database.reading() as session:
        stored = session.scalars(select(TotpFactor)).one().sealed_secret
        hashes = session.scalars(select(RecoveryCode.code_hash)).all()
    assert found[1] not in stored
    assert not set(hashes) & {code.replace("-", "") for code in codes}


def test_session_gets_a_new_token_when_the_factor_is_added(
    client: FlaskClient, person: Account, sign_in: SignIn
) -> None:
    token = sign_in(client, person)
    before = client.get_cookie("session")
    assert before is not None
    client.post(f"{PAGE}/app", data={"csrf_token": token})
    found = re.search(r'class="account-key">([A-Z2-7]{32})<', client.get(PAGE).text)
    assert found is not None

    client.post(f"{PAGE}/app/confirm", data={"code": code_of(found[1]), "csrf_token": token})

    planted = client.application.test_client()
    planted.set_cookie("session", before.value)
    assert (planted.get("/account").status_code, client.get("/account").status_code) == (302, 200)


def test_password_alone_opens_nothing_and_the_code_opens_once(
    client: FlaskClient, platform: Platform, person: Account
) -> None:
    secret = set_up_app(platform, person)
    other = client.application.test_client()
    with time_machine.travel(datetime.now(UTC), tick=False):
        code = code_of(secret)
        assert log_in(client, person).headers["Location"] == "/login/second"
        assert client.get("/account").status_code == 302
        assert show(client, code).headers["Location"] == "/arrive"
        log_in(other, person)
        replayed = show(other, code)

    assert (replayed.status_code, client.get("/account").status_code) == (422, 200)
    assert other.get("/account").status_code == 302


@pytest.mark.parametrize(("seconds", "status"), [(-30, 302), (30, 302), (-90, 422), (90, 422)])
def test_clock_may_be_one_step_off(
    client: FlaskClient, platform: Platform, person: Account, seconds: int, status: int
) -> None:
    secret = set_up_app(platform, person)
    with time_machine.travel(datetime.now(UTC), tick=False):
        log_in(client, person)
        answer = show(client, code_of(secret, datetime.now(UTC) + timedelta(seconds=seconds)))

    assert answer.status_code == status


def test_recovery_code_opens_once(client: FlaskClient, platform: Platform, person: Account) -> None:
    codes: list[str] = []
    set_up_app(platform, person, codes=codes)
    other = client.application.test_client()

    log_in(client, person)
    first = show(client, codes[3].upper().replace("-", " "))
    log_in(other, person)
    second = show(other, codes[3])

    assert (first.status_code, second.status_code) == (302, 422)
    assert "7 recovery codes" in client.get(PAGE).text


def test_wrong_codes_use_the_try_up_and_then_the_account_waits(
    client: FlaskClient, platform: Platform, person: Account
) -> None:
    secret = set_up_app(platform, person)
    log_in(client, person)
    token = csrf_token(client, "/login/second")

    statuses = [client.post("/login/second", data={"code": "000000", "csrf_token": token}).status_code for _ in "12345"]
    gone = client.post("/login/second", data={"code": code_of(secret), "csrf_token": token})

    assert statuses == [422] * 5
    assert gone.headers["Location"] == "/login"
    for _ in range(5):
        log_in(client, person)
        show(client, "000000")
    log_in(client, person)
    assert show(client, code_of(secret)).status_code == 429


def test_letter_asks_for_the_second_factor_too(client: FlaskClient, platform: Platform, person: Account) -> None:
    set_up_app(platform, person)
    form = {"email": person.email, "csrf_token": csrf_token(client, "/login/letter")}
    client.post("/login/letter", data=form)
    code = code_in(last_letter(platform, person.email))

    answer = client.post("/letter/sent", data={"code": code, "csrf_token": csrf_token(client, "/letter/sent")})

    assert answer.headers["Location"] == "/login/second"
    assert client.get("/account").status_code == 302


def test_removed_app_is_not_asked_for(
    client: FlaskClient, platform: Platform, person: Account, sign_in: SignIn
) -> None:
    secret = set_up_app(platform, person)
    log_in(client, person)
    show(client, code_of(secret))

    client.post(f"{PAGE}/app/remove", data={"csrf_token": csrf_token(client, PAGE)})

    assert log_in(client.application.test_client(), person).headers["Location"] == "/arrive"


def test_acts_upon_the_account_ask_for_a_new_proof_after_a_quarter_of_an_hour(
    client: FlaskClient, person: Account, sign_in: SignIn
) -> None:
    sign_in(client, person)
    assert client.get(PAGE).status_code == 200

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        token = csrf_token(client, "/account")
        asked = [
            client.get(PAGE),
            client.get("/account/address"),
            client.post(f"{PAGE}/app", data={"csrf_token": token}),
        ]
        assert {answer.headers["Location"].split("?")[0] for answer in asked} == {"/account/proof"}
        keys = client.post("/account/tokens", data={"csrf_token": token, "name": "x"})
        assert keys.headers["Location"] == "/account/proof?next=/account/tokens"
        spoken = client.post("/account/passkeys/options", json={}, headers={"X-CSRFToken": token})
        assert (spoken.status_code, spoken.get_json()["next"]) == (403, f"/account/proof?next={PAGE}")
        proof = {"csrf_token": token, "next": PAGE}
        assert client.post("/account/proof", data={**proof, "password": "wrong"}).status_code == 422
        shown = client.post("/account/proof", data={**proof, "password": PASSWORD})
        assert (shown.headers["Location"], client.get(PAGE).status_code) == (PAGE, 200)


@pytest.mark.parametrize("setting", ["offered", "staff"])
def test_staff_reach_the_office_with_a_second_factor_where_the_settings_ask_for_it(
    platform: Platform, sign_in: SignIn, setting: str
) -> None:
    with platform.database.writing() as session:
        organiser = make_account(session, is_administrator=True)
        give_office(session, make_organisation(session), organiser, "organiser")
    strict = replace(platform, settings=replace(platform.settings, second_factor=setting))
    client = create_web(strict).test_client()
    client.set_cookie("lang", "en")
    sign_in(client, organiser)
    office = ("/organise/", "/admin/", "/admin/accounts")

    before = [client.get(page).status_code for page in office]
    assert before == ([200] * 3 if setting == "offered" else [302] * 3)
    if setting == "staff":
        asked = client.get("/admin/").headers["Location"]
        assert "The office needs a second factor here." in client.get(asked).text

    client.post(f"{PAGE}/app", data={"csrf_token": csrf_token(client, "/account")})
    found = re.search(r'class="account-key">([A-Z2-7]{32})<', client.get(PAGE).text)
    assert found is not None
    client.post(f"{PAGE}/app/confirm", data={"code": code_of(found[1]), "csrf_token": csrf_token(client, "/account")})

    assert [client.get(page).status_code for page in office] == [200] * 3


def test_session_without_the_factor_that_was_added_elsewhere_shows_it(
    platform: Platform, sign_in: SignIn, person: Account
) -> None:
    with platform.database.writing() as session:
        give_office(session, make_organisation(session), session.get_one(Account, person.id), "organiser")
    client = create_web(replace(platform, settings=replace(platform.settings, second_factor="staff"))).test_client()
    token = sign_in(client, person)
    secret = set_up_app(platform, person)

    assert client.get("/organise/").status_code == 302
    client.post("/account/proof", data={"csrf_token": token, "code": code_of(secret)})

    assert client.get("/organise/").status_code == 200
