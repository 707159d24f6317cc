"""Signing in and out by the form, and sessions that live on the server."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from judging.db.models import LoginFailure, LoginSession
from judging.services import sign_in as service
from tests.factories import PASSWORD, make_account
from tests.web.conftest import csrf_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform


@pytest.fixture
def account(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session, email="Pham.Mau@example.vn", name="Phạm Mẫu")


def test_sign_in_with_address_in_another_case_opens_a_session(
    client: FlaskClient, account: Account, platform: Platform
) -> None:
    answer = client.post(
        "/login",
        data={"email": " pham.mau@EXAMPLE.vn", "password": PASSWORD, "csrf_token": csrf_token(client)},
    )

    assert answer.status_code == 302
    assert "Phạm Mẫu" in client.get("/account").text
    with platform.database.reading() as session:
        assert session.query(LoginSession).count() == 1


def test_wrong_password_is_refused_and_remembered(client: FlaskClient, account: Account, platform: Platform) -> None:
    answer = client.post(
        "/login", data={"email": account.email, "password": "not this one", "csrf_token": csrf_token(client)}
    )

    assert answer.status_code == 422
    assert client.get("/account").status_code == 302
    with platform.database.reading() as session:
        assert session.query(LoginFailure).count() == 1


def test_known_and_unknown_addresses_are_answered_alike(client: FlaskClient, account: Account) -> None:
    token = csrf_token(client)

    def answer(email: str) -> str:
        text = client.post("/login", data={"email": email, "password": "wrong wrong", "csrf_token": token}).text
        # Each page carries a CSRF token of its own.
        return re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "", text).replace(email, "…")

    assert answer(account.email) == answer("nobody@example.vn")


def test_too_many_failures_make_this_source_wait_and_no_other(client: FlaskClient, account: Account) -> None:
    token = csrf_token(client)
    for _ in range(service.MOST_BY_PAIR):
        client.post("/login", data={"email": account.email, "password": "wrong wrong", "csrf_token": token})

    refused = client.post("/login", data={"email": account.email, "password": PASSWORD, "csrf_token": token})
    elsewhere = client.post(
        "/login",
        data={"email": account.email, "password": PASSWORD, "csrf_token": token},
        environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
    )

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    assert elsewhere.status_code == 302


def test_sign_in_without_token_is_refused(client: FlaskClient, account: Account) -> None:
    answer = client.post("/login", data={"email": account.email, "password": PASSWORD})

    assert answer.status_code == 400
    assert client.get("/account").status_code == 302


def test_sign_out_ends_the_session_on_the_server(
    client: FlaskClient, account: Account, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    token = sign_in(client, account)
    cookie = client.get_cookie("session")
    assert cookie is not None
    client.post("/logout", data={"csrf_token": token})

    client.set_cookie("session", cookie.value)

    assert client.get("/account").status_code == 302


def test_ending_other_sessions_leaves_only_this_one(
    client: FlaskClient, account: Account, platform: Platform, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    lost = client.application.test_client()
    sign_in(lost, account)
    token = sign_in(client, account)

    client.post("/account/sessions/end", data={"csrf_token": token})

    assert lost.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_session_idle_for_too_long_is_over(
    client: FlaskClient, account: Account, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    sign_in(client, account)

    with time_machine.travel(datetime.now(UTC) + service.IDLE + timedelta(minutes=1), tick=False):
        assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https:evil.example", "/login%0d%0a", "http://evil.example/", "/no-page"],
)
def test_next_leads_nowhere_else(client: FlaskClient, account: Account, target: str) -> None:
    answer = client.post(
        "/login",
        data={"email": account.email, "password": PASSWORD, "next": target, "csrf_token": csrf_token(client)},
    )

    assert answer.headers["Location"] == "/arrive"


def test_next_leads_to_the_page_asked_for(client: FlaskClient, account: Account) -> None:
    asked = client.get("/account")
    assert asked.headers["Location"] == "/login?next=/account"

    answer = client.post(
        "/login",
        data={"email": account.email, "password": PASSWORD, "next": "/account", "csrf_token": csrf_token(client)},
    )

    assert answer.headers["Location"] == "/account"


def test_register_refuses_a_weak_password_and_says_why(client: FlaskClient) -> None:
    answer = client.post(
        "/register",
        data={"name": "An", "email": "an@example.vn", "password": "12345678", "csrf_token": csrf_token(client)},
    )

    assert answer.status_code == 422
    assert "one of the first that a stranger would try" in answer.text


def test_register_signs_the_new_person_in(client: FlaskClient) -> None:
    answer = client.post(
        "/register",
        data={"name": "Lý  Mẫu", "email": "ly@example.vn", "password": PASSWORD, "csrf_token": csrf_token(client)},
    )

    assert answer.status_code == 302
    assert "Lý Mẫu" in client.get("/account").text


def test_new_password_needs_the_present_one_and_ends_other_sessions(
    client: FlaskClient, account: Account, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    other = client.application.test_client()
    sign_in(other, account)
    token = sign_in(client, account)
    new = "mùa xuân là tết trồng cây"

    refused = client.post("/account/password", data={"present": "wrong", "password": new, "csrf_token": token})
    changed = client.post("/account/password", data={"present": PASSWORD, "password": new, "csrf_token": token})

    assert (refused.status_code, changed.status_code) == (422, 302)
    assert other.get("/account").status_code == 302
    assert client.get("/account").status_code == 200
