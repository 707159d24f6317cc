"""One state of the whole database, held still for as long as it takes to read all of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from judging.db import sqlite
from judging.db.engine import make_engine
from judging.db.faults import translated
from judging.db.session import Database
from judging.errors import N_, Conflict, StoreUnavailable

# Small steps with pauses leave the disk to those who write meanwhile: 256 pages are 1 MiB.
_PAGES = 256
_PAUSE = 0.01


@contextlib.contextmanager
def snapshot(database: Database, folder: Path) -> Iterator[Connection]:
    """Yield a connection that sees one state of the database, whatever others write meanwhile.

    PostgreSQL holds a repeatable read. A SQLite file is copied into `folder`, which must be empty and private, by the
    library's own online backup; the copy is examined, and read in place of the original. Raises Conflict when that
    finds the file damaged, and StoreUnavailable when the database does not answer.
    """
    with translated():
        if database.engine.dialect.name != "sqlite":
            with _repeatable_read(database.engine) as connection:
                yield connection
            return
        copy = folder / "copy.db"
        _copy_sqlite(database, copy)
        engine = make_engine(f"sqlite:///{copy}")
        try:
            with engine.execution_options(**{sqlite.ACCESS: sqlite.READ}).connect() as connection:
                _examine(connection)
                yield connection
        finally:
            engine.dispose()


@contextlib.contextmanager
def _repeatable_read(engine: Engine) -> Iterator[Connection]:
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        # Reading all of it takes longer than a page may take, with pauses while files are stored.
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET LOCAL {limit} = 0"))
        yield connection


def _copy_sqlite(database: Database, copy: Path) -> None:
    driver = sqlite.choose_driver()
    try:
        _copy(database, driver, copy)
    except driver.OperationalError as error:
        raise StoreUnavailable(
            N_("The database cannot be copied to %(folder)s: %(reason)s."), folder=copy.parent.parent, reason=error
        ) from error
    except driver.DatabaseError as error:
        raise _damaged(str(error)) from error


def _copy(database: Database, driver: ModuleType, copy: Path) -> None:
    with contextlib.closing(driver.connect(copy)) as target:
        if sqlite.is_wal_safe(driver.sqlite_version_info):
            with _driver_connection(database.engine) as source:
                # Within a read of the write-ahead log nobody's commit makes the copy begin anew.
                source.execute("BEGIN")
                try:
                    source.execute("SELECT count(*) FROM sqlite_master").fetchone()
                    source.backup(target, pages=_PAGES, sleep=_PAUSE)
                finally:
                    source.execute("ROLLBACK")
            return
        # With a rollback journal readers and writers exclude each other: all at once, while the writers wait.
        with database.write_lock(), _driver_connection(database.engine) as source:
            source.backup(target)


@contextlib.contextmanager
def _driver_connection(engine: Engine) -> Iterator[Any]:
    pooled = engine.raw_connection()
    try:
        yield pooled.driver_connection
    finally:
        pooled.close()


def _examine(connection: Connection) -> None:
    try:
        problems = [line for line in connection.execute(text("PRAGMA integrity_check")).scalars() if line != "ok"]
        problems += [
            f"a row of {table} refers to nothing in {parent}"
            for table, _, parent, _ in connection.execute(text("PRAGMA foreign_key_check"))
        ]
    except DatabaseError as error:
        raise _damaged(str(error.orig)) from error
    if problems:
        raise _damaged(problems[0])


def _damaged(problem: str) -> Conflict:
    return Conflict(
        N_("The database is damaged: %(problem)s. Run `judging check`, and keep the backups that you have."),
        problem=" ".join(problem.split()),
    )
