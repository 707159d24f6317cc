"""Browsers without a network: the WSGI test client, signed in through the form."""

from __future__ import annotations

import re

from flask import Flask, Response
from flask.testing import FlaskClient

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


def bare_page(text: str) -> Flask:
    """An application whose only page is a text that lies ready: the least that Flask itself takes."""
    app = Flask("bare")

    @app.get("/")
    def page() -> Response:
        return Response(text, mimetype="text/html")

    return app
