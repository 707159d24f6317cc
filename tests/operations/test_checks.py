"""The checks that watch the audit log, the tables themselves, and files that nobody names."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from judging.services.platform import Platform
from judging.services.upkeep.check import Finding, check_installation


def damage(platform: Platform, *statements: str) -> None:
    """Change the file behind the program's back: no foreign keys, and the triggers that guard evidence put away."""
    platform.database.close()
    with closing(sqlite3.connect(platform.settings.data / "judging.db", isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement
        for _, sql in triggers:
            connection.execute(sql)


def found(platform: Platform, name: str) -> Finding:
    return next(one for one in check_installation(platform) if one.name == name)


SHEET = "(SELECT id FROM sheet_version ORDER BY id LIMIT 1)"
ACT = "(SELECT id FROM audit_event WHERE action = '@' ORDER BY id LIMIT 1)"


@pytest.mark.parametrize(
    ("statement", "act", "says"),
    [
        ("DELETE FROM sheet_version WHERE id = @sheet", "", "it was submitted and is gone"),
        ("DELETE FROM audit_event WHERE id = @act", "sheet-submitted", "does not know that it was submitted"),
        ("UPDATE sheet_version SET code = 'FORGED' WHERE id = @sheet", "", "does not know that it was submitted"),
        ("DELETE FROM audit_event WHERE id = @act", "entry-submitted", "the audit log knows of 0"),
        ("DELETE FROM audit_event WHERE id = @act", "results-published", "the audit log does not know it"),
        ("DELETE FROM publication", "", "it is published, but no publication stands"),
        ("UPDATE audit_event SET actor_id = 'x' WHERE id = @act", "contest-created", "a person that is gone"),
    ],
)
def test_gap_in_the_audit_log_is_told(demo: Platform, statement: str, act: str, says: str) -> None:
    assert found(demo, "audit-log").problems == ()

    damage(demo, statement.replace("@sheet", SHEET).replace("@act", ACT.replace("@", act)))

    assert any(says in problem for problem in found(demo, "audit-log").problems), found(demo, "audit-log").problems


def test_guard_that_was_taken_away_is_told(restored: Platform) -> None:
    assert found(restored, "tables").problems == ()
    is_sqlite = restored.database.engine.dialect.name == "sqlite"
    name = "sheet_version_no_delete" if is_sqlite else "sheet_version_no_change"

    with restored.database.writing() as session:
        session.execute(text(f"DROP TRIGGER {name}" + ("" if is_sqlite else " ON sheet_version")))

    assert found(restored, "tables").problems == (
        f"rows of sheet_version can be changed: the trigger {name} is missing",
    )


def test_table_that_is_not_as_declared_is_told(restored: Platform) -> None:
    with restored.database.writing() as session:
        session.execute(text("ALTER TABLE job ADD COLUMN stowaway INTEGER"))

    (problem,) = found(restored, "tables").problems
    assert "stowaway" in problem


def test_file_that_no_row_names_is_noted_and_breaks_nothing(restored: Platform) -> None:
    assert found(restored, "files").notes == ()

    kept = restored.files.put(b"left over")

    assert (found(restored, "files").ok, found(restored, "files").notes) == (
        True,
        (f"no row names the file {kept.key}",),
    )


def test_files_of_a_store_that_does_not_answer_are_told(demo: Platform, tmp_path: Path) -> None:
    from dataclasses import replace

    from judging.storage import open_store

    lost = replace(demo, files=open_store("s3://bucket?endpoint=http://127.0.0.1:1"))

    assert len(found(lost, "files").problems) == 1
