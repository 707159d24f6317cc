"""A number for each request, and one line in the log for each answer.

Written down are who (the account's id), what (the route, never the address with its tokens) and how it ended. What
bears on security - refused rights, sign-ins, forged forms - is a record of its own, and only that has the client's
network address.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import TYPE_CHECKING

from flask import Flask, g, request
from flask_login import user_logged_in, user_logged_out
from sqlalchemy import inspect
from structlog.contextvars import bind_contextvars, clear_contextvars

if TYPE_CHECKING:
    from flask import Response

_access = logging.getLogger("judging.access")
_security = logging.getLogger("judging.security")

HEADER = "X-Request-Id"
_ACCEPTED = re.compile(r"[0-9A-Za-z._-]{8,64}")
_QUIET = ("static", "health.")
_REFUSED, _NOT_FOUND, _TOO_MANY, _FAILED = 400, 404, 429, 500
_DENIED = frozenset({401, 403, _TOO_MANY})


def install(app: Flask, *, behind_proxy: bool) -> None:
    """Number and log the requests of `app`. To be installed before anything else that looks at a request.

    A number that comes with the request is kept only when a trusted proxy stands in front, which must set it itself.
    """

    @app.before_request
    def begin() -> None:
        clear_contextvars()
        given = request.headers.get(HEADER, "") if behind_proxy else ""
        g.request_id = given if _ACCEPTED.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()
        bind_contextvars(request=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" in g:
            response.headers[HEADER] = g.request_id
            _write(response)
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        clear_contextvars()

    user_logged_in.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)


def request_id() -> str:
    """The number of this request; the office finds it in the log."""
    number: str = g.get("request_id", "")
    return number


def route() -> str:
    """The pattern of the address, such as `/entries/<entry_id>`: what stands in an address may be a secret."""
    return request.url_rule.rule if request.url_rule is not None else "(none)"


def _write(response: Response) -> None:
    status, actor = response.status_code, actor_id()
    said = {"method": request.method, "route": route(), "status": status, "actor": actor, **_subject()}
    if event := _security_event(status, actor):
        _security.warning(event, extra={**said, "client": request.remote_addr})
    spent = round((time.perf_counter() - g.began) * 1000, 1)
    if status >= _FAILED:
        _access.error("request", extra={**said, "ms": spent})
    elif not (request.endpoint or "").startswith(_QUIET):
        _access.info("request", extra={**said, "ms": spent, "bytes": response.content_length})


def _security_event(status: int, actor: str | None) -> str:
    if status in _DENIED or (status == _NOT_FOUND and actor is not None and request.url_rule is not None):
        return "denied"
    if g.get("forged"):
        return "form-token-refused"
    if status >= _REFUSED and request.method == "POST" and request.blueprint == "account" and actor is None:
        return "sign-in-refused"
    return ""


def _subject() -> dict[str, str]:
    """Which contest, entry or reading: identifiers that stand for no person outside the database."""
    given = request.view_args or {}
    return {name: str(given[name])[:80] for name in ("slug", "entry_id", "assignment_id") if name in given}


def actor_id() -> str | None:
    """The account's identifier, which is known even when what was loaded of it was lost with the transaction."""
    account = g.get("account")
    identity = None if account is None else inspect(account).identity
    lost: str | None = g.get("lost_account_id")
    return lost if identity is None else str(identity[0])


def _signed_in(_app: Flask, **_user: object) -> None:
    _security.info("signed-in", extra=_who())


def _signed_out(_app: Flask, **_user: object) -> None:
    if actor_id() is not None:
        _security.info("signed-out", extra=_who())


def _who() -> dict[str, object]:
    return {"actor": actor_id(), "route": route(), "client": request.remote_addr}
