"""Programs that call the interface with a token of their own, for the tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from judging.services.access.api_tokens import SCOPES, make_token

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from judging.db.models import Account
    from judging.services.platform import Platform

ROOT = "/api/v1"


@dataclass(kw_only=True)
class Program:
    """A program with a bearer token, or with none, that reads English."""

    client: FlaskClient
    token: str = ""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Call an address below /api/v1. A body that is not bytes is sent as JSON; `_` in a header's name is `-`."""
        sent = {"Accept-Language": "en", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        data: dict[str, Any] = {}
        if isinstance(body, bytes):
            data = {"data": body, "content_type": "application/json"}
        elif body is not None:
            data = {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.open(ROOT + path, method=method, headers=sent, **data)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> TestResponse:
        return self.call("DELETE", path, **headers)

    def send_file(self, path: str, *, item: str, content: Any, filename: str) -> TestResponse:
        """Send a file for an item of a dossier."""
        return self.client.post(
            ROOT + path,
            data={"item": item, "file": (content, filename)},
            headers={"Authorization": f"Bearer {self.token}", "Accept-Language": "en"},
        )


def program_of(app: Flask, platform: Platform, account: Account, *, scopes: Collection[str] = tuple(SCOPES)) -> Program:
    """A program that acts for the account, by the server's own clock."""
    from datetime import UTC, datetime

    with platform.database.writing() as session:
        merged = session.merge(account, load=True)
        made = make_token(session, account=merged, name="test", scopes=scopes, now=datetime.now(UTC))
        return Program(client=app.test_client(), token=made.text)


def said(answer: TestResponse) -> Any:
    """The JSON of an answer, whatever its status."""
    return answer.get_json()


def done(answer: TestResponse, status: int = 200) -> Any:
    """The JSON of an answer that must have this status."""
    assert answer.status_code == status, f"{answer.request.path}: {answer.status} {answer.text}"
    return said(answer)
