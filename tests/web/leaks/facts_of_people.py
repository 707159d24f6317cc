"""Facts about who takes part, and what the office noted of it, each of which could be another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.leaks.canaries import DESK, FAMILY, OFFICE, READERS
from tests.web.leaks.facts import Secret

if TYPE_CHECKING:
    import sqlite3

    from tests.web.leaks.world import World


def _birth(copy: sqlite3.Connection, world: World) -> None:
    """The first author is a few months younger, in the same age band."""
    copy.execute("UPDATE entry_member SET born = ? WHERE id = ?", (world.sealed["birth"], world.members[0]))


def _second(copy: sqlite3.Connection, world: World) -> None:
    copy.execute(
        "UPDATE entry_member SET name = 'Người Thứ Ba', name_key = 'nguoi thu ba', email = 'ba@example.vn'"
        " WHERE id = ?",
        (world.members[1],),
    )
    copy.execute(
        "UPDATE people_link SET name = 'Người Thứ Ba', answered_name = 'Người Thứ Ba', email = 'ba@example.vn'"
        " WHERE role = 'coauthor'"
    )


def _mother(copy: sqlite3.Connection, world: World) -> None:
    """The first author's guardian is somebody else."""
    copy.execute(
        "UPDATE people_link SET name = 'Bà Khác', answered_name = 'Bà Khác', email = 'ba-khac@example.vn',"
        " answered_at = asked_at WHERE role = 'guardian' AND member_id = ?",
        (world.members[0],),
    )
    copy.execute("UPDATE consent SET by_name = 'Bà Khác' WHERE given_by = 'guardian'")


def _father(copy: sqlite3.Connection, world: World) -> None:
    """The second author's guardian is somebody else, and was reminded."""
    copy.execute(
        "UPDATE people_link SET name = 'Ông Khác', email = 'ong-khac@example.vn', reminded_at = asked_at"
        " WHERE role = 'guardian' AND member_id = ?",
        (world.members[1],),
    )


def _likeness(copy: sqlite3.Connection, world: World) -> None:
    del world
    copy.execute("UPDATE similar_pair SET score = 912, evidence = replace(evidence, '734', '912')")


def _likeness_said(copy: sqlite3.Connection, world: World) -> None:
    del world
    copy.execute("UPDATE similar_decision SET is_same = 1, note = 'Cùng một bài'")


def _no_likeness(copy: sqlite3.Connection, world: World) -> None:
    """Nobody's entry looks like anybody else's."""
    del world
    for table in ("similar_decision", "similar_pair", "similar_document"):
        copy.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


def _table(copy: sqlite3.Connection, world: World) -> None:
    copy.execute("UPDATE import_sheet SET filename = 'khac.csv', rows = ?", (world.sealed["import"],))


def _no_table(copy: sqlite3.Connection, world: World) -> None:
    del world
    copy.execute("DELETE FROM import_sheet")


def _received(copy: sqlite3.Connection, world: World) -> None:
    del world
    copy.execute("UPDATE handover SET place = 'Kho khác', note = 'Nguyên vẹn'")


def _draft_texts(copy: sqlite3.Connection, world: World) -> None:
    copy.execute("UPDATE draft_text SET text = ?", (world.sealed["draft"],))


PEOPLE_FACTS = (
    Secret(key="birth", change=_birth, known_to=DESK | {"auditor", "contestant_a", "guardian"},
           witness="secretary", told_at="organiser.entry"),
    Secret(key="second-author", change=_second, known_to=READERS | FAMILY | {"asked_guardian"},
           witness="organiser", told_at="organiser.entry"),
    Secret(key="guardian", change=_mother, known_to=READERS | {"contestant_a", "guardian"},
           witness="contestant_a", told_at="entrant.step"),
    Secret(key="asked-guardian", change=_father, known_to=READERS | {"contestant_a", "asked_guardian"},
           witness="contestant_a", told_at="entrant.step"),
    Secret(key="likeness", change=_likeness, known_to=OFFICE,
           witness="secretary", told_at="organiser.entry"),
    Secret(key="likeness-said", change=_likeness_said, known_to=OFFICE,
           witness="secretary", told_at="organiser.entry"),
    Secret(key="no-likeness", change=_no_likeness, known_to=OFFICE,
           witness="organiser", told_at="organiser.entry"),
    Secret(key="table", change=_table, known_to=frozenset({"organiser_elsewhere"}),
           witness="organiser_elsewhere", told_at="organiser.importing"),
    Secret(key="no-table", change=_no_table, known_to=frozenset({"organiser_elsewhere"}),
           witness="organiser_elsewhere", told_at="organiser.importing"),
    Secret(key="received", change=_received, known_to=READERS | {"contestant_a"},
           witness="secretary", told_at="organiser.receiving"),
    Secret(key="draft-texts", change=_draft_texts, known_to=frozenset({"contestant_b"}),
           witness="contestant_b", told_at="entrant.versions"),
)  # fmt: skip
"""Whose name, whose word and whose likeness it is; each known to the people of the entry as far as it is theirs."""
