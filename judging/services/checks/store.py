"""The database's own soundness, its tables, and the bytes behind the rows of files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from judging.db.models import EntryFile
from judging.errors import Conflict, StoreUnavailable
from judging.migrations import require_newest
from judging.services.checks.finding import Finding, look
from judging.storage import FileMissing

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from judging.storage import FileStore

READ_ALWAYS = 5_000
"""Up to so many files are read and digested without being asked to."""


def check_migrations(engine: Engine) -> Finding:
    """The tables are those that this version of the program needs."""
    try:
        require_newest(engine)
    except Conflict as error:
        return Finding(name="migrations", count=1, problems=(str(error),))
    return Finding(name="migrations", count=1)


def check_database(session: Session) -> Finding:
    """SQLite finds its file sound and every reference leads somewhere. PostgreSQL sees to both by itself."""
    if session.get_bind().dialect.name != "sqlite":
        return Finding(name="database", count=0)
    sound = session.execute(text("PRAGMA integrity_check")).scalars().all()
    dangling = session.execute(text("PRAGMA foreign_key_check")).all()
    problems = [line for line in sound if line != "ok"]
    problems += [f"a row of {table} (rowid {row}) refers to nothing in {parent}" for table, row, parent, _ in dangling]
    return Finding(name="database", count=2, problems=tuple(problems))


def check_files(session: Session, store: FileStore, *, deep: bool) -> Finding:
    """Each row of a file has its bytes, of the right size; and of the right digest, if `deep` or when they are few."""
    count = session.scalar(select(func.count()).select_from(EntryFile)) or 0
    return look("files", _look_at_files(session, store, read=deep or count <= READ_ALWAYS))


def _look_at_files(session: Session, store: FileStore, *, read: bool) -> Iterator[str | None]:
    seen: dict[str, tuple[int, str]] = {}
    query = select(EntryFile.id, EntryFile.key, EntryFile.size, EntryFile.sha256).execution_options(yield_per=1000)
    for file_id, key, size, sha256 in session.execute(query):
        try:
            if key not in seen:
                seen[key] = (store.size(key), _digest(store, key) if read else "")
        except FileMissing:
            yield f"file {file_id}: there is nothing under {key} in the store"
            continue
        except StoreUnavailable as error:
            yield f"file {file_id}: {error}"
            continue
        found, digested = seen[key]
        if found != size:
            yield f"file {file_id}: {found} bytes are stored, {size} were handed in"
        elif read and digested != sha256:
            yield f"file {file_id}: its bytes have changed since it was handed in"
        else:
            yield None


def _digest(store: FileStore, key: str) -> str:
    digest = hashlib.sha256()
    for piece in store.stream(key):
        digest.update(piece)
    return digest.hexdigest()
