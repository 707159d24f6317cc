"""Bringing a backup back, on either edition, into a place that holds nothing yet."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from judging import __version__, migrations
from judging.db.dump import Row, count_rows, lift_limits, load_rows, read_rows, read_tables
from judging.db.faults import translated
from judging.db.models import Job
from judging.db.stored_bytes import KEY_COLUMNS
from judging.errors import N_, Conflict, JudgingError
from judging.services.upkeep.archive import SECRET, BrokenArchive

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table

    from judging.services.platform import Platform
    from judging.services.upkeep.archive import ArchiveReader

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was brought back. `waiting` counts work that the backup found undone, such as letters not yet sent."""

    seconds: float
    rows: int
    files: int
    file_bytes: int
    revision: str
    waiting: int


@dataclass(slots=True, kw_only=True)
class _Copied:
    """Files that are in the store already: the new key and the digest of each by its key in the backup."""

    keys: dict[str, str] = field(default_factory=dict)
    size: int = 0


def restore_backup(platform: Platform, archive: ArchiveReader) -> Restored:
    """Store the rows and files of a backup that was verified, and bring the tables to this version of the program.

    Raises Conflict when the place holds anything, BrokenArchive for a backup that contradicts itself or comes from a
    newer program, StoreUnavailable when something cannot be reached. What was stored until then is taken away again.
    """
    began = time.monotonic()
    engine = platform.database.engine
    revision = _known_revision(archive)
    _require_empty(platform)
    _prepare(engine, revision)
    copied = _Copied()
    with _undone_on_error(platform, copied):
        _copy_files(platform, archive, copied)
        count = _load(platform, archive, copied)
        migrations.upgrade(engine)
        _freshen(engine)
        with platform.database.reading() as session:
            waiting = session.scalar(select(func.count()).select_from(Job).where(Job.state.in_(["queued", "running"])))
    return Restored(
        seconds=time.monotonic() - began, rows=count, files=len(copied.keys), file_bytes=copied.size,
        revision=str(migrations.newest()), waiting=waiting or 0,
    )  # fmt: skip


def secret_of(archive: ArchiveReader) -> str | None:
    """Return the installation's key, or None when the backup was made without it."""
    if SECRET not in archive.parts:
        return None
    with archive.open(SECRET) as part:
        return part.read().decode("ascii").strip()


def _known_revision(archive: ArchiveReader) -> str:
    revision = str(archive.manifest.get("revision"))
    if revision not in migrations.known():
        raise BrokenArchive(
            N_(
                "The backup is of revision %(revision)s, made by version %(program)s of the program, which this version"
                " %(here)s does not know. Install that version or a newer one."
            ),
            revision=revision,
            program=archive.manifest.get("program", "?"),
            here=__version__,
        )
    return revision


def _require_empty(platform: Platform) -> None:
    with translated(), platform.database.engine.connect() as connection:
        full = sorted(name for name, count in count_rows(connection).items() if count)
    if full:
        raise Conflict(
            N_(
                "The database holds something already (table %(table)s), and nothing was changed. Name an empty folder"
                " with --data, or an empty database with JUDGING_DATABASE_URL."
            ),
            table=full[0],
        )
    if next(platform.files.keys(), None) is not None:
        raise Conflict(
            N_(
                "The file store holds something already, and nothing was changed. Name an empty folder with --data, or"
                " an empty store with JUDGING_STORAGE_URL."
            )
        )


def _prepare(engine: Engine, revision: str) -> None:
    """Make the tables as they were when the backup was made; empty tables of another version make room."""
    found = migrations.current(engine)
    if found not in {None, revision}:
        if found not in migrations.known():
            raise Conflict(
                N_("The tables are at revision %(found)s, which this program does not know. Name an empty database."),
                found=found,
            )
        migrations.downgrade(engine)
    migrations.upgrade(engine, revision)


def _copy_files(platform: Platform, archive: ArchiveReader, copied: _Copied) -> None:
    for name, part in archive.parts.items():
        if not name.startswith("files/"):
            continue
        with archive.open(name) as source:
            stored = platform.files.put(source)
        copied.keys[name.removeprefix("files/")] = stored.key
        copied.size += stored.size
        if stored.sha256 != part.sha256:
            raise BrokenArchive(N_("The backup changed while it was being read. Nothing was restored."))


def _load(platform: Platform, archive: ArchiveReader, copied: _Copied) -> int:
    """Insert all rows in one transaction: all of them or none."""
    listed: list[Mapping[str, Any]] = list(archive.manifest["tables"])
    total = 0
    with platform.database.write_lock(), translated(), platform.database.engine.begin() as connection:
        lift_limits(connection)
        tables = read_tables(connection)
        by_name = {str(one["name"]): one for one in listed}
        if set(by_name) != {table.name for table in tables}:
            raise BrokenArchive(N_("The tables of the backup are not those of its revision. Nothing was restored."))
        for table in tables:
            total += _load_table(connection, archive, table, by_name[table.name], copied)
    return total


def _load_table(
    connection: Connection, archive: ArchiveReader, table: Table, listed: Mapping[str, Any], copied: _Copied
) -> int:
    columns = [str(column) for column in listed["columns"]]
    with archive.open(f"rows/{table.name}.jsonl") as lines:
        rows: Iterable[Row] = _all_of(read_rows(table, columns, lines), int(listed["rows"]))
        if table.name in KEY_COLUMNS:
            removed = set(archive.manifest["files"]["removed"])
            rows = _with_new_keys(rows, columns.index(KEY_COLUMNS[table.name]), copied, removed)
        return load_rows(connection, table, columns, rows)


def _all_of(rows: Iterable[Row], promised: int) -> Iterator[Row]:
    count = 0
    for row in rows:
        count += 1
        yield row
    if count != promised:
        raise BrokenArchive(N_("The backup does not hold as many rows as it says. Nothing was restored."))


def _with_new_keys(rows: Iterable[Row], place: int, copied: _Copied, removed: set[str]) -> Iterator[Row]:
    """The store makes up the key of each file; one that the backup could not read keeps its old one, and is told of."""
    for row in rows:
        if row[place] not in removed:
            row[place] = copied.keys.get(row[place], row[place])
            yield row


def _freshen(engine: Engine) -> None:
    """Let the database know how its tables are filled, or its first answers would be slow."""
    with translated(), engine.begin() as connection:
        lift_limits(connection)
        connection.execute(text("ANALYZE"))


@contextlib.contextmanager
def _undone_on_error(platform: Platform, copied: _Copied) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for key in copied.keys.values():
            with contextlib.suppress(JudgingError):
                platform.files.delete(key)
        try:
            migrations.downgrade(platform.database.engine)
        except (JudgingError, SQLAlchemyError):
            log.exception("the tables of a restore that failed could not be removed")
        raise
