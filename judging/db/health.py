"""What the database says about itself, for the page that an administrator or a monitor reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from judging.db.faults import translated
from judging.db.session import Database
from judging.db.sqlite import ACCESS, READ, is_wal_safe
from judging.domain.values import Problem
from judging.errors import N_

# What must stand so that an acknowledged commit outlives a power cut (PostgreSQL's manual, chapters 19.5 and 29).
_POSTGRES_NEEDED = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "data_sync_retry": "off",
    "data_checksums": "on",
}
_SYNCHRONOUS = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`facts` are settings and versions by name, as the database writes them; `warnings` what weakens the promise."""

    edition: str
    facts: Mapping[str, str]
    warnings: tuple[Problem, ...]


def check_health(database: Database) -> Health:
    """Ask the database for its settings. Raises StoreUnavailable when it does not answer."""
    engine = database.engine.execution_options(**{ACCESS: READ})
    with translated(), engine.connect() as connection:
        return _sqlite_health(connection) if connection.dialect.name == "sqlite" else _postgres_health(connection)


def _sqlite_health(connection: Connection) -> Health:
    version = str(connection.scalar(text("SELECT sqlite_version()")))
    facts = {
        "version": version,
        "journal_mode": str(connection.scalar(text("PRAGMA journal_mode"))).upper(),
        "synchronous": _SYNCHRONOUS[int(connection.scalar(text("PRAGMA synchronous")))],
        "foreign_keys": "ON" if connection.scalar(text("PRAGMA foreign_keys")) else "OFF",
    }
    if is_wal_safe(tuple(int(part) for part in version.split("."))):
        return Health(edition="sqlite", facts=facts, warnings=())
    warning = Problem(
        code="sqlite-old",
        message=N_(
            "SQLite %(version)s can lose writes in its fast mode, so the slow one is used. Install pysqlite3, or a"
            " Python with SQLite 3.51.3 or newer."
        ),
        params={"version": version},
    )
    return Health(edition="sqlite", facts=facts, warnings=(warning,))


def _postgres_health(connection: Connection) -> Health:
    facts = {"version": str(connection.scalar(text("SHOW server_version")))}
    facts |= {name: str(connection.scalar(text(f"SHOW {name}"))) for name in _POSTGRES_NEEDED}
    warnings = tuple(
        Problem(
            code=f"postgres-{name}",
            message=N_("PostgreSQL's setting %(name)s is %(found)s; a stored score is safe only with %(needed)s."),
            params={"name": name, "found": facts[name], "needed": needed},
        )
        for name, needed in _POSTGRES_NEEDED.items()
        if facts[name] != needed
    )
    return Health(edition="postgresql", facts=facts, warnings=warnings)
