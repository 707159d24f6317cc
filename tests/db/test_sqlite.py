from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from judging.db import sqlite
from judging.db.engine import make_engine
from judging.db.session import Database
from judging.errors import StoreUnavailable
from judging.settings import SettingsError

MOUNTS = r"""
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
23 22 0:21 / /proc rw - proc proc rw
40 22 0:50 / /srv/share rw shared:1 - nfs4 server:/export rw
41 40 254:1 / /srv/share/local rw - xfs /dev/vdb rw
42 22 0:51 / /mnt/my\040disk rw - cifs //server/share rw
43 22 0:52 / /over rw - ext4 /dev/vdc rw
44 22 0:53 / /over rw - 9p host rw
""".strip()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_is_safe_only_in_repaired_versions(version: tuple[int, ...], safe: bool) -> None:
    assert sqlite.is_wal_safe(version) is safe


def test_pragmas_of_a_repaired_library_use_the_log() -> None:
    chosen = sqlite.pragmas((3, 53, 4))

    assert (chosen["journal_mode"], chosen["synchronous"]) == ("WAL", "FULL")


def test_pragmas_of_an_old_library_use_the_slow_safe_way() -> None:
    chosen = sqlite.pragmas((3, 40, 1))

    assert (chosen["journal_mode"], chosen["synchronous"]) == ("DELETE", "EXTRA")


def test_driver_is_at_least_as_safe_as_that_of_python() -> None:
    driver = sqlite.choose_driver()

    assert driver.sqlite_version_info >= sqlite3.sqlite_version_info
    assert sqlite.is_wal_safe(driver.sqlite_version_info) or not sqlite.is_wal_safe(sqlite3.sqlite_version_info)


def test_connection_has_every_pragma_set(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        found = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in (
                "busy_timeout",
                "foreign_keys",
                "trusted_schema",
                "mmap_size",
                "cell_size_check",
                "query_only",
                "secure_delete",
            )
        }

    # A library built without memory-mapped files answers with nothing.
    assert found.pop("mmap_size") in {0, None}
    assert found == {
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
        "query_only": 1,
    }


def test_old_library_is_used_without_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "choose_driver", lambda: sqlite3)
    monkeypatch.setattr(sqlite, "is_wal_safe", lambda _: False)
    database = Database(make_engine(f"sqlite:///{tmp_path}/old.db"))
    try:
        with database.reading() as session:
            assert session.scalar(text("PRAGMA journal_mode")) == "delete"
            assert session.scalar(text("PRAGMA synchronous")) == 3
    finally:
        database.close()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("/srv/data", "ext4"),
        ("/srv/share/x/y", "nfs4"),
        ("/srv/share/local/x", "xfs"),
        ("/srv/shared", "ext4"),
        ("/mnt/my disk/data", "cifs"),
        ("/over/data", "9p"),
    ],
)
def test_file_system_is_that_of_the_nearest_mount(name: str, kind: str) -> None:
    assert sqlite.file_system_of(Path(name), MOUNTS) == kind


@pytest.mark.parametrize("name", ["/srv/share/x", "/mnt/my disk", "/over"])
def test_network_folder_is_refused_with_its_kind(name: str) -> None:
    with pytest.raises(StoreUnavailable, match=r"lies on a network file system \((nfs4|cifs|9p)\)"):
        sqlite.refuse_network_folder(Path(name), mounts=MOUNTS)


def test_local_folder_is_accepted(tmp_path: Path) -> None:
    sqlite.refuse_network_folder(Path("/srv/share/local"), mounts=MOUNTS)
    sqlite.refuse_network_folder(tmp_path)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_engine_refuses_a_database_that_no_other_connection_sees(url: str) -> None:
    with pytest.raises(SettingsError, match="JUDGING_DATABASE_URL names no file"):
        make_engine(url)


def test_engine_refuses_another_kind_of_database() -> None:
    with pytest.raises(SettingsError, match="JUDGING_DATABASE_URL cannot be used"):
        make_engine("mysql://localhost/judging")


def test_engine_makes_the_folder_of_the_file(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/new/folder/judging.db")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()

    assert (tmp_path / "new" / "folder" / "judging.db").exists()
