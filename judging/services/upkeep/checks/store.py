"""The database's own soundness, its tables, and the bytes behind the rows of files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from judging.db.base import Base
from judging.db.models import DataExport, UploadPart
from judging.db.stored_bytes import count_stored, stored_bytes
from judging.errors import Conflict, StoreUnavailable
from judging.migrations import differences, require_newest
from judging.services.upkeep.checks.finding import Finding, first_of, look
from judging.storage import FileMissing

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from judging.storage import FileStore

# What nobody may change or delete, and the triggers that see to it, by the end of their names.
_EVIDENCE = ("audit_event", "log_checkpoint", "log_document", "log_head", "log_leaf", "log_node", "sheet_version")
_GUARDS = {"sqlite": ("_no_update", "_no_delete"), "postgresql": ("_no_change",)}
# Of these an erasure may empty named columns, or the program may move the head on: PostgreSQL has a second trigger.
_PARTLY = ("log_head", "log_leaf", "sheet_version")

READ_ALWAYS = 5_000
"""Up to so many files are read and digested without being asked to."""


def check_migrations(engine: Engine) -> Finding:
    """The tables are those that this version of the program needs."""
    try:
        require_newest(engine)
    except Conflict as error:
        return Finding(name="migrations", count=1, problems=(str(error),))
    return Finding(name="migrations", count=1)


def check_tables(session: Session) -> Finding:
    """The tables are to the letter those of the models, and those that hold evidence still refuse every change."""
    connection = session.connection()
    problems = [f"the tables differ from what the program declares: {found}" for found in differences(connection)]
    guards = "sqlite_master WHERE type = 'trigger'"
    if connection.dialect.name != "sqlite":
        guards = "pg_trigger WHERE tgenabled IN ('O', 'A')"
    column = "name" if connection.dialect.name == "sqlite" else "tgname"
    found = set(connection.scalars(text(f"SELECT {column} FROM {guards}")))  # noqa: S608 - two fixed texts
    wanted = [f"{table}{guard}" for table in _EVIDENCE for guard in _GUARDS[connection.dialect.name]]
    if connection.dialect.name != "sqlite":
        wanted += [f"{table}_no_update" for table in _PARTLY] + ["audit_event_no_delete", "audit_horizon_no_change"]
    else:
        wanted += ["audit_horizon_no_insert", "audit_horizon_no_update"]
    problems += [
        f"rows of {trigger.rpartition('_no_')[0]} can be changed: the trigger {trigger} is missing"
        for trigger in sorted(wanted)
        if trigger not in found
    ]
    return Finding(name="tables", count=len(Base.metadata.tables), problems=first_of(problems))


def check_database(session: Session) -> Finding:
    """The database finds itself sound: SQLite its file and references, PostgreSQL its pages and constraints."""
    problems = _sqlite_problems(session) if session.get_bind().dialect.name == "sqlite" else _postgres_problems(session)
    return Finding(name="database", count=2, problems=first_of(problems))


def _sqlite_problems(session: Session) -> list[str]:
    sound = session.execute(text("PRAGMA integrity_check")).scalars().all()
    dangling = session.execute(text("PRAGMA foreign_key_check")).all()
    return [line for line in sound if line != "ok"] + [
        f"a row of {table} (rowid {row}) refers to nothing in {parent}" for table, row, parent, _ in dangling
    ]


def _postgres_problems(session: Session) -> list[str]:
    """References are watched by the server itself, unless somebody made a constraint that it never validated."""
    failures = session.scalar(text("SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"))
    unproven = session.scalars(
        text(
            "SELECT conname FROM pg_constraint WHERE NOT convalidated AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    problems = [f"the constraint {name} was never validated" for name in unproven]
    return [f"{failures} pages were read with a wrong checksum", *problems] if failures else problems


def check_files(session: Session, store: FileStore, *, deep: bool) -> Finding:
    """Each row of a file has its bytes, of the right size; and of the right digest, if `deep` or when they are few.

    Files that no row names are noted: they take room and do no harm, and one that is being sent is noted as well.
    """
    try:
        # Listed before the rows are read, so that a file that comes in meanwhile is not taken for a left-over.
        stored = set(store.keys())
    except StoreUnavailable as error:
        return Finding(name="files", count=0, problems=(str(error),))
    count = count_stored(session)
    named: set[str] = set()
    finding = look("files", _look_at_files(session, store, named, read=deep or count <= READ_ALWAYS))
    named.update(session.scalars(select(UploadPart.key)))
    named.update(session.scalars(select(DataExport.key).where(DataExport.key.is_not(None))))
    notes = first_of(f"no row names the file {key}" for key in sorted(stored - named))
    return replace(finding, notes=notes)


def _look_at_files(session: Session, store: FileStore, named: set[str], *, read: bool) -> Iterator[str | None]:
    seen: dict[str, tuple[int, str]] = {}
    for what, file_id, key, size, sha256 in session.execute(stored_bytes().execution_options(yield_per=1000)):
        named.add(key)
        try:
            if key not in seen:
                seen[key] = (store.size(key), _digest(store, key) if read else "")
        except FileMissing:
            yield f"{what} {file_id}: there is nothing under {key} in the store"
            continue
        except StoreUnavailable as error:
            yield f"{what} {file_id}: {error}"
            continue
        found, digested = seen[key]
        if found != size:
            yield f"{what} {file_id}: {found} bytes are stored, {size} were handed in"
        elif read and digested != sha256:
            yield f"{what} {file_id}: its bytes have changed since it was handed in"
        else:
            yield None


def _digest(store: FileStore, key: str) -> str:
    digest = hashlib.sha256()
    for piece in store.stream(key):
        digest.update(piece)
    return digest.hexdigest()
