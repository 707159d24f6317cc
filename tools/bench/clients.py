"""Browsers without a network: the WSGI test client, signed in through the form."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.db.models import Account
from judging.services.access.sign_in import open_session
from judging.services.platform import Platform

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class PageError(Exception):
    """A page did not answer as the benchmark needs it."""


def browser(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with, reading English."""
    client = app.test_client()
    client.set_cookie("lang", "en")
    return client


def sign_in(app: Flask, email: str, password: str) -> FlaskClient:
    """A browser in which this person has signed in."""
    client = browser(app)
    form = {"email": email, "password": password, "csrf_token": csrf_token(client, "/login")}
    expect(client, "POST", "/login", 302, form)
    return client


def enter(app: Flask, platform: Platform, email: str) -> FlaskClient:
    """The same without the password, whose check is slow on purpose: for many people at once."""
    with platform.database.writing() as session:
        account = session.scalars(select(Account).where(Account.email_key == email)).one()
        token = open_session(session, account=account, device="bench", now=datetime.now(UTC))
    client = browser(app)
    with client.session_transaction() as held:
        held["_user_id"], held["_fresh"] = token, True
    return client


def cookies_of(client: FlaskClient) -> str:
    """What the browser would send as its cookies."""
    names = ("session", "lang")
    found = ((name, client.get_cookie(name)) for name in names)
    return "; ".join(f"{name}={cookie.value}" for name, cookie in found if cookie is not None)


def csrf_token(client: FlaskClient, address: str) -> str:
    """The token of the form on a page."""
    found = _TOKEN.search(expect(client, "GET", address, 200))
    if found is None:
        raise PageError(f"{address} shows no form")
    return found.group(1)


def expect(client: FlaskClient, method: str, address: str, status: int, form: dict[str, str] | None = None) -> str:
    """Ask for a page and return its text. Raises PageError for another status."""
    answer = client.open(address, method=method, data=form)
    if answer.status_code != status:
        raise PageError(f"{method} {address} answered {answer.status_code}, not {status}")
    return answer.text
