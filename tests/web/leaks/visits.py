"""Visitors who ask for addresses, and what they are answered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.factories import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.wrappers import Response

    from tests.web.leaks.world import World

# The token against forged requests differs from answer to answer and tells nothing.
_TOKEN = re.compile(r'(name="csrf_token"[^>]*?value=|name="csrf-token"[^>]*?content=|data-csrf=)"[^"]*"')
_OWN_TIME = {"Date", "Set-Cookie"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer without what differs each time anyway."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def everything(self) -> str:
        """All that the visitor could read."""
        return "\n".join([*(f"{name}: {value}" for name, value in self.headers), self.body])


def enter(app: Flask, world: World, role: str) -> FlaskClient:
    """A browser, signed in as the role; `guest` is nobody."""
    client = app.test_client()
    client.set_cookie("lang", "en")
    if role != "guest":
        sign_in(client, world.emails[role])
    return client


def sign_in(client: FlaskClient, email: str) -> None:
    """Come in by the form."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login").text)
    assert token is not None
    answer = client.post("/login", data={"email": email, "password": PASSWORD, "csrf_token": token.group(1)})
    assert answer.status_code == 302, answer.text


def same_person(client: FlaskClient, app: Flask) -> FlaskClient:
    """The same person before another application: the session is stored in both databases."""
    twin = app.test_client()
    for name in ("lang", "session"):
        if (cookie := client.get_cookie(name)) is not None:
            twin.set_cookie(name, cookie.value)
    return twin


def visit(client: FlaskClient, paths: Iterable[str]) -> dict[str, Answer]:
    """Ask for each address."""
    found = {}
    for path in paths:
        # An address may change the language, which the browser then remembers.
        client.set_cookie("lang", "en")
        with client.get(path) as response:
            found[path] = _answer(response)
        if found[path].status == 302:
            # A message that waits for the next page would be read there; it belongs to this one.
            client.get("/privacy").close()
    return found


def without_address(text: str, path: str) -> str:
    """The text without the address itself, which links to the page in other languages repeat."""
    return text.replace(path, "<here>").replace(quote(path, safe=""), "<here>")


def _answer(response: Response) -> Answer:
    headers = tuple(sorted((name, value) for name, value in response.headers if name not in _OWN_TIME))
    # Bytes of files are no UTF-8; every byte must be looked at all the same.
    body = response.get_data().decode("utf-8", errors="backslashreplace")
    return Answer(response.status_code, headers, _TOKEN.sub(r"\1", body))
