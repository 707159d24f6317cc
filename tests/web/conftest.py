"""The web application on a real database, a client that signs in, and a count of the queries that a page makes."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from judging.composition import create_web
from tests.factories import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform


@pytest.fixture
def app(platform: Platform) -> Flask:
    """The application."""
    made = create_web(platform)
    made.testing = True
    # An error must reach the test as an answer, as it reaches a browser.
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with, reading English."""
    made = app.test_client()
    made.set_cookie("lang", "en")
    return made


_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def csrf_token(client: FlaskClient, address: str = "/login") -> str:
    """The token of a form on the page at `address`."""
    found = _TOKEN.search(client.get(address).text)
    assert found is not None, f"{address} shows no form"
    return found.group(1)


@pytest.fixture
def sign_in() -> Callable[[FlaskClient, Account], str]:
    """Sign a client in as an account through the form; returns a CSRF token for the posts that follow."""

    def enter(client: FlaskClient, account: Account) -> str:
        answer = client.post(
            "/login", data={"email": account.email, "password": PASSWORD, "csrf_token": csrf_token(client)}
        )
        assert answer.status_code == 302, answer.text
        return csrf_token(client, "/account")

    return enter


@pytest.fixture
def count_queries(platform: Platform) -> Callable[[], contextlib.AbstractContextManager[list[str]]]:
    """Collects the SQL statements made inside a `with` block."""

    @contextlib.contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(platform.database.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(platform.database.engine, "before_cursor_execute", note)

    return counting
