"""What an archive is made of: parts with rows of facts, each with a key for programs and a label for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that is known. `label` is a msgid; a value is plain JSON, a moment, a day or a decimal."""

    key: str
    label: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Things of one kind: `rows` of facts under a title."""

    key: str
    title: str
    rows: Sequence[Sequence[Fact]]


def facts(*given: tuple[str, str, Any]) -> tuple[Fact, ...]:
    """Facts from (key, label, value)."""
    return tuple(Fact(key=key, label=label, value=value) for key, label, value in given)


def as_json(parts: Sequence[Part]) -> Mapping[str, list[dict[str, Any]]]:
    """All parts as plain JSON by their keys."""
    return {part.key: [{fact.key: plain(fact.value) for fact in row} for row in part.rows] for part in parts}


def plain(value: Any) -> Any:
    """A value as JSON has it: moments in UTC by ISO 8601, decimals as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value
