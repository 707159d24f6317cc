"""How a SQLite file is opened so that what was stored stays stored."""

from __future__ import annotations

import contextlib
import importlib
import sqlite3
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, event

from judging.errors import N_, StoreUnavailable

# SQLite 3.7.0 to 3.51.2 can lose a committed write when two connections write or checkpoint a write-ahead log at the
# same moment (sqlite.org/wal.html, "WAL-reset bug"). The repair is in 3.51.3 and in these two older branches.
_REPAIRED = (3, 51, 3)
_REPAIRED_BRANCHES = ((3, 50, 7), (3, 44, 6))

_NETWORK_FILE_SYSTEMS = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "fuse.glusterfs",
        "fuse.sshfs",
        "glusterfs",
        "lustre",
        "nfs",
        "nfs4",
        "smb3",
    }
    | {"smbfs", "vboxsf"}
)

ACCESS = "judging_access"
READ = "read"
WRITE = "write"


def is_wal_safe(version: tuple[int, ...]) -> bool:
    """Tell whether this version of the SQLite library keeps every committed write of a write-ahead log."""
    return version >= _REPAIRED or any(version[:2] == branch[:2] and version >= branch for branch in _REPAIRED_BRANCHES)


def choose_driver() -> ModuleType:
    """Return the DB-API module with the best SQLite library: one that is safe, otherwise the newest."""
    drivers: list[ModuleType] = [sqlite3]
    with contextlib.suppress(ImportError):  # there is no such package for every platform
        drivers.insert(0, importlib.import_module("pysqlite3.dbapi2"))
    return max(drivers, key=lambda module: (is_wal_safe(module.sqlite_version_info), module.sqlite_version_info))


def pragmas(version: tuple[int, ...]) -> dict[str, str]:
    """Return what each connection sets, by name.

    A library with the bug keeps a rollback journal instead of a write-ahead log: slower, and readers wait for writers.
    """
    safe = is_wal_safe(version)
    return {
        "busy_timeout": "5000",
        "journal_mode": "WAL" if safe else "DELETE",
        # NORMAL would lose acknowledged commits when the power fails; a rollback journal needs its folder synced too.
        "synchronous": "FULL" if safe else "EXTRA",
        "foreign_keys": "ON",
        "trusted_schema": "OFF",
        "mmap_size": "0",
        # What was erased is overwritten, not only unlinked: without it names stay readable in freed pages.
        "secure_delete": "ON",
        "cell_size_check": "ON",
    }


def configure(engine: Engine, driver: ModuleType) -> None:
    """Make every connection of `engine` set the pragmas, and begin its transactions as its execution options say.

    A connection marked as reading begins deferred and cannot write; all others take SQLite's write lock at once,
    because a transaction that begins by reading and then writes fails when another wrote in between.
    """
    statements = [f"PRAGMA {name}={value}" for name, value in pragmas(driver.sqlite_version_info).items()]

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, record: object) -> None:
        del record
        # The driver's own BEGIN comes too late and is always deferred.
        connection.isolation_level = None
        for statement in statements:
            connection.execute(statement)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get(ACCESS) == READ
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def refuse_network_folder(folder: Path, *, mounts: str | None = None) -> None:
    """Raise StoreUnavailable when `folder` lies on a network file system, where SQLite's locks do not hold.

    `mounts` is the text of Linux's mountinfo; where there is none, nothing can be said and nothing is refused.
    """
    if mounts is None:
        source = Path("/proc/self/mountinfo")
        if not sys.platform.startswith("linux") or not source.exists():
            return
        mounts = source.read_text(encoding="utf-8", errors="replace")
    kind = file_system_of(folder.resolve(), mounts)
    if kind in _NETWORK_FILE_SYSTEMS:
        raise StoreUnavailable(
            N_("%(folder)s lies on a network file system (%(kind)s). SQLite needs a local disk: use PostgreSQL."),
            folder=folder,
            kind=kind,
        )


def file_system_of(path: Path, mounts: str) -> str:
    """Return the type of the file system that holds `path`, by Linux's mountinfo (proc(5)); "" when unknown."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        # proc(5) writes blanks in a mount point as octal.
        mount_point = Path(fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        # A later mount on the same point covers an earlier one.
        if path.is_relative_to(mount_point) and len(mount_point.parts) >= best:
            best, kind = len(mount_point.parts), after.split(" ", 1)[0]
    return kind
