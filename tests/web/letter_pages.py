"""What people do with a link from a letter: follow it, and press the button of the page it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.web.conftest import csrf_token

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

OPEN = "/letter/open"


def follow(client: FlaskClient, link: str) -> TestResponse:
    """Open a link from a letter; the answer is the page that it leads to."""
    answer = client.get(link)
    assert (answer.status_code, answer.headers["Location"]) == (302, OPEN)
    return client.get(OPEN)


def press(client: FlaskClient, **fields: Any) -> TestResponse:
    """Press the button of the page that a link led to."""
    return client.post(OPEN, data={"csrf_token": csrf_token(client, OPEN), **fields})
