"""Signing in through an identity provider: a person is its subject, never an address that happens to be the same."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from joserfc.jwk import RSAKey
from sqlalchemy import func, select

from judging.composition import create_web
from judging.db.models import Account, ExternalIdentity
from judging.settings import Settings, SettingsError
from tests.factories import make_account
from tests.letters import letters_to
from tests.web.account.apps import code_of, set_up_app
from tests.web.account.provider import CLIENT, SECRET, Provider
from tests.web.conftest import csrf_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from judging.services.platform import Platform

    SignIn = Callable[[FlaskClient, Account], str]

GO = "/login/directory/go"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.close()


@pytest.fixture
def honest(provider: Provider) -> Provider:
    provider.key, provider.called, provider.change = provider.published, None, lambda _claims: None
    return provider


@pytest.fixture
def client(platform: Platform, honest: Provider) -> FlaskClient:
    settings = replace(
        platform.settings, oidc_issuer=honest.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET
    )  # fmt: skip
    made = create_web(replace(platform, settings=settings)).test_client()
    made.set_cookie("lang", "en")
    return made


def come_back(client: FlaskClient, provider: Provider, **person: Any) -> TestResponse:
    """Go to the provider, sign in there, and come back with its answer."""
    asked = client.get("/login/directory?next=/account")
    assert asked.headers["Location"].startswith(f"{provider.issuer}/authorize?")
    return client.get(provider.approve(asked.headers["Location"], **{"sub": "s-1", "name": "Vũ Mẫu", **person}))


def press(client: FlaskClient) -> TestResponse:
    return client.post(GO, data={"csrf_token": csrf_token(client, GO)})


def count_accounts(platform: Platform) -> int:
    with platform.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Account)) or 0


def test_new_person_with_a_verified_address_gets_an_account_and_comes_back_to_it(
    client: FlaskClient, platform: Platform, honest: Provider
) -> None:
    assert 'href="/login/directory"' in client.get("/login").text
    assert come_back(client, honest, email="vu@example.vn", email_verified=True).headers["Location"] == GO
    assert count_accounts(platform) == 0

    assert press(client).headers["Location"] == "/account"
    assert "vu@example.vn" in client.get("/account").text
    again = client.application.test_client()
    come_back(again, honest, email="quite.another@example.vn", email_verified=True)
    press(again)
    assert "vu@example.vn" in again.get("/account").text
    assert count_accounts(platform) == 1


@pytest.mark.parametrize("verified", [True, False])
def test_equal_address_opens_no_account(
    client: FlaskClient, platform: Platform, honest: Provider, person: Account, verified: bool
) -> None:
    come_back(client, honest, email=person.email, email_verified=verified)

    assert press(client).status_code == 422
    assert client.get("/account").status_code == 302
    with platform.database.reading() as session:
        assert session.scalars(select(ExternalIdentity)).all() == []


def test_address_that_is_not_verified_makes_no_account(
    client: FlaskClient, platform: Platform, honest: Provider
) -> None:
    come_back(client, honest, email="vu@example.vn")

    assert (press(client).status_code, count_accounts(platform)) == (422, 0)


def test_owner_connects_the_account_and_removes_the_connection(
    client: FlaskClient, platform: Platform, honest: Provider, person: Account, sign_in: SignIn
) -> None:
    sign_in(client, person)
    come_back(client, honest)
    press(client)

    guest = client.application.test_client()
    come_back(guest, honest)
    assert press(guest).headers["Location"] == "/account"
    assert person.email in guest.get("/account").text
    assert letters_to(platform, person.email)[-1].subject == "The ways to sign in to your account were changed"

    token = csrf_token(client, "/account/second-factor")
    client.post("/account/directory/remove", data={"csrf_token": token})
    stranger = client.application.test_client()
    come_back(stranger, honest)
    assert press(stranger).status_code == 422


def test_person_of_the_directory_has_one_account(
    client: FlaskClient, platform: Platform, honest: Provider, person: Account, sign_in: SignIn
) -> None:
    with platform.database.writing() as session:
        other = make_account(session)
    for account in (person, other):
        browser = client.application.test_client()
        sign_in(browser, account)
        come_back(browser, honest)
        press(browser)

    with platform.database.reading() as session:
        assert session.scalars(select(ExternalIdentity.account_id)).all() == [person.id]


def test_connecting_asks_for_a_proof_that_is_fresh(
    client: FlaskClient, platform: Platform, honest: Provider, person: Account, sign_in: SignIn
) -> None:
    sign_in(client, person)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        come_back(client, honest)
        assert press(client).headers["Location"].startswith("/account/proof")

    with platform.database.reading() as session:
        assert session.scalars(select(ExternalIdentity)).all() == []


def test_second_factor_is_asked_for_and_a_closed_account_stays_closed(
    client: FlaskClient, platform: Platform, honest: Provider, person: Account, sign_in: SignIn
) -> None:
    sign_in(client, person)
    come_back(client, honest)
    press(client)
    secret = set_up_app(platform, person)
    guest = client.application.test_client()

    come_back(guest, honest)
    assert press(guest).headers["Location"] == "/login/second"
    code = {"code": code_of(secret), "csrf_token": csrf_token(guest, "/login/second")}
    assert guest.post("/login/second", data=code).headers["Location"] == "/account"
    with platform.database.writing() as session:
        session.get_one(Account, person.id).disabled_at = datetime.now(UTC)
    late = client.application.test_client()
    come_back(late, honest)
    assert press(late).status_code == 422


SPOILT: dict[str, Callable[[dict[str, Any]], None]] = {
    "another client's": lambda claims: claims.update(aud="somebody-else"),
    "for several, another's": lambda claims: claims.update(aud=[CLIENT, "somebody-else"], azp="somebody-else"),
    "another provider's": lambda claims: claims.update(iss="https://evil.example"),
    "an answer to another question": lambda claims: claims.update(nonce="x" * 43),
    "without an answer": lambda claims: claims.pop("nonce"),
    "over": lambda claims: claims.update(exp=int(time.time()) - 3600),
    "about nobody": lambda claims: claims.pop("sub"),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_token_that_is_not_for_us_is_refused(
    client: FlaskClient, platform: Platform, honest: Provider, spoil: Callable[[dict[str, Any]], None]
) -> None:
    honest.change = spoil

    assert come_back(client, honest, email="vu@example.vn", email_verified=True).status_code == 422
    assert client.get(GO).headers["Location"] == "/login"
    assert count_accounts(platform) == 0


def test_token_signed_by_another_key_is_refused(client: FlaskClient, honest: Provider) -> None:
    honest.key = RSAKey.generate_key(2048, {"kid": "one"})

    assert come_back(client, honest).status_code == 422


def test_provider_that_calls_itself_otherwise_is_refused(client: FlaskClient, honest: Provider) -> None:
    honest.called = "https://evil.example"

    assert client.get("/login/directory").status_code == 422


def test_answer_counts_once_and_only_where_it_was_asked_for(client: FlaskClient, honest: Provider) -> None:
    question = client.get("/login/directory").headers["Location"]
    answer = honest.approve(question, sub="s-1")
    victim = client.application.test_client()
    victim.get("/login/directory")

    assert victim.get(answer).status_code == 422
    assert client.get(answer.replace("state=", "state=x")).status_code == 422
    assert client.get(answer).status_code == 422


def test_without_the_setting_there_is_nothing(platform: Platform) -> None:
    client = create_web(platform).test_client()

    assert [client.get(path).status_code for path in ("/login/directory", "/login/directory/back", GO)] == [404] * 3
    assert "directory" not in client.get("/login?lang=en").text


@pytest.mark.parametrize(
    "said",
    [
        {"JUDGING_OIDC_ISSUER": "http://login.example.vn", "JUDGING_OIDC_CLIENT_ID": "x"},
        {"JUDGING_OIDC_ISSUER": "https://login.example.vn"},
    ],
)
def test_provider_without_tls_or_without_a_client_is_refused_at_the_start(
    settings: Settings, said: dict[str, str]
) -> None:
    with pytest.raises(SettingsError, match="JUDGING_OIDC_ISSUER"):
        Settings.from_environment(said, data=settings.data)
