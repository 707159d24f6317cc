"""A backup of everything, made while the program runs: rows, files and key in one file.

The rows are those of one moment. Files never change once they are stored, so each is read when its turn comes; one that
a person removed after that moment is left out together with its row.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DatabaseError

from judging import __version__, migrations
from judging.db.dump import dump_rows, read_tables
from judging.db.engine import sqlite_file
from judging.db.snapshot import snapshot
from judging.db.stored_bytes import is_key_wanted, stored_bytes, stored_size, tables_of_bytes
from judging.errors import N_, Conflict, StoreUnavailable
from judging.services.upkeep.archive import SECRET, ArchiveReader, ArchiveWriter
from judging.storage import FileMissing

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from judging.services.platform import Platform

# Left free on the disk whatever happens: the server at work may need it.
_ROOM_TO_LEAVE = 200 * 1024 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade:
    """What was written. `damaged` tells of files that the store does not hold as they were handed in."""

    file: Path
    size: int
    seconds: float
    revision: str
    rows: int
    files: int
    file_bytes: int
    removed: int
    damaged: tuple[str, ...]
    manifest_sha256: str


@dataclass(slots=True, kw_only=True)
class _Files:
    """The account of the files so far."""

    count: int = 0
    size: int = 0
    removed: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def make_backup(
    platform: Platform, *, target: Path, now: datetime, replace: bool = False, with_secret: bool = True
) -> BackupMade:
    """Write all that the installation holds to `target`, readable by its owner only, and read it back to be sure.

    Works on either edition and at any revision of the tables. Raises Conflict when the target exists and may not be
    replaced, when there is nothing to back up or when the database is damaged, and StoreUnavailable when something
    cannot be reached or there is no room. Then nothing is left behind, and an older backup there stays.
    """
    began = time.monotonic()
    revision = migrations.current(platform.database.engine)
    if revision is None:
        raise Conflict(N_("There is nothing to back up: the database has no tables."))
    target = target.expanduser().absolute()
    with _disk_errors_said(target), ArchiveWriter(target, replace=replace) as archive:
        _require_room(platform, target)
        with (
            tempfile.TemporaryDirectory(prefix=".judging-backup-", dir=target.parent) as folder,
            snapshot(platform.database, Path(folder)) as connection,
        ):
            tables = _write_rows(archive, connection)
            files = _write_files(archive, connection, platform)
        if with_secret:
            archive.add(SECRET, [platform.settings.secret_key.encode("ascii")])
        digest = archive.finish(
            {
                "program": __version__,
                "edition": platform.database.engine.dialect.name,
                "revision": revision,
                "made_at": now.isoformat(),
                "tables": tables,
                "files": {
                    "count": files.count,
                    "bytes": files.size,
                    "removed": files.removed,
                    "damaged": files.damaged,
                },
            }
        )
    with ArchiveReader(target) as written:
        assert written.sha256 == digest, "what was read is what was written"  # noqa: S101 - guards our own file
    return BackupMade(
        file=target, size=target.stat().st_size, seconds=time.monotonic() - began, revision=revision,
        rows=sum(table["rows"] for table in tables), files=files.count, file_bytes=files.size,
        removed=len(files.removed), damaged=tuple(files.damaged), manifest_sha256=digest,
    )  # fmt: skip


def _write_rows(archive: ArchiveWriter, connection: Connection) -> list[dict[str, Any]]:
    written = []
    for table in read_tables(connection):
        count = 0

        def counted(lines: Iterator[bytes]) -> Iterator[bytes]:
            nonlocal count
            for line in lines:
                count += 1
                yield line

        archive.add(f"rows/{table.name}.jsonl", counted(dump_rows(connection, table)))
        written.append({"name": table.name, "columns": [column.name for column in table.columns], "rows": count})
    return written


def _write_files(archive: ArchiveWriter, connection: Connection, platform: Platform) -> _Files:
    files, seen = _Files(), set[str]()
    query = stored_bytes(tables_of_bytes(connection))
    with connection.execution_options(stream_results=True, yield_per=1000).execute(query) as rows:
        for what, file_id, key, _size, sha256 in rows:
            if key in seen:
                continue
            seen.add(key)
            try:
                part = archive.add(f"files/{key}", platform.files.stream(key), packed=False)
            except FileMissing:
                if _is_still_wanted(platform, key):
                    files.damaged.append(f"{what} {file_id}: there is nothing under {key} in the store")
                else:
                    files.removed.append(key)
                continue
            files.count += 1
            files.size += part.size
            if part.sha256 != sha256:
                files.damaged.append(f"{what} {file_id}: its bytes have changed since it was handed in")
    return files


def _is_still_wanted(platform: Platform, key: str) -> bool:
    with platform.database.reading() as session:
        return is_key_wanted(session, key)


def _require_room(platform: Platform, target: Path) -> None:
    """Refuse before the disk is full. A SQLite file is copied first, and its rows are never longer than the file."""
    path = sqlite_file(platform.database.engine)
    rows = 0 if path is None else 2 * path.stat().st_size
    files = 0
    # That the database is damaged, the snapshot says, and says of what.
    with contextlib.suppress(DatabaseError), platform.database.reading() as session:
        files = stored_size(session)
    needed = rows + files + _ROOM_TO_LEAVE
    if (free := shutil.disk_usage(target.parent).free) < needed:
        raise StoreUnavailable(
            N_("There is too little room in %(folder)s: %(free)s MiB are free, the backup may need %(needed)s MiB."),
            folder=target.parent,
            free=free // (1024 * 1024),
            needed=needed // (1024 * 1024),
        )


@contextlib.contextmanager
def _disk_errors_said(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = "the disk is full" if error.errno in _FULL else error.strerror or str(error)
        raise StoreUnavailable(
            N_("%(file)s cannot be written: %(reason)s. Nothing was left behind."), file=target, reason=reason
        ) from error
