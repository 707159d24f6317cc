"""Reading what a program sends, strictly: what two readers could understand differently is refused.

A member that stands twice, NaN and Infinity (which JSON does not have), lone surrogates, NUL and deep nesting are no
JSON here; another media type is not guessed at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import g, request
from pydantic import BaseModel, ValidationError

from judging.errors import N_
from judging.web.formats import sentence
from judging.web.problems import ApiError, Fault

MOST_BYTES = 1_000_000
_DEEPEST = 40
_PARSED = "api_body"

_SENTENCES: Mapping[str, str] = {
    "missing": N_("This is needed."),
    "extra_forbidden": N_("Nothing of this name is taken here."),
    "string_type": N_("Text is expected here: write it in quotation marks."),
    "string_too_long": N_("At most %(max_length)s characters."),
    "string_too_short": N_("At least %(min_length)s characters."),
    "string_pattern_mismatch": N_("This is not written as it must be."),
    "int_type": N_("A whole number is expected here."),
    "int_parsing": N_("A whole number is expected here."),
    "bool_type": N_("true or false is expected here."),
    "list_type": N_("A list is expected here."),
    "dict_type": N_("An object is expected here."),
    "model_type": N_("An object is expected here."),
    "model_attributes_type": N_("An object is expected here."),
    "too_long": N_("There are too many of these."),
    "enum": N_("That is not one of the values on offer: %(expected)s."),
    "literal_error": N_("That is not one of the values on offer: %(expected)s."),
    "greater_than_equal": N_("This must be at least %(ge)s."),
    "less_than_equal": N_("This must be at most %(le)s."),
    "decimal_parsing": N_("A plain decimal number is expected here, like 27.5."),
    "decimal_type": N_("A plain decimal number is expected here, like 27.5."),
    "finite_number": N_("A plain decimal number is expected here, like 27.5."),
    "timezone_aware": N_("A moment with its offset from UTC is expected here, like 2026-11-20T10:00:00Z."),
    "datetime_parsing": N_("A moment with its offset from UTC is expected here, like 2026-11-20T10:00:00Z."),
    "datetime_from_date_parsing": N_("A moment with its offset from UTC is expected here, like 2026-11-20T10:00:00Z."),
    "date_from_datetime_parsing": N_("A day is expected here, like 2012-05-31."),
    "date_parsing": N_("A day is expected here, like 2012-05-31."),
    "answers_missing": N_(
        "Answer for each reading that is listed: in “answers”, by its id, “none” or the kind of conflict of interest."
    ),
}
_OTHERWISE = N_("This value cannot be used here.")
_UNKNOWN = "extra-forbidden"


class _Unclear(ValueError):
    """The text is no JSON that everybody reads alike."""


def read_body() -> bytes:
    """The bytes of a JSON body; an object without members when there is none. Raises ApiError 400, 413 or 415."""
    raw = request.get_data(cache=True)
    if not raw:
        setattr(g, _PARSED, {})
        return b"{}"
    if not request.is_json:
        raise ApiError(
            415, "unsupported-media-type", N_("Send the body as JSON, with the header Content-Type: application/json.")
        )
    if len(raw) > MOST_BYTES:
        raise ApiError(413, "too-large", N_("A body of JSON has at most %(most)s bytes."), most=MOST_BYTES)
    try:
        parsed = json.loads(raw.decode(), object_pairs_hook=_no_member_twice, parse_constant=_no_constant)
        _check_texts(parsed)
    except (ValueError, RecursionError) as error:
        raise ApiError(
            400, "bad-request",
            N_("The body is no JSON that can be read without doubt: no member twice, no NaN, no lone surrogates."),
        ) from error  # fmt: skip
    setattr(g, _PARSED, parsed)
    return raw


def parsed_body() -> Any:
    """What the body says, once it was read; an empty object before."""
    if not hasattr(g, _PARSED):
        read_body()
    return getattr(g, _PARSED)


def read_model(model: type[BaseModel], raw: bytes) -> BaseModel:
    """The body as `model`. Raises ApiError 422 with a fault for each member that is wrong."""
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise invalid(error, where="#") from error


def read_form(model: type[BaseModel], values: Mapping[str, Any]) -> BaseModel:
    """Form fields as `model`. Raises ApiError 422."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise invalid(error, where="#") from error


def read_parameters(model: type[BaseModel], values: Mapping[str, Any]) -> BaseModel:
    """What stands behind the question mark of an address, as `model`.

    Raises ApiError 400 where a name is not known, so that nobody believes that it was heeded, and 422 for a value.
    """
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        faults = _faults(error, "query")
        if any(one.code == _UNKNOWN for one in faults):
            raise ApiError(
                400, "bad-request", N_("The address has parameters that are not taken here."), faults=faults
            ) from error
        raise invalid(error, where="query") from error


def invalid(error: ValidationError, *, where: str) -> ApiError:
    """What is told of values that do not have the form they must have: a fault for each, with its place."""
    message = N_("Some of what was sent does not have the form that is expected.")
    return ApiError(422, "refused", message, faults=_faults(error, where))


def _faults(error: ValidationError, where: str) -> list[Fault]:
    return [
        Fault(
            code=one["type"].replace("_", "-"), detail=_sentence(one["type"], one.get("ctx") or {}),
            pointer=_place(where, one["loc"]),
        )
        for one in error.errors(include_url=False, include_input=False)
    ]  # fmt: skip


def _place(where: str, location: Iterable[int | str]) -> str:
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in location]
    return "/".join([where, *parts]) if where == "#" else "/".join(parts)


def _sentence(kind: str, context: Mapping[str, Any]) -> str:
    message = _SENTENCES.get(kind, _OTHERWISE)
    return sentence(message, {key: str(value) for key, value in context.items()} if "%(" in message else None)


def _no_member_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Unclear
    return made


def _no_constant(_name: str) -> None:
    raise _Unclear


def _check_texts(value: Any) -> None:
    """Refuse texts that no database takes, and nesting that nobody means. Raises ValueError."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > _DEEPEST:
            raise _Unclear
        if isinstance(one, str):
            _check_text(one)
        elif isinstance(one, dict):
            for key, member in one.items():
                _check_text(key)
                waiting.append((member, depth + 1))
        elif isinstance(one, list):
            waiting.extend((member, depth + 1) for member in one)


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise _Unclear
    text.encode()  # UnicodeEncodeError, a ValueError, for half of a surrogate pair
