"""A forgotten password: the newest link, once, in time, for nothing else, on the right host, never past a factor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import time_machine

from judging.db.models import Account
from judging.services.access.accounts import password_fits
from judging.services.attempts import LIMITS, Act
from tests.factories import PASSWORD
from tests.letters import last_letter, letters_to, link_in
from tests.web.account.apps import code_of, set_up_app
from tests.web.conftest import csrf_token
from tests.web.letter_pages import follow, press

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from judging.services.platform import Platform

NEW = "tre già măng mọc trên đồi"


def ask(client: FlaskClient, email: str, **headers: str) -> TestResponse:
    form = {"email": email, "csrf_token": csrf_token(client, "/password/forgotten")}
    return client.post("/password/forgotten", data=form, headers=headers)


def link_of(client: FlaskClient, platform: Platform, person: Account) -> str:
    assert ask(client, person.email).headers["Location"] == "/letter/sent"
    return link_in(last_letter(platform, person.email))


def fits(platform: Platform, person: Account, password: str) -> bool:
    with platform.database.reading() as session:
        return password_fits(session.get_one(Account, person.id), password)


def test_link_sets_the_password_once_ends_all_sessions_and_tells_the_owner(
    client: FlaskClient, platform: Platform, person: Account, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    thief = client.application.test_client()
    sign_in(thief, person)
    link = link_of(client, platform, person)

    page = follow(client, link)
    done = press(client, password=NEW)

    assert (page.status_code, done.headers["Location"]) == (200, "/login")
    assert (thief.get("/account").status_code, client.get("/account").status_code) == (302, 302)
    assert (fits(platform, person, NEW), fits(platform, person, PASSWORD)) == (True, False)
    assert letters_to(platform, person.email)[-1].subject == "Your password was changed"
    assert follow(client, link).status_code == 410


def test_secret_leaves_the_address_and_a_look_changes_nothing(
    client: FlaskClient, platform: Platform, person: Account
) -> None:
    link = link_of(client, platform, person)

    answers = [client.get(link) for _ in range(3)]

    assert {answer.headers["Location"] for answer in answers} == {"/letter/open"}
    assert "key=" not in client.get("/letter/open").text
    assert client.get("/letter/open").headers["Cache-Control"] == "no-store"


def test_weak_password_is_refused_and_the_link_still_holds(
    client: FlaskClient, platform: Platform, person: Account
) -> None:
    follow(client, link_of(client, platform, person))

    assert press(client, password="12345678").status_code == 422
    assert press(client, password=NEW).status_code == 302
    assert fits(platform, person, NEW)


def test_only_the_newest_link_holds(client: FlaskClient, platform: Platform, person: Account) -> None:
    first = link_of(client, platform, person)
    second = link_of(client, platform, person)

    assert follow(client, first).status_code == 410
    assert follow(client, second).status_code == 200


def test_link_is_dead_after_thirty_minutes(client: FlaskClient, platform: Platform, person: Account) -> None:
    link = link_of(client, platform, person)

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=29)):
        assert follow(client, link).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31)):
        assert follow(client, link).status_code == 410
        assert client.post("/letter/open", data={"password": NEW, "csrf_token": csrf_token(client)}).status_code == 410


def test_link_is_dead_after_the_password_was_changed(
    client: FlaskClient, platform: Platform, person: Account, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    link = link_of(client.application.test_client(), platform, person)
    token = sign_in(client, person)

    client.post("/account/password", data={"present": PASSWORD, "password": NEW, "csrf_token": token})

    assert follow(client, link).status_code == 410


def test_link_leads_to_the_host_of_the_settings_whatever_the_request_says(
    client: FlaskClient, platform: Platform, person: Account
) -> None:
    ask(client, person.email, Host="evil.example", **{"X-Forwarded-Host": "evil.example"})
    ask(client, person.email, **{"X-Forwarded-Host": "evil.example"})

    letters = letters_to(platform, person.email)
    assert letters
    assert all(f"{platform.settings.base_url}/letter?" in letter.text for letter in letters)
    assert not any("evil" in letter.text for letter in letters)


def test_link_for_one_purpose_opens_no_other(client: FlaskClient, platform: Platform, person: Account) -> None:
    token = link_of(client, platform, person).split("key=")[1]

    with client.session_transaction() as cookie:
        cookie["second_factor"] = token
    assert client.get("/login/second").headers["Location"] == "/login"
    typed = client.post("/letter/sent", data={"code": token, "csrf_token": csrf_token(client)})
    assert typed.status_code == 422
    assert client.get("/account").status_code == 302


def test_second_factor_is_asked_for_after_a_reset(client: FlaskClient, platform: Platform, person: Account) -> None:
    secret = set_up_app(platform, person)
    follow(client, link_of(client, platform, person))
    press(client, password=NEW)

    answer = client.post(
        "/login", data={"email": person.email, "password": NEW, "csrf_token": csrf_token(client)}
    )  # fmt: skip

    assert answer.headers["Location"] == "/login/second"
    assert client.get("/account").status_code == 302
    code = {"code": code_of(secret), "csrf_token": csrf_token(client, "/login/second")}
    assert client.post("/login/second", data=code).status_code == 302
    assert client.get("/account").status_code == 200


def test_closed_account_gets_no_letter(client: FlaskClient, platform: Platform, person: Account) -> None:
    with platform.database.writing() as session:
        session.get_one(Account, person.id).disabled_at = datetime.now(UTC)

    assert ask(client, person.email).status_code == 302
    assert letters_to(platform, person.email) == []


def test_hundred_requests_in_an_hour_are_stopped(client: FlaskClient, platform: Platform, person: Account) -> None:
    form = {"csrf_token": csrf_token(client, "/password/forgotten")}

    statuses = [
        client.post("/password/forgotten", data={**form, "email": f"{number}@example.vn"}).status_code
        for number in range(100)
    ]

    most = LIMITS[Act.LETTER].by_source
    assert statuses == [302] * most + [429] * (100 - most)
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    form["email"] = person.email
    assert client.post("/password/forgotten", data=form, environ_overrides=elsewhere).status_code == 302
