"""Two devices write on one draft: a three-way merge for each field, by what was there when each began.

A save carries, for every field, the version from which its device started. A field that changed on one side is taken
from that side; changed alike on both is agreed; changed on both and differently is a clash: both texts are kept and a
person is asked. No clock decides anything, for phones' clocks lie, and the last one to write never wins by being last.

A version is made of the text itself, so that a device may have been away for as long as it likes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

_LENGTH = 16
EMPTY = "-"
"""The version of an empty field."""


class Outcome(Enum):
    """What becomes of one field."""

    SAME = "same"
    TYPED = "typed"
    STANDING = "standing"
    CLASH = "clash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A field that changed on both sides: what stands on the server, and what was typed."""

    standing: str
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What a save comes to.

    `accepted` is to be written. `brought` changed elsewhere and not on this device, which should now show it. Fields
    of `clashes` stay as they stand, and what was typed is kept beside them.
    """

    accepted: Mapping[str, str] = field(default_factory=dict)
    brought: Mapping[str, str] = field(default_factory=dict)
    clashes: Mapping[str, Clash] = field(default_factory=dict)


def version_of(text: str) -> str:
    """The version of a field with this text."""
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH] if text else EMPTY


def merge_field(*, base: str | None, standing: str, typed: str) -> Outcome:
    """Decide on one field; `base` is the version the device started from, None when that is not known.

    Without a base, what was typed goes into an empty field only, and an empty field takes nothing away.
    """
    if typed == standing:
        return Outcome.SAME
    if base is None:
        if not standing:
            return Outcome.TYPED
        return Outcome.CLASH if typed else Outcome.STANDING
    if version_of(standing) == base:
        return Outcome.TYPED
    if version_of(typed) == base:
        return Outcome.STANDING
    return Outcome.CLASH


def merge_fields(*, bases: Mapping[str, str], standing: Mapping[str, str], typed: Mapping[str, str]) -> Merge:
    """Merge what was typed into what stands, field by field; a field that is not in `standing` is empty."""
    accepted: dict[str, str] = {}
    brought: dict[str, str] = {}
    clashes: dict[str, Clash] = {}
    for name, text in typed.items():
        there = standing.get(name, "")
        outcome = merge_field(base=bases.get(name), standing=there, typed=text)
        if outcome is Outcome.TYPED:
            accepted[name] = text
        elif outcome is Outcome.STANDING:
            brought[name] = there
        elif outcome is Outcome.CLASH:
            clashes[name] = Clash(standing=there, typed=text)
    return Merge(accepted=accepted, brought=brought, clashes=clashes)


def merge_order(*, base: Sequence[str], standing: Sequence[str], typed: Sequence[str]) -> tuple[str, ...]:
    """The order of rows: that of the side that moved some; when both did, the one that stands.

    Rows that only one side knows stay: those of `standing` where they are, those of `typed` at the end.
    """
    common = [row for row in standing if row in typed]
    moved = [row for row in typed if row in common]
    began = [row for row in base if row in common]
    if moved not in (common, began) and common == [row for row in began if row in common]:
        places = iter(moved)
        ordered = [next(places) if row in common else row for row in standing]
    else:
        ordered = list(standing)
    return (*ordered, *(row for row in typed if row not in standing))
