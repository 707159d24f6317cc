"""Answers a repeated request as the first one was answered, when both carry the same `Idempotency-Key`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from flask import Response, current_app, make_response, request

from judging.services.idempotency import claim_key, forget_answers, keep_answer, read_key, request_digest
from judging.web.api.bodies import parsed_body
from judging.web.context import account, now, platform
from judging.web.transaction import db, unit

HEADER = "Idempotency-Key"
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")
_SWEPT = "judging-api-swept"


def repeatable(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let `view` be called once for each key: its answer is stored with its effect and given again.

    A refused request changes nothing and leaves its key free.
    """

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Any:
        header = request.headers.get(HEADER)
        if header is None:
            return view(*args, **kwargs)
        digest = request_digest(request.method, request.path, parsed_body())
        row, is_new = claim_key(db(), account_id=account().id, key=read_key(header), request_sha256=digest, now=now())
        if not is_new:
            return Response(row.body, status=row.status, headers=row.headers)
        response: Response = make_response(view(*args, **kwargs))
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        keep_answer(row, status=response.status_code, headers=headers, body=response.get_data(as_text=True))
        _sweep_daily()
        return response

    return once


def _sweep_daily() -> None:
    """Forget old answers once a day, after the answer that somebody waits for is stored."""
    today = now().date()
    swept: date | None = current_app.extensions.get(_SWEPT)
    if swept == today:
        return
    current_app.extensions[_SWEPT] = today
    database, moment = platform().database, now()

    def sweep() -> None:
        with database.writing() as session:
            forget_answers(session, now=moment)

    unit().after_commit(sweep)
