"""Copies of an installation in which a contest was played, on either database, for tests that spoil them."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
from sqlalchemy import Connection, create_engine, text

from judging.composition import compose
from judging.settings import Settings, create_data_folder
from tests.score_log.contest import Played
from tests.servers import of_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from judging.plugins import Registry
    from judging.services.platform import Platform


@dataclass(frozen=True, kw_only=True)
class Site:
    """An installation in a folder, with its database on SQLite, or on the PostgreSQL server at `server`."""

    data: Path
    database: str = ""
    server: str = ""

    @property
    def settings(self) -> Settings:
        environ = {"JUDGING_DATABASE_URL": of_database(self.server, self.database)} if self.server else {}
        return Settings.from_environment(environ, data=self.data)

    @property
    def variables(self) -> dict[str, str]:
        """What a process of its own is told, names without their prefix."""
        return {"database_url": self.settings.database_url} if self.server else {}

    @contextlib.contextmanager
    def platform(self, registry: Registry) -> Iterator[Platform]:
        """A platform on it, as a new process has it."""
        composed = compose(self.settings, registry=registry)
        try:
            yield composed
        finally:
            composed.jobs.close()
            composed.database.close()

    def copy(self, folder: Path) -> Site:
        """Copy database, keys and checkpoints."""
        return self.copy_database(replace(self, data=self._copy_data(folder)))

    def copy_database(self, other: Site) -> Site:
        """Put a copy of this database below the keys and checkpoints of another installation: a silent restore."""
        if not self.server:
            for old in other.data.glob("judging.db*"):
                old.unlink()
            shutil.copyfile(self.data / "judging.db", other.data / "judging.db")
            return other
        name = f"copy_{uuid4().hex}"
        with psycopg.connect(self.server, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {self.database}")
        return replace(other, database=name)

    def drop(self) -> None:
        if self.server:
            with psycopg.connect(self.server, autocommit=True) as admin:
                admin.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")

    def tamper(self, act: Callable[[Connection], None]) -> None:
        """Do something as the database's administrator, whom no trigger and no right holds up."""
        engine = create_engine(self.settings.database_url)
        try:
            with engine.begin() as connection, _without_triggers(connection):
                act(connection)
        finally:
            engine.dispose()

    def _copy_data(self, folder: Path) -> Path:
        return Path(shutil.copytree(self.data, folder, ignore=shutil.ignore_patterns("judging.db*")))


def make_site(edition: str, folder: Path, *, sqlite_template: Path, postgres_server: Callable[[], str]) -> Site:
    """A new installation with all tables."""
    data = create_data_folder(folder / "data")
    if edition == "sqlite":
        shutil.copyfile(sqlite_template, data / "judging.db")
        return Site(data=data)
    server, name = postgres_server(), f"played_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE judging_template")
    return Site(data=data, database=name, server=server)


def played_on(platform: Platform, registry: Registry, before: Played | None = None) -> Played:
    """The contest of an installation, or of a copy of it."""
    made = Played(platform.database, registry)
    if before is not None:
        made.contest_id, made.desk_id, made.now = before.contest_id, before.desk_id, before.now
        made.sheets, made.shares = list(before.sheets), before.shares
    return made


@contextlib.contextmanager
def _without_triggers(connection: Connection) -> Iterator[None]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        yield
        return
    triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in triggers:
        connection.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, sql in triggers:
        connection.exec_driver_sql(sql)


def rows(connection: Connection, statement: str, **values: Any) -> list[Mapping[str, Any]]:
    return [dict(row) for row in connection.execute(text(statement), values).mappings()]
