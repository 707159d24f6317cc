"""A demo year to back up, on SQLite or PostgreSQL, and the command line as a person meets it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from judging.composition import compose, create_web
from judging.db.session import Database
from judging.plugins import Registry
from judging.services.platform import Platform
from judging.services.upkeep.archive import ArchiveReader
from judging.services.upkeep.restore import secret_of
from judging.settings import Settings
from tests.demo.made import copy_demo
from tests.operations.installations import back_up, installation, restore
from tests.servers import fresh_database

Command = Callable[..., "subprocess.CompletedProcess[str]"]


def clean_environment(**variables: str) -> dict[str, str]:
    """This process's environment without settings, and with these: names without their prefix."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUDGING_")}
    return {**kept, **{f"JUDGING_{name.upper()}": value for name, value in variables.items()}}


PROGRAM = (sys.executable, "-c", "from judging.cli import main; main()")


@pytest.fixture
def judging() -> Command:
    """Run `judging` as a process of its own."""

    def run(*arguments: str | Path, settings: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            env=clean_environment(**(settings or {})),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Platform]:
    """The demo year on SQLite."""
    with installation(copy_demo(tmp_path / "demo")) as platform:
        yield platform


@pytest.fixture(scope="session")
def demo_backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the demo year, made once. Copy it before you change it."""
    folder = tmp_path_factory.mktemp("backup")
    with installation(copy_demo(folder / "demo")) as platform:
        back_up(platform, folder / "demo.backup")
    return folder / "demo.backup"


@pytest.fixture
def empty_postgres(postgres_server: str) -> Iterator[str]:
    """The address of a PostgreSQL database without a table."""
    with fresh_database(postgres_server, "template1") as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    """An installation without tables, rows and files, on either edition."""
    variables = {}
    if request.param == "postgresql":
        variables["database_url"] = request.getfixturevalue("empty_postgres")
    with installation(tmp_path / "empty", **variables) as platform:
        yield platform


@pytest.fixture
def restored(empty: Platform, demo_backup: Path) -> Platform:
    """The demo year on either edition."""
    restore(empty, demo_backup)
    with ArchiveReader(demo_backup) as archive:
        secret = secret_of(archive)
    assert secret is not None
    return replace(empty, settings=replace(empty.settings, secret_key=secret))


@pytest.fixture
def app(platform: Platform) -> Flask:
    """The web application; an error reaches the test as an answer, as it reaches a browser."""
    made = create_web(platform)
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with, reading English."""
    made = app.test_client()
    made.set_cookie("lang", "en")
    return made


def csrf_token(client: FlaskClient, address: str = "/login") -> str:
    """The token of a form on the page at `address`."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).text)
    assert found is not None, f"{address} shows no form"
    return found.group(1)


@pytest.fixture
def sqlite_platform(settings: Settings, sqlite_database: Database, registry: Registry) -> Iterator[Platform]:
    """A whole platform on SQLite alone, for what has nothing to do with the edition."""
    composed = compose(settings, registry=registry)
    yield replace(composed, database=sqlite_database)
    composed.jobs.close()
    composed.database.close()
