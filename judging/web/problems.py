"""Errors as programs get them: `application/problem+json` (RFC 9457), in the language that the request asks for.

"Not yours" and "does not exist" are told by the same bytes, so that answer names neither the thing nor the address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request
from flask_babel import gettext

from judging.domain.values import Problem
from judging.errors import N_, Conflict, JudgingError, Refused, StaleVersion, StoreUnavailable
from judging.services.idempotency import OtherRequest, StillInProgress
from judging.web.formats import error_sentence, problem_sentence

MEDIA_TYPE = "application/problem+json"
REALM = 'Bearer realm="judging"'
_TYPES = "/api/v1/docs#problem-"
_UNKNOWN = 404
_NOT_SIGNED_IN = 401
_SERVER_ERROR = 500
RETRY_AFTER = "5"
"""Seconds after which to try again what could not be taken."""

TITLES: Mapping[str, str] = {
    "bad-request": N_("The request cannot be read"),
    "unauthorized": N_("A valid token is needed"),
    "insufficient-scope": N_("The token is not for this"),
    "forbidden": N_("You may not do this"),
    "not-found": N_("There is nothing here"),
    "method-not-allowed": N_("This address does not take that method"),
    "not-acceptable": N_("There is no answer of the kind asked for"),
    "conflict": N_("This cannot be done now"),
    "rubric-changed": N_("The rubric has changed"),
    "round-ended": N_("The round has ended"),
    "in-progress": N_("The same request is still being worked on"),
    "conditions-missing": N_("Something is still missing"),
    "gone": N_("It is over and no longer here"),
    "stale": N_("It was changed in the meantime"),
    "unsupported-version": N_("That version of the upload protocol is not spoken here"),
    "checksum-mismatch": N_("What arrived is not what was sent"),
    "too-large": N_("The request is too large"),
    "unsupported-media-type": N_("The body is of a kind that is not taken here"),
    "refused": N_("What was sent breaks a rule"),
    "other-request": N_("The idempotency key belongs to another request"),
    "precondition-required": N_("Say which version you have seen"),
    "too-many-requests": N_("Too many requests"),
    "server-error": N_("Something went wrong here"),
    "unavailable": N_("The service cannot take this now"),
    "insufficient-storage": N_("There is no room for more files"),
}
"""The kinds of problems by the end of their `type`, with their titles."""

_BY_STATUS: Mapping[int, str] = {
    400: "bad-request", 401: "unauthorized", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
    406: "not-acceptable", 409: "conflict", 410: "gone", 412: "stale", 413: "too-large", 415: "unsupported-media-type",
    422: "refused", 428: "precondition-required", 429: "too-many-requests", 460: "checksum-mismatch",
    500: "server-error", 503: "unavailable", 507: "insufficient-storage",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: where, as a JSON pointer in the body or the name of a parameter or header, and why."""

    detail: str
    pointer: str = ""
    code: str = ""

    def plain(self) -> dict[str, str]:
        """As it is sent."""
        return {"pointer": self.pointer, "code": self.code, "detail": self.detail}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A problem ready to be told: `more` holds what the kind of problem adds, as the sheet as it is now."""

    status: int
    kind: str
    detail: str = ""
    faults: tuple[Fault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


class ApiError(JudgingError):
    """A refusal that only programs meet. `kind` is a key of TITLES; the message is an msgid."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
        **params: object,
    ) -> None:
        super().__init__(message, **params)
        self.status = status
        self.kind = kind
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        self.more = dict(more or {})


def told_of(error: JudgingError) -> Told:
    """What a program is told of an error of the product."""
    if error.status == _UNKNOWN:
        return Told(status=_UNKNOWN, kind="not-found")
    if isinstance(error, Refused):
        faults = faults_of(error.problems)
        detail = " ".join(fault.detail for fault in faults)
        return Told(status=error.status, kind="refused", detail=detail, faults=faults)
    sentence = error_sentence(error)
    if isinstance(error, ApiError):
        return Told(
            status=error.status, kind=error.kind, detail=sentence, faults=error.faults, headers=error.headers,
            more=error.more,
        )  # fmt: skip
    if error.status >= _SERVER_ERROR and not isinstance(error, StoreUnavailable):
        return Told(status=_SERVER_ERROR, kind="server-error")
    # Where there is no room, nobody knows when to come back.
    headers = {"Retry-After": RETRY_AFTER} if error.status == StoreUnavailable.status else {}
    return Told(status=error.status, kind=_kind(error), detail=sentence, headers=headers)


def told_status(status: int, *, headers: Mapping[str, str] | None = None) -> Told:
    """What a program is told of a plain HTTP error."""
    known = status if status in _BY_STATUS else (_SERVER_ERROR if status >= _SERVER_ERROR else 400)
    return Told(status=status, kind=_BY_STATUS[known], headers=headers or {})


def answer(told: Told) -> Response:
    """The problem as an answer."""
    title = gettext(TITLES[told.kind])
    body: dict[str, Any] = {
        "type": _TYPES + told.kind, "title": title, "status": told.status, "detail": told.detail or title,
    }  # fmt: skip
    if told.status not in (_NOT_SIGNED_IN, _UNKNOWN):
        body["instance"] = request.path
    if told.faults:
        body["errors"] = [fault.plain() for fault in told.faults]
    body.update(told.more)
    response = Response(json.dumps(body, ensure_ascii=False), status=told.status, content_type=MEDIA_TYPE)
    response.headers.update({"WWW-Authenticate": REALM} if told.status == _NOT_SIGNED_IN else {})
    response.headers.update(told.headers)
    return response


def pointer_of(problem: Problem) -> str:
    """The member of the body that a problem names: `title` is `#/title`, `members-0-born` is `#/members/0/born`."""
    head, _, rest = problem.where.partition("-")
    if head == "members" and rest:
        return f"#/members/{rest.replace('-', '/')}"
    return f"#/{problem.where}" if problem.where else ""


def faults_of(problems: Iterable[Problem], *, place: Callable[[Problem], str] = pointer_of) -> tuple[Fault, ...]:
    """The problems of a service as faults; `place` says where in the body each of them is."""
    return tuple(
        Fault(code=problem.code, detail=problem_sentence(problem), pointer=place(problem)) for problem in problems
    )


def _kind(error: JudgingError) -> str:
    if isinstance(error, StillInProgress):
        return "in-progress"
    if isinstance(error, OtherRequest):
        return "other-request"
    if isinstance(error, StaleVersion):
        return "stale"
    if isinstance(error, Conflict):
        return "conflict"
    return _BY_STATUS.get(error.status, "bad-request" if error.status < _SERVER_ERROR else "server-error")
