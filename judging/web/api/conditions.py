"""Which version of a thing the caller has seen: ETag, If-Match, If-None-Match (RFC 9110, section 13).

The tag of an answer is made from the answer itself, as this reader gets it: it changes when and only when what they may
see changes, so that it tells nothing of what they may not.
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, request
from pydantic import BaseModel
from werkzeug.http import parse_etags

from judging.errors import N_
from judging.web.problems import ApiError

_LENGTH = 32


def tag_of(shown: BaseModel) -> str:
    """The tag of an answer."""
    return hashlib.sha256(shown.model_dump_json().encode()).hexdigest()[:_LENGTH]


def quoted(tag: str) -> str:
    """A strong tag as headers have it."""
    return f'"{tag}"'


def tagged(shown: BaseModel, *, status: int = 200, tag: str | None = None, **headers: str) -> Any:
    """The answer with its tag; 304 without a body when the caller has just this."""
    mark = tag if tag is not None else tag_of(shown)
    if request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(mark):
        return Response(status=304, headers={"ETag": quoted(mark)})
    return shown, status, {"ETag": quoted(mark), **headers}


def require_match(shown: BaseModel, *, tag: str | None = None) -> None:
    """Refuse a change by somebody who has not seen `shown`, which is the thing as it is now. Raises ApiError."""
    mark = tag if tag is not None else tag_of(shown)
    header = request.headers.get("If-Match")
    if header is None:
        raise _unsaid()
    if not parse_etags(header).contains(mark):
        raise stale(shown, mark)


def require_match_or_none(shown: BaseModel, *, tag: str, is_new: bool) -> None:
    """The same for a thing that may not be there yet: `If-None-Match: *` asks that it is not. Raises ApiError.

    A thing that is not there yet can be written without any condition: nothing is lost by it.
    """
    match, none_match = request.headers.get("If-Match"), request.headers.get("If-None-Match")
    if match is None and none_match is None:
        if is_new:
            return
        raise _unsaid()
    if match is not None and not parse_etags(match).contains(tag):
        raise stale(shown, tag)
    if none_match is not None and (not is_new if none_match.strip() == "*" else parse_etags(none_match).contains(tag)):
        raise stale(shown, tag)


def stale(shown: BaseModel, tag: str) -> ApiError:
    """The refusal that shows the thing as it is now."""
    return ApiError(
        412, "stale", N_("It was changed since you read it. Nothing was stored; “current” shows it as it is now."),
        headers={"ETag": quoted(tag)}, more={"current": shown.model_dump(mode="json")},
    )  # fmt: skip


def _unsaid() -> ApiError:
    return ApiError(
        428, "precondition-required",
        N_("Send the header If-Match with the ETag that you were given, so that nobody's change is lost."),
    )  # fmt: skip
