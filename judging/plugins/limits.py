"""How large a plugin's answers may be. They are far above what an honest answer needs.

A larger answer is refused whole: pages, letters and rows are made of these values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import TypeVar

from judging.errors import N_, PluginError

Thing = TypeVar("Thing")

MOST_THINGS = 1_000
MOST_RULES_BYTES = 1_000_000
MOST_PROBLEMS = 1_000
MOST_GRANTS = 10_000
MOST_TEXT = 2_000
MOST_CONTEXT = 1_000_000
MOST_TABLE_ROWS = 20_000
MOST_TABLE = 5_000_000

_DEEPEST = 12


def too_large(plugin: str, hook: str, limit: str) -> PluginError:
    """The refusal of an answer that is too large."""
    return PluginError(
        N_("Plugin %(plugin)s, hook %(hook)s: the answer is too large. At most: %(limit)s."),
        plugin=plugin,
        hook=hook,
        limit=limit,
    )


def wrong_type(plugin: str, hook: str, shape: str, got: object) -> PluginError:
    """The refusal of an answer that is not what the hook promises."""
    return PluginError(
        N_("Plugin %(plugin)s, hook %(hook)s: expected %(shape)s, got %(got)s."),
        plugin=plugin,
        hook=hook,
        shape=shape,
        got=type(got).__name__,
    )


def take(things: Iterable[Thing], most: int) -> list[Thing] | None:
    """At most `most` things; None when there are more, which need not end."""
    taken = list(islice(things, most + 1))
    return None if len(taken) > most else taken


def size_of(value: object, *, most: int, depth: int = 0) -> int:
    """How many characters a plain value holds; stops counting above `most`.

    Plain are texts, numbers, dates, None, and lists and mappings of them. Raises TypeError for anything else, and for
    what is nested without end.
    """
    if value is None or isinstance(value, bool | float | Decimal | Fraction | date | datetime):
        return 1
    if isinstance(value, str):
        return len(value) + 1
    if isinstance(value, int):
        return value.bit_length() // 3 + 1
    if depth > _DEEPEST or not isinstance(value, Mapping | Sequence) or isinstance(value, bytes | bytearray):
        raise TypeError(type(value).__name__)
    parts = (part for pair in value.items() for part in pair) if isinstance(value, Mapping) else iter(value)
    size = 1
    for part in parts:
        size += size_of(part, most=most, depth=depth + 1)
        if size > most:
            break
    return size
