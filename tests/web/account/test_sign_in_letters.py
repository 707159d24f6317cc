"""Signing in without a password: by the code on this device, or by the link on another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import time_machine

from tests.factories import make_account
from tests.letters import code_in, last_letter, letters_to, link_in
from tests.web.conftest import csrf_token
from tests.web.letter_pages import follow, press

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from judging.db.models import Account
    from judging.services.platform import Platform


def ask(client: FlaskClient, email: str, next_path: str = "") -> TestResponse:
    form = {"email": email, "next": next_path, "csrf_token": csrf_token(client, "/login/letter")}
    return client.post("/login/letter", data=form)


def type_code(client: FlaskClient, code: str) -> TestResponse:
    return client.post("/letter/sent", data={"code": code, "csrf_token": csrf_token(client, "/letter/sent")})


def test_code_signs_in_where_it_was_asked_for(client: FlaskClient, platform: Platform, person: Account) -> None:
    ask(client, person.email.upper(), "/account")

    answer = type_code(client, code_in(last_letter(platform, person.email)))

    assert answer.headers["Location"] == "/account"
    assert "Lê Mẫu An" in client.get("/account").text


def test_link_signs_in_where_it_is_opened(client: FlaskClient, platform: Platform, person: Account) -> None:
    ask(client, person.email)
    phone = client.application.test_client()

    follow(phone, link_in(last_letter(platform, person.email)))
    press(phone)

    assert (phone.get("/account").status_code, client.get("/account").status_code) == (200, 302)
    assert type_code(client, code_in(last_letter(platform, person.email))).status_code == 422


def test_link_and_code_hold_ten_minutes_and_only_the_newest(
    client: FlaskClient, platform: Platform, person: Account
) -> None:
    ask(client, person.email)
    old = last_letter(platform, person.email)
    ask(client, person.email)
    new = last_letter(platform, person.email)

    assert type_code(client, code_in(old)).status_code == 422
    assert follow(client, link_in(old)).status_code == 410
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        assert type_code(client, code_in(new)).status_code == 422
        assert follow(client, link_in(new)).status_code == 410


def test_code_belongs_to_the_address_that_was_asked_for(
    client: FlaskClient, platform: Platform, person: Account
) -> None:
    ask(client.application.test_client(), person.email)
    ask(client, "nobody@example.vn")

    assert type_code(client, code_in(last_letter(platform, person.email))).status_code == 422


def test_five_wrong_codes_use_the_letter_up(client: FlaskClient, platform: Platform, person: Account) -> None:
    ask(client, person.email)
    code = code_in(last_letter(platform, person.email))
    wrong = f"{(int(code) + 1) % 10**8:08}"

    assert [type_code(client, wrong).status_code for _ in "12345"] == [422] * 5
    assert type_code(client, code).status_code == 422


def test_unknown_address_gets_no_letter_and_the_same_page(client: FlaskClient, platform: Platform) -> None:
    answer = ask(client, "nobody@example.vn")

    assert (answer.status_code, letters_to(platform, "nobody@example.vn")) == (302, [])
    assert "nobody@example.vn" in client.get("/letter/sent").text


def test_new_address_counts_when_its_letter_is_answered_and_the_old_one_is_told(
    client: FlaskClient, platform: Platform, person: Account
) -> None:
    ask(client, person.email)
    type_code(client, code_in(last_letter(platform, person.email)))
    token = csrf_token(client, "/account/address")

    client.post("/account/address", data={"email": "An.Moi@example.vn", "csrf_token": token})
    link = link_in(last_letter(platform, "An.Moi@example.vn"))
    assert person.email in client.get("/account").text
    follow(client, link)
    press(client)

    assert "An.Moi@example.vn" in client.get("/account").text
    assert letters_to(platform, person.email)[-1].subject == "Your e-mail address was changed"
    assert follow(client, link).status_code == 410


def test_address_of_somebody_else_cannot_be_taken_and_is_answered_alike(
    client: FlaskClient, platform: Platform, person: Account
) -> None:
    with platform.database.writing() as session:
        make_account(session, email="be@example.vn")
    ask(client, person.email)
    type_code(client, code_in(last_letter(platform, person.email)))
    token = csrf_token(client, "/account/address")

    taken = client.post("/account/address", data={"email": "BE@example.vn", "csrf_token": token})
    free = client.post("/account/address", data={"email": "ce@example.vn", "csrf_token": token})

    assert (taken.status_code, taken.headers["Location"]) == (free.status_code, free.headers["Location"])
    assert letters_to(platform, "be@example.vn") == []
