"""A person's own tokens: made after a proof, shown once, revoked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from judging.db.models import Account, ApiToken
from tests.factories import make_account

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.db.session import Database
    from judging.services.platform import Platform

PAGE = "/account/tokens"
_TEXT = re.compile(r"jt_[\w-]{43}")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Nothing here depends on which database it is."""
    return sqlite_database


@pytest.fixture
def account(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session)


def test_token_is_made_shown_once_and_revoked(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], account: Account, platform: Platform
) -> None:
    csrf = sign_in(client, account)
    form = {"csrf_token": csrf, "name": "Máy chấm", "scopes": ["judge", "read"], "days": "30"}

    made = client.post(PAGE, data=form)

    assert made.status_code == 200, made.text
    (text,) = set(_TEXT.findall(made.text))
    assert made.headers["Cache-Control"] == "no-store"
    assert _TEXT.findall(client.get(PAGE).text) == []
    assert "Máy chấm" in client.get(PAGE).text
    bearer = {"Authorization": f"Bearer {text}"}
    assert client.get("/api/v1/me", headers=bearer).get_json()["scopes"] == ["read", "judge"]
    with platform.database.reading() as session:
        token_id = session.query(ApiToken).one().id
    assert client.post(f"{PAGE}/{token_id}/revoke", data={"csrf_token": csrf}).status_code == 302
    assert client.get("/api/v1/me", headers=bearer).status_code == 401
    assert "Máy chấm" not in client.get(PAGE).text


def test_form_without_a_name_or_purpose_makes_nothing(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], account: Account, platform: Platform
) -> None:
    csrf = sign_in(client, account)

    wrongs: tuple[dict[str, Any], ...] = ({"name": ""}, {"scopes": []}, {"scopes": ["everything"]}, {"days": "9999"})
    for wrong in wrongs:
        answer = client.post(PAGE, data={"csrf_token": csrf, "name": "x", "scopes": ["read"], "days": "30", **wrong})
        assert answer.status_code == 422, wrong
    with platform.database.reading() as session:
        assert session.query(ApiToken).count() == 0


def test_tokens_of_others_are_neither_shown_nor_revoked(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], account: Account, platform: Platform
) -> None:
    from judging.services.access.api_tokens import make_token
    from tests.factories import NOW

    with platform.database.writing() as session:
        theirs = make_token(session, account=make_account(session), name="của-người-khác", scopes=["read"], now=NOW)
        token_id = theirs.row.id
    csrf = sign_in(client, account)

    assert "của-người-khác" not in client.get(PAGE).text
    assert client.post(f"{PAGE}/{token_id}/revoke", data={"csrf_token": csrf}).status_code == 404
