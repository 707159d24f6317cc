"""Signing in and out by the form, and sessions that live on the server."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from judging.db.models import Account, LoginFailure, LoginSession
from judging.services.access import sign_in as service
from judging.services.access.accounts import password_fits
from judging.services.attempts import LIMITS, Act
from tests.factories import PASSWORD, make_account
from tests.letters import letters_to
from tests.web.conftest import csrf_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

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
    for _ in range(LIMITS[Act.SIGN_IN].by_pair):
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


def test_new_password_needs_the_present_one_and_ends_other_sessions(
    client: FlaskClient, account: Account, platform: Platform, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    other = client.application.test_client()
    sign_in(other, account)
    token = sign_in(client, account)
    new = "mùa xuân là tết trồng cây"
    # The same letters as another keyboard sends them: each accent a sign of its own.
    typed_apart = unicodedata.normalize("NFD", new)

    refused = client.post("/account/password", data={"present": "wrong", "password": new, "csrf_token": token})
    changed = client.post("/account/password", data={"present": PASSWORD, "password": new, "csrf_token": token})

    assert (refused.status_code, changed.status_code) == (422, 302)
    assert other.get("/account").status_code == 302
    assert client.get("/account").status_code == 200
    with platform.database.reading() as session:
        assert password_fits(session.get_one(Account, account.id), typed_apart)
    assert [letter.subject for letter in letters_to(platform, account.email)] == ["Your password was changed"]


def test_planted_session_and_form_token_are_dead_after_sign_in(client: FlaskClient, account: Account) -> None:
    attacker = client.application.test_client()
    planted_token = csrf_token(attacker)
    planted = attacker.get_cookie("session")
    assert planted is not None
    client.set_cookie("session", planted.value)

    refused = client.post("/login", data={"email": account.email, "password": PASSWORD})
    client.post("/login", data={"email": account.email, "password": PASSWORD, "csrf_token": planted_token})

    assert refused.status_code == 400
    assert client.get("/account").status_code == 200
    assert attacker.get("/account").status_code == 302
    forged = client.post("/account", data={"csrf_token": planted_token, "name": "Kẻ Gian", "locale": "vi"})
    assert forged.status_code == 400


def test_signing_in_again_ends_the_session_that_was_here(
    client: FlaskClient, account: Account, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    sign_in(client, account)
    before = client.get_cookie("session")
    assert before is not None
    sign_in(client, account)

    other = client.application.test_client()
    other.set_cookie("session", before.value)

    assert other.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_one_other_session_is_ended_and_nobody_elses(
    client: FlaskClient, account: Account, platform: Platform, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    with platform.database.writing() as session:
        somebody = make_account(session)
    lost, stranger = client.application.test_client(), client.application.test_client()
    sign_in(lost, account)
    sign_in(stranger, somebody)
    token = sign_in(client, account)
    with platform.database.reading() as session:
        rows = {
            row.account_id: row.id for row in session.scalars(select(LoginSession).order_by(LoginSession.id.desc()))
        }

    for row_id in rows.values():
        assert client.post(f"/account/sessions/{row_id}/end", data={"csrf_token": token}).status_code == 302

    assert (lost.get("/account").status_code, client.get("/account").status_code) == (302, 200)
    assert stranger.get("/account").status_code == 200


def test_administrators_session_ends_after_half_an_hour_without_use(
    client: FlaskClient, platform: Platform, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    with platform.database.writing() as session:
        administrator = make_account(session, is_administrator=True)
    sign_in(client, administrator)

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=29), tick=False):
        assert client.get("/admin/").status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=29 + 31), tick=False):
        assert client.get("/admin/").status_code == 302


def test_sign_out_clears_the_browsers_cache(
    client: FlaskClient, account: Account, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    token = sign_in(client, account)

    assert client.post("/logout", data={"csrf_token": token}).headers["Clear-Site-Data"] == '"cache"'
