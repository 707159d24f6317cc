"""What a database keeps of rows that are gone: its journal, samples of values, and room that is not yet used again."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from judging.db.session import Database

_TABLES = (
    "account", "assignment", "conflict", "data_export", "entry", "entry_file", "entry_member", "job", "log_leaf",
    "login_failure", "one_time_secret", "privacy_request", "privacy_step", "receipt", "screening", "sheet_version",
)  # fmt: skip


def overwrite_traces(database: Database) -> None:
    """Let the database forget the former content of changed and deleted rows as far as it can beside others at work.

    SQLite overwrites freed bytes itself (`secure_delete`); its log is written back and cut off, unless somebody is
    reading just now. PostgreSQL removes dead rows, and draws its samples of values anew.
    """
    if database.engine.dialect.name == "sqlite":
        _cut_journal(database)
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM (ANALYZE) {', '.join(_TABLES)}"))


def _cut_journal(database: Database) -> None:
    with (
        database.write_lock(),
        closing(database.engine.raw_connection()) as connection,
        closing(connection.cursor()) as cursor,
    ):
        cursor.execute("PRAGMA query_only=OFF")
        found = cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat4'").fetchall()
        for table in _TABLES if found else ():
            # Samples of values are kept for indexed columns, names of people among them.
            cursor.execute(f"ANALYZE {table}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
