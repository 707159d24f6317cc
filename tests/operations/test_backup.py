"""What a backup holds, that it comes back on either edition, and what is refused."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from judging import migrations
from judging.db.models import EntryFile
from judging.errors import Conflict, StoreUnavailable
from judging.services.platform import Platform
from judging.services.upkeep.archive import ArchiveReader, BrokenArchive
from judging.services.upkeep.check import check_installation
from judging.services.upkeep.restore import secret_of
from judging.storage.folder import FolderStore
from tests.operations.conftest import Command
from tests.operations.installations import NOW, back_up, bytes_of, installation, restore, rows_of


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def test_backup_of_either_edition_comes_back_on_either(
    demo: Platform, restored: Platform, tmp_path: Path, demo_backup: Path
) -> None:
    # `restored` is the demo year taken from SQLite to this edition; from here it goes back to SQLite.
    made = back_up(restored, tmp_path / "second.backup")
    with installation(tmp_path / "third") as third:
        again = restore(third, tmp_path / "second.backup")
        rows = rows_of(demo)

        assert (made.rows, again.rows) == (sum(map(len, rows.values())),) * 2
        assert rows_of(restored) == rows
        assert rows_of(third) == rows
        assert bytes_of(third) == bytes_of(restored) == bytes_of(demo)
        assert [one.problems for one in check_installation(third, deep=True) if not one.ok] == []


def test_restored_installation_passes_every_check(restored: Platform) -> None:
    findings = check_installation(restored, deep=True)

    assert {one.name: one.problems for one in findings if not one.ok} == {}
    assert {one.name: one.notes for one in findings if one.notes} == {}


def test_restored_evidence_still_cannot_be_changed(restored: Platform) -> None:
    with pytest.raises(Exception, match="never changed or deleted"), restored.database.writing() as session:
        session.execute(text("DELETE FROM sheet_version"))


def test_backup_is_one_private_file_with_an_account_of_itself(demo: Platform, tmp_path: Path) -> None:
    made = back_up(demo, tmp_path / "b")

    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
    assert leftovers(tmp_path) == []
    with ArchiveReader(tmp_path / "b") as archive:
        assert (archive.sha256, archive.manifest["revision"]) == (made.manifest_sha256, migrations.newest())
        assert (archive.manifest["made_at"], archive.manifest["edition"]) == (NOW.isoformat(), "sqlite")
        assert sum(table["rows"] for table in archive.manifest["tables"]) == made.rows
        assert secret_of(archive) == demo.settings.secret_key


def test_backup_without_the_secret_has_none_of_it(demo: Platform, tmp_path: Path) -> None:
    back_up(demo, tmp_path / "b", with_secret=False)

    with ArchiveReader(tmp_path / "b") as archive:
        assert secret_of(archive) is None
    with zipfile.ZipFile(tmp_path / "b") as opened:
        assert [name for name in opened.namelist() if demo.settings.secret_key.encode() in opened.read(name)] == []


def test_backup_replaces_a_file_only_when_told(demo: Platform, tmp_path: Path) -> None:
    target = tmp_path / "b"
    target.write_text("an older one")

    with pytest.raises(Conflict, match="exists already"):
        back_up(demo, target)
    assert target.read_text() == "an older one"

    back_up(demo, target, replace=True)
    assert zipfile.is_zipfile(target)


def test_backup_of_a_damaged_file_leaves_the_older_one_and_nothing_else(demo: Platform, tmp_path: Path) -> None:
    target, database = tmp_path / "b", demo.settings.data / "judging.db"
    target.write_text("an older one")
    demo.database.close()
    with database.open("r+b") as file:
        file.seek(database.stat().st_size // 2)
        file.write(b"\xa5" * 100_000)

    with pytest.raises(Conflict, match="The database is damaged: "):
        back_up(demo, target, replace=True)
    assert target.read_text() == "an older one"
    assert leftovers(tmp_path) == []


def test_backup_refuses_rows_that_refer_to_nothing(demo: Platform, tmp_path: Path) -> None:
    demo.database.close()
    with demo.database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")
        connection.execute(text("UPDATE entry SET owner_id = 'nobody' WHERE id = (SELECT min(id) FROM entry)"))
        connection.commit()

    with pytest.raises(Conflict, match="a row of entry refers to nothing in account"):
        back_up(demo, tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_backup_into_a_folder_that_is_not_there_says_so(demo: Platform, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be written: No such file or directory"):
        back_up(demo, tmp_path / "nowhere" / "b")


def test_backup_of_nothing_is_refused(empty: Platform, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="nothing to back up"):
        back_up(empty, tmp_path / "b")


def test_damaged_and_missing_files_are_told_and_the_rest_is_kept(demo: Platform, tmp_path: Path) -> None:
    with demo.database.reading() as session:
        gone, changed = session.scalars(EntryFile.__table__.select().distinct().with_only_columns(EntryFile.key)).all()[
            :2
        ]
    (demo.settings.data / "files" / gone).unlink()
    (demo.settings.data / "files" / changed).write_bytes(b"x")

    made = back_up(demo, tmp_path / "b")

    assert len(made.damaged) == 2
    assert {"there is nothing under" in one for one in made.damaged} == {True, False}
    with installation(tmp_path / "again") as again:
        restore(again, tmp_path / "b")
        told = {one.name: one.problems for one in check_installation(again, deep=True) if not one.ok}
    assert list(told) == ["files"]


class LosingStore(FolderStore):
    """A folder from which a person removes a file at the moment at which the backup comes to it."""

    def __init__(self, platform: Platform, folder: Path) -> None:
        super().__init__(folder)
        self.platform = platform
        self.lost: list[str] = []

    def stream(self, key: str) -> Iterator[bytes]:
        if not self.lost:
            self.lost.append(key)
            with self.platform.database.writing() as session:
                session.execute(text("DELETE FROM entry_file WHERE key = :key"), {"key": key})
            self.delete(key)
        return super().stream(key)


def test_file_removed_while_the_backup_runs_is_left_out_with_its_row(demo: Platform, tmp_path: Path) -> None:
    store = LosingStore(demo, demo.settings.data / "files")
    made = back_up(replace(demo, files=store), tmp_path / "b")

    assert (made.removed, made.damaged) == (1, ())
    with installation(tmp_path / "again") as again:
        restore(again, tmp_path / "b")
        assert rows_of(again)["entry_file"] == rows_of(demo)["entry_file"]
        assert [one.problems for one in check_installation(again, deep=True) if not one.ok] == []


def test_backup_of_an_older_revision_is_brought_to_the_newest(empty: Platform, tmp_path: Path) -> None:
    with installation(tmp_path / "old") as old:
        migrations.upgrade(old.database.engine, "0005")
        with old.database.writing() as session:
            session.execute(text("INSERT INTO organisation VALUES ('1', 'so', 'Sở mẫu', '2021-01-01 00:00:00')"))
        back_up(old, tmp_path / "b")

    restored = restore(empty, tmp_path / "b")

    assert restored.revision == migrations.newest() == migrations.current(empty.database.engine)
    assert [row["name"] for row in rows_of(empty)["organisation"]] == ["Sở mẫu"]


def test_restore_refuses_a_place_that_holds_something(restored: Platform, demo_backup: Path) -> None:
    before = rows_of(restored)

    with pytest.raises(Conflict, match="The database holds something already"):
        restore(restored, demo_backup)
    assert rows_of(restored) == before


def test_restore_refuses_a_store_that_holds_something(empty: Platform, demo_backup: Path) -> None:
    kept = empty.files.put(b"somebody's")

    with pytest.raises(Conflict, match="The file store holds something already"):
        restore(empty, demo_backup)
    assert list(empty.files.keys()) == [kept.key]
    assert migrations.current(empty.database.engine) is None


def test_restore_takes_tables_that_are_empty(empty: Platform, demo_backup: Path) -> None:
    migrations.upgrade(empty.database.engine, "0003")

    restore(empty, demo_backup)

    assert migrations.current(empty.database.engine) == migrations.newest()


def test_restore_that_fails_takes_everything_back(empty: Platform, demo_backup: Path, tmp_path: Path) -> None:
    with ArchiveReader(demo_backup) as archive:
        sheets = next(table for table in archive.manifest["tables"] if table["name"] == "sheet_version")
        sheets["rows"] += 1
        from judging.services.upkeep.restore import restore_backup

        with pytest.raises(BrokenArchive, match="not hold as many rows"):
            restore_backup(empty, archive)

    assert list(empty.files.keys()) == []
    assert {name: rows for name, rows in rows_of(empty).items() if rows} == {}
    restore(empty, demo_backup)
    assert len(rows_of(empty)["sheet_version"]) == sheets["rows"] - 1


def test_commands_back_up_and_restore_and_tell_how_long_it_took(
    judging: Command, demo: Platform, tmp_path: Path
) -> None:
    file, there = tmp_path / "b", tmp_path / "there"

    made = judging("backup", file, "--json", "--data", demo.settings.data)
    brought = judging("restore", file, "--json", "--data", there)

    assert (made.returncode, brought.returncode) == (0, 0), made.stderr + brought.stderr
    told, back = json.loads(made.stdout), json.loads(brought.stdout)
    assert (back["ok"], back["rows"], back["files"]) == (True, told["rows"], told["files"])
    assert back["manifest_sha256"] == told["manifest_sha256"]
    assert back["seconds"] > 0
    assert (there / "secret.key").read_text() == demo.settings.secret_key
    assert stat.S_IMODE((there / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(there.stat().st_mode) == 0o700
    assert judging("check", "--data", there).returncode == 0


def test_commands_end_with_1_and_a_sentence_when_they_refuse(judging: Command, demo: Platform, tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_bytes(b"PK no backup at all")

    for arguments in (
        ("backup", file, "--data", demo.settings.data),
        ("restore", file, "--data", tmp_path / "there"),
        ("restore", tmp_path / "missing", "--data", tmp_path / "there"),
    ):
        done = judging(*arguments)
        assert (done.returncode, done.stdout) == (1, ""), done.stderr
        assert done.stderr.startswith("judging: ")
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "there").exists()


def test_restore_keeps_a_key_that_is_there_by_refusing(judging: Command, demo_backup: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    with installation(there) as other:
        key = other.settings.secret_key

    done = judging("restore", demo_backup, "--data", there)

    assert done.returncode == 1
    assert "a secret key of its own" in done.stderr
    assert (there / "secret.key").read_text() == key


def test_restore_warns_of_another_key_in_the_environment(judging: Command, demo_backup: Path, tmp_path: Path) -> None:
    settings = {"secret_key": "k7Qw9zX2mN4vB8cL1pT6yR3sD5fG0hJa"}

    done = judging("restore", demo_backup, "--data", tmp_path / "there", settings=settings)

    # Everything is back, and birth dates cannot be read.
    assert done.returncode == 1
    assert "A sealed value cannot be read with this installation's key." in done.stdout
    assert "JUDGING_SECRET_KEY is not the key of the backup" in done.stderr
