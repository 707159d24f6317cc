"""Facts about the judges' own work, each of which could be another: what one keeps to oneself, and when one worked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.leaks.canaries import OFFICE
from tests.web.leaks.facts import Secret

if TYPE_CHECKING:
    import sqlite3

    from tests.web.leaks.world import World


def _note(copy: sqlite3.Connection, world: World) -> None:
    """Judge 3 has noted something else beside the sheet."""
    copy.execute(
        "UPDATE sheet_note SET text = 'Ghi chú khác hẳn, dài hơn nhiều.' WHERE assignment_id = ?",
        (world.assignments["a-judge_3"],),
    )


def _aside(copy: sqlite3.Connection, world: World) -> None:
    """Judge 3 has set nothing aside."""
    copy.execute("DELETE FROM sheet_aside WHERE assignment_id = ?", (world.assignments["a-judge_3"],))


def _tie(copy: sqlite3.Connection, world: World) -> None:
    """Judge 1 is tied to another unit, which has made no entry either."""
    del world
    copy.execute("UPDATE conflict_statement SET unit = 'Trường không ai', unit_key = 'truong khong ai'")


def _moment(copy: sqlite3.Connection, world: World) -> None:
    """Judge 1 has handed in the sheet of entry A days before."""
    copy.execute(
        "UPDATE sheet_version SET submitted_at = datetime(submitted_at, '-3 days') WHERE id = ?",
        (world.sheets["a-judge_1"],),
    )
    copy.execute(
        "UPDATE assignment SET changed_at = datetime(changed_at, '-3 days'), position = 7 WHERE id = ?",
        (world.assignments["a-judge_1"],),
    )


JUDGES_FACTS = (
    Secret(key="note", change=_note, known_to=frozenset({"judge_3"}), witness="judge_3", told_at="judge.sheet"),
    Secret(key="aside", change=_aside, known_to=OFFICE | {"judge_3"}, witness="judge_3", told_at="judge.sheet"),
    Secret(key="tie", change=_tie, known_to=OFFICE | {"judge_1"}, witness="judge_1", told_at="judge.units"),
    Secret(key="moment", change=_moment, known_to=OFFICE | {"judge_1", "chair"}, witness="judge_1",
           told_at="judge.receipt"),
)  # fmt: skip
"""What a judge keeps to themselves, or shares with the office and the head of the panel alone."""
