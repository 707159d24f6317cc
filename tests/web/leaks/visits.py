"""Visitors who ask for addresses, and what they are answered."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from judging.services.links import TOKEN_PARAMETER
from tests.factories import PASSWORD
from tests.web.leaks.canaries import BY_LINK
from tests.web.leaks.neighbours import QUESTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.wrappers import Response

    from tests.web.leaks.world import World


# Tokens of forms, the key by which a message is sent once, and what a draft's page is known by: drawn for each page.
_TOKEN = re.compile(
    r'(name="csrf_token"[^>]*?value=|name="csrf-token"[^>]*?content=|data-csrf='
    r'|type="hidden" name="(?:key|page)" value=|"csrf_token":\s*)"[^"]*"'
)
_OWN_TIME = {"Date", "Set-Cookie", "X-Request-Id"}


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


@contextmanager
def silent_log() -> Iterator[None]:
    """Write no line for each of thousands of requests."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def enter(app: Flask, world: World, role: str) -> FlaskClient:
    """A browser, signed in as the role; `guest` is nobody."""
    client = app.test_client()
    client.set_cookie("lang", "en")
    if role in BY_LINK:
        assert client.get(f"/answer?{TOKEN_PARAMETER}={QUESTION}").status_code == 302
    elif role != "guest":
        sign_in(client, world.emails[role])
        # Below /api/ the token counts and the cookie does not; on pages it is the other way round.
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {world.tokens[role]}"
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
    twin.environ_base = dict(client.environ_base)
    for name in ("lang", "session"):
        if (cookie := client.get_cookie(name)) is not None:
            twin.set_cookie(name, cookie.value)
    return twin


def visit(client: FlaskClient, paths: Iterable[str]) -> dict[str, Answer]:
    """Ask for each address."""
    return {path: ask(client, path) for path in paths}


def ask(client: FlaskClient, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask for one address."""
    # An address may change the language, which the browser then remembers.
    client.set_cookie("lang", "en")
    with client.open(path, method=method, headers=headers) as response:
        found = read_answer(response)
    if found.status == 302:
        # A message that waits for the next page would be read there; it belongs to this one.
        client.get("/privacy").close()
    return found


def without_address(text: str, path: str) -> str:
    """The text without the address itself, which links to the page in other languages repeat."""
    return text.replace(path, "<here>").replace(quote(path, safe=""), "<here>")


def read_answer(response: Response) -> Answer:
    """The answer without what differs each time anyway."""
    headers = tuple(sorted((name, value) for name, value in response.headers if name not in _OWN_TIME))
    # Bytes of files are no UTF-8; every byte must be looked at all the same.
    body = response.get_data().decode("utf-8", errors="backslashreplace")
    return Answer(response.status_code, headers, _TOKEN.sub(r"\1", body))
