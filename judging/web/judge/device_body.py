"""The body of a request by which a device hands a sheet in, read strictly: what is not understood is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from judging.errors import N_
from judging.web.i18n import LANGUAGES
from judging.web.judge.device_fields import MOST_SENT
from judging.web.problems import ApiError

_MOST_FIELDS = 500
_LONGEST = 20_000
_MEMBERS = frozenset({"fields", "base", "sent", "rubric", "language"})
_UNREADABLE = N_("This is no sheet that a device hands in.")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A sheet as a device kept it: texts by the names of the form's fields, in the notation of `language`.

    `base` and `sent` say from what the device started, as in a draft's form; `rubric` is the digest of the rubric that
    was filled in.
    """

    fields: Mapping[str, str]
    base: Mapping[str, Any]
    sent: Sequence[Mapping[str, str]]
    rubric: str
    language: str
    plain: Mapping[str, Any]


def read_handed_in() -> HandedIn:
    """The body of this request. Raises ApiError."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or body.keys() - _MEMBERS or not _is_texts(body.get("fields")):
        raise ApiError(400, "bad-request", _UNREADABLE)
    base, sent = body.get("base", {}), body.get("sent", [])
    rubric, language = body.get("rubric"), body.get("language")
    if not isinstance(base, dict) or not _are_sheets(sent) or not isinstance(rubric, str):
        raise ApiError(400, "bad-request", _UNREADABLE)
    if language not in LANGUAGES:
        raise ApiError(400, "bad-request", _UNREADABLE)
    return HandedIn(fields=body["fields"], base=base, sent=sent, rubric=rubric, language=language, plain=body)


def _are_sheets(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MOST_SENT and all(_is_texts(each) for each in value)


def _is_texts(value: object) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= _MOST_FIELDS
        and all(isinstance(text, str) and len(text) <= _LONGEST and "\x00" not in text for text in value.values())
    )
