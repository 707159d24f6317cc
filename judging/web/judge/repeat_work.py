"""Blind repeats among what a judge's device is to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.db.models import Assignment, BlindRepeat

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from judging.db.models import ContestRound

    Row = tuple[Assignment | BlindRepeat, ContestRound]


def reading_of(row: Assignment | BlindRepeat) -> Assignment:
    """The reading itself, or that of which it is the repeat."""
    return row.first if isinstance(row, BlindRepeat) else row


def with_repeats(
    readings: Sequence[tuple[Assignment, ContestRound]], repeats: Iterable[tuple[BlindRepeat, ContestRound]]
) -> list[Row]:  # fmt: skip
    """Both in the order of the judge's lists: each repeat behind the readings of its round that come before it."""
    rows: list[Row] = list(readings)
    for repeat, stage in repeats:
        before = [
            index
            for index, (row, other) in enumerate(rows, start=1)
            if other.id == stage.id and _position(row) <= repeat.after
        ]
        rows.insert(before[-1] if before else len(rows), (repeat, stage))
    return rows


def repeat_notes(rows: Iterable[Row]) -> dict[str, str]:
    """What the judge wrote beside the repeats among these, by id."""
    return {row.id: row.note for row, _ in rows if isinstance(row, BlindRepeat) and row.note}


def _position(row: Assignment | BlindRepeat) -> int:
    return row.after if isinstance(row, BlindRepeat) else row.position
