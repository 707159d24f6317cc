"""Lists a part at a time: `limit` and an opaque `cursor`, which stands for the place after the last row."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from judging.errors import N_
from judging.web.formats import sentence
from judging.web.problems import ApiError, Fault

Row = TypeVar("Row")

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_LAST = "last:"
_PART_ID = re.compile(rf"(?:{_LAST})?{_ID.pattern}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """Some rows of a list, and the cursor of those after them; None when there are no more."""

    rows: Sequence[Row]
    next: str | None


def part_of(rows: Sequence[Row], limit: int, place: Callable[[Row], object]) -> Part[Row]:
    """The part that `rows` make, of which one more than `limit` was asked for. `place` gives a row's place."""
    shown = rows[:limit]
    return Part(shown, write_cursor(str(place(shown[-1]))) if len(rows) > limit else None)


def write_cursor(place: str) -> str:
    """The cursor of a place."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def number_after(cursor: str | None) -> int:
    """The number after which a list goes on; 0 at its beginning. Raises ApiError 422."""
    place = _place(cursor, _NUMBER)
    return int(place) if place else 0


def id_after(cursor: str | None) -> str:
    """The identifier after which a list goes on; empty at its beginning. Raises ApiError 422."""
    return _place(cursor, _ID)


def set_last(identifier: str) -> str:
    """The place of a row among those that stand last in a list of two parts."""
    return f"{_LAST}{identifier}"


def id_after_in_parts(cursor: str | None) -> tuple[str, bool]:
    """As `id_after` in a list of two parts, with whether the place is in the last one. Raises ApiError 422."""
    place = _place(cursor, _PART_ID)
    return place.removeprefix(_LAST), place.startswith(_LAST)


def _place(cursor: str | None, form: re.Pattern[str]) -> str:
    if cursor is None:
        return ""
    try:
        place = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        place = ""
    if not form.fullmatch(place):
        message = N_("This is no cursor of this list. Take it from “next” of the answer before.")
        raise ApiError(422, "refused", message, faults=[Fault(detail=sentence(message), pointer="cursor")])
    return place
