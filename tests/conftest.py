"""Settings, a fixed clock and databases of both editions for all tests of the core.

`database` runs a test on SQLite and on PostgreSQL, `sqlite_database` and `postgres_database` on one of them. Each test
gets a database of its own with all tables and no rows.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from judging import migrations
from judging.db.engine import make_engine
from judging.db.jobs import JobTable
from judging.db.session import Database
from judging.jobs import JobEngine, JobRunner, make_huey
from judging.mail import MemoryTransport
from judging.settings import Settings, create_data_folder
from judging.storage import open_store
from tests.databases import Databases
from tests.made_once import compiled_once
from tests.servers import prepare_template, running_postgres, server_folder
from tests.shared_folders import controller, years_folder
from tests.statements import SECRET, forget_statements, share_statements

# What only the fixtures of the whole platform need is imported by them, so that a test of a lower layer loads quickly
# and does not fail for a mistake in a higher one.
if TYPE_CHECKING:
    from judging.plugins import Registry
    from judging.services.platform import Platform


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        for shared in (server_folder(os.getpid()), years_folder(os.getpid())):
            shutil.rmtree(shared, ignore_errors=True)


def pytest_runtest_logfinish() -> None:
    """Every test has an engine of its own, of which nothing must be left: a worker runs thousands."""
    forget_statements()


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    with compiled_once():
        yield


@pytest.fixture
def clock() -> datetime:
    return datetime(2021, 6, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({}, data=create_data_folder(tmp_path / "data", secret_key=SECRET))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "judging.db"
    engine = make_engine(f"sqlite:///{path}")
    migrations.upgrade(engine)
    # Closing the last connection writes the log back, so that the one file is the whole database.
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with running_postgres(server_folder(controller())) as address:
        prepare_template(address)
        yield address


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest, settings: Settings, sqlite_template: Path) -> Iterator[Database]:
    shutil.copyfile(sqlite_template, settings.data / "judging.db")
    database = _opened(make_engine(settings), settings)
    _keep_logs(database, settings, request)
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str) -> Iterator[Databases]:
    made = Databases(postgres_server)
    yield made
    made.close()


@pytest.fixture
def postgres_database(
    request: pytest.FixtureRequest, settings: Settings, postgres_databases: Databases
) -> Iterator[Database]:
    with postgres_databases.one() as address:
        database = _opened(make_engine(address, secret_key=settings.secret_key), settings)
        _keep_logs(database, settings, request)
        yield database
        database.close()


def _opened(engine: Engine, settings: Settings) -> Database:
    return Database(share_statements(engine, secret=SECRET) if settings.secret_key == SECRET else engine)


def _keep_logs(database: Database, settings: Settings, request: pytest.FixtureRequest) -> None:
    """Let sessions of the database append to score logs, as the composition does."""
    from judging.composition import open_notary
    from judging.services.score_log.keeper import keep_logs

    keep_logs(database, notary=open_notary(settings), registry=request.getfixturevalue("registry"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    chosen: Database = request.getfixturevalue(name)
    return chosen


@pytest.fixture
def database_settings(settings: Settings, database: Database) -> Settings:
    """Settings of an installation that uses the same database as `database`."""
    return replace(settings, database_url=database.engine.url.render_as_string(hide_password=False))


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One unit of work that is undone after the test."""
    with database.writing() as opened:
        yield opened
        opened.rollback()


@pytest.fixture(scope="session")
def registry() -> Registry:
    """All installed contest kinds. Nothing in it changes, so that one serves every test."""
    from judging.plugins import load_registry
    from judging.services.core_plugin import CorePlugin

    return load_registry(core=CorePlugin())


@pytest.fixture
def platform(database_settings: Settings, database: Database, registry: Registry) -> Platform:
    """A whole platform on `database`: files in a folder, letters in memory, jobs run only when a test runs them."""
    from judging.job_handlers import Means, job_handlers
    from judging.services.files.disposal import keep_disposals
    from judging.services.platform import Platform
    from judging.services.privacy.erasure.afterwards import keep_erasures

    mail = MemoryTransport()
    files = open_store(database_settings.storage_url)
    keep_erasures(database, files=files, score_log=database_settings.score_log)
    keep_disposals(database, files=files)
    means = Means(settings=database_settings, database=database, registry=registry, files=files, transport=mail)
    runner = JobRunner(JobTable(database), lambda: job_handlers(means))
    return Platform(
        settings=database_settings,
        database=database,
        registry=registry,
        files=files,
        jobs=JobEngine(lambda: make_huey("sqlite://", secret_key=database_settings.secret_key), runner),
        mail=mail,
    )
