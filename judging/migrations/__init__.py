"""Bring a database to the newest revision of its tables, back, and say where it stands. No alembic.ini is needed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from judging.db.session import Database
from judging.errors import N_, Conflict
from judging.migrations.environment import CONNECTION, comparison
from judging.paths import migrations_folder

# Any number will do as long as every version of the program takes the same one: it keeps two processes that start at
# once from migrating at once.
_ADVISORY_LOCK = 7_201_806_215_530_121


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to `revision`: all of it or nothing. Other writers of a SQLite file wait meanwhile."""
    with _migrating(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Bring the tables back to `revision`; "base" removes them all, with everything in them."""
    with _migrating(engine) as connection:
        command.downgrade(_config(connection), revision)


def current(engine: Engine) -> str | None:
    """Return the revision that the database is at; None when it has no tables yet."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the revision that this version of the program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def known() -> frozenset[str]:
    """Return all revisions that this version of the program can bring a database to."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def require_newest(engine: Engine) -> None:
    """Raise Conflict, with both revisions, unless the database is at the revision that the program needs."""
    found, needed = current(engine), newest()
    if found != needed:
        raise Conflict(
            N_("The tables are at revision %(found)s, the program needs %(needed)s. Run `judging migrate`."),
            found=found or "-",
            needed=needed or "-",
        )


def differences(source: Engine | Connection) -> list[Any]:
    """Return what Alembic would change to make the tables equal to the models: [] when a revision covers them all."""
    with source.connect() if isinstance(source, Engine) else contextlib.nullcontext(source) as connection:
        context = MigrationContext.configure(connection, opts=comparison(connection.dialect.name))
        return list(compare_metadata(context, context.opts["target_metadata"]))


def draft_revision(engine: Engine, *, name: str, message: str) -> None:
    """Write a revision with id `name` for what differs from the models, for a developer to read and correct."""
    with _migrating(engine) as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=name)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    # ConfigParser reads a per cent sign as the beginning of a name to fill in.
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes[CONNECTION] = connection
    return config


@contextlib.contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that may take as long as it needs, and that no other migration shares."""
    with Database(engine).write_lock(), engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            with _without_foreign_keys(connection), connection.begin():
                yield connection
                _check_foreign_keys(connection)
            return
        with connection.begin():
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            yield connection


@contextlib.contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Switch SQLite's foreign keys off: copying a table drops the old one, which would take the rows that refer to it.

    The switch has no effect inside a transaction, so it goes straight to the driver.
    """
    driver = connection.connection.driver_connection
    assert driver is not None, "no connection"  # noqa: S101 - only a closed connection has none
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        raise Conflict(
            N_("The migration would leave %(count)s rows that refer to nothing, the first in table %(table)s."),
            count=len(broken),
            table=broken[0][0],
        )
