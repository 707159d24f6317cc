"""Each stored invariant is broken on purpose, and the check that watches it says so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from judging.db.models import Assignment, EntryFile, SheetVersion
from judging.services.sheets.versions import sheet_code
from judging.services.upkeep.check import check_installation
from judging.services.upkeep.checks.finding import MOST_TOLD, look
from tests.demo.made import copy_demo, opened

ROWS = {
    "@entry": "(select id from entry where state = 'awarded' order by id limit 1)",
    "@counted": "(select id from assignment where state = 'submitted' order by id limit 1)",
    "@unread": "(select id from assignment where state = 'assigned' order by id limit 1)",
}

BROKEN = {
    "rules": "update contest set rules = json_set(rules, '$.prefix', 'XX') where slug = 'startup-2021'",
    "aliases": "update judge set alias = 'nobody' where id = (select id from judge order by id limit 1)",
    "shares": "update entry_member set share = '1.5' where position = 0 and entry_id = @entry",
    "receipts": "update receipt set sha256 = 'x' where number like '%-0001-1'",
    # A birth date that lies there plainly.
    "sealed": "update entry_member set born = '2011-03-14' where position = 0 and entry_id = @entry",
    "conflicts": (
        "insert into conflict (id, contest_id, judge_id, entry_id, kind, source, reason, at) select 'c', contest_id,"
        " judge_id, entry_id, 'spouse', 'office', '', '2021-12-01' from assignment where id = @counted"
    ),
    "prizes": "update prize set level = 'first'",
    "publications": "update publication set ranking = json_set(ranking, '$.contest', 'x')",
    "sheet-versions": "update assignment set sheet_version = 2 where id = @counted",
    "sheet-totals": "update sheet_version set total = '1.000000' where assignment_id = @counted",
    "migrations": "update alembic_version set version_num = 'elsewhere'",
    "database": "update entry set owner_id = 'nobody' where id = (select min(id) from entry)",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_demo(tmp_path / "data")


def damage(folder: Path, *statements: str) -> None:
    """Change the file behind the program's back: no triggers, no foreign keys."""
    with closing(sqlite3.connect(folder / "judging.db", isolation_level=None)) as connection:
        connection.execute("pragma foreign_keys = off")
        triggers = connection.execute("select name from sqlite_master where type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f'drop trigger "{name}"')
        for written in statements:
            statement = written
            for name, row in ROWS.items():
                statement = statement.replace(name, row)
            assert connection.execute(statement).rowcount > 0, statement


def broken(folder: Path, *, deep: bool = False) -> dict[str, tuple[str, ...]]:
    with opened(folder) as platform:
        return {one.name: one.problems for one in check_installation(platform, deep=deep) if not one.ok}


def test_check_finds_a_demo_sound(folder: Path) -> None:
    assert broken(folder, deep=True) == {}


@pytest.mark.parametrize("name", list(BROKEN))
def test_check_names_what_is_broken(folder: Path, name: str) -> None:
    damage(folder, BROKEN[name])
    assert name in broken(folder)


def test_check_tells_that_another_key_opens_nothing(folder: Path) -> None:
    (folder / "secret.key").chmod(0o600)
    (folder / "secret.key").write_text("another-key-" * 4, "ascii")

    found = broken(folder)

    assert {"sealed", "receipts"} <= set(found)
    assert "entry_member.born of" in found["sealed"][0]
    assert found["sealed"][0].endswith("A sealed value cannot be read with this installation's key.")


def test_check_tells_a_missing_version_and_a_gap(folder: Path) -> None:
    damage(
        folder,
        "update assignment set state = 'submitted' where id = @unread",
        "update assignment set sheet_version = 3 where sheet_version = 2",
        "update sheet_version set number = 3 where number = 2",
    )
    told = " ".join(broken(folder)["sheet-versions"])
    assert "has no version of its sheet" in told
    assert "have a gap between 1 and 3" in told


def test_check_recounts_marks_even_when_the_code_was_made_to_fit(folder: Path) -> None:
    damage(folder, "update assignment set reason = 'touched' where id = @counted")
    with opened(folder) as platform, platform.database.writing() as session:
        reading = session.scalars(select(Assignment).where(Assignment.reason == "touched")).one()
        sheet = session.scalars(select(SheetVersion).where(SheetVersion.assignment_id == reading.id)).first()
        assert sheet is not None
        key = next(iter(sheet.marks))
        sheet.marks = {**sheet.marks, key: "0.5"}
        sheet.code = sheet_code(sheet)
    told = broken(folder)
    assert "its marks add up to" in told["sheet-totals"][0]
    assert "recomputing gives other rounds" in told["publications"][0]


def test_check_notices_a_prize_that_was_not_published(folder: Path) -> None:
    damage(folder, "delete from prize where level = 'consolation'")
    assert "recomputing gives other prizes than were published" in broken(folder)["publications"][0]


@pytest.mark.parametrize(
    ("change", "told"),
    [("gone", "there is nothing under"), ("short", "bytes are stored"), ("flipped", "its bytes have changed")],
)
def test_check_reads_the_bytes_behind_files(folder: Path, change: str, told: str) -> None:
    with opened(folder) as platform, platform.database.reading() as session:
        key = session.scalars(select(EntryFile.key).order_by(EntryFile.id).limit(1)).one()
    blob = folder / "files" / key
    content = blob.read_bytes()
    if change == "gone":
        blob.unlink()
    else:
        blob.write_bytes(content[:-1] if change == "short" else content[:-1] + bytes([content[-1] ^ 1]))
    found = broken(folder)
    assert list(found) == ["files"]
    assert told in found["files"][0]


def test_check_changes_nothing(folder: Path) -> None:
    with opened(folder) as platform, platform.database.reading() as session:
        before = session.scalar(text("select count(*) from audit_event"))
    broken(folder)
    with opened(folder) as platform, platform.database.reading() as session:
        assert session.scalar(text("select count(*) from audit_event")) == before


def test_look_tells_the_first_hundred_problems_and_counts_the_rest() -> None:
    finding = look("many", (f"problem {number}" for number in range(MOST_TOLD + 7)))
    assert (finding.count, len(finding.problems)) == (MOST_TOLD + 7, MOST_TOLD + 1)
    assert finding.problems[-1] == "and 7 more"
