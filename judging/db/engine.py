"""One engine for both editions."""

from __future__ import annotations

import json
import os
import weakref
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, make_url

from judging.db import sqlite
from judging.db.sealed import give_key
from judging.errors import N_
from judging.settings import Settings, SettingsError

# A dead server is noticed in seconds, a forgotten transaction gives its locks back, and no statement runs for ever.
_POSTGRES_OPTIONS = " ".join(
    f"-c {setting}"
    for setting in (
        "statement_timeout=10s",
        "lock_timeout=3s",
        "idle_in_transaction_session_timeout=15s",
        "synchronous_commit=on",
        "timezone=UTC",
    )
)
_POSTGRES_ARGUMENTS: dict[str, Any] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 3000,
    "keepalives": 1,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "application_name": "judging",
    "options": _POSTGRES_OPTIONS,
}

_to_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def make_engine(source: Settings | str, *, pool_size: int = 8, secret_key: str | None = None) -> Engine:
    """Return an engine for a database address, or for that of the settings.

    `pool_size` is how many threads use it at once. What is sealed is read with the key of the settings, or with
    `secret_key`; without either it cannot be read. Raises SettingsError for an address of another kind and
    StoreUnavailable for a SQLite file on a network disk. Nothing is opened yet.
    """
    url = make_url(source if isinstance(source, str) else source.database_url)
    if url.get_backend_name() == "sqlite":
        engine = _make_sqlite_engine(url, pool_size)
    elif url.get_backend_name() in {"postgresql", "postgres"}:
        engine = _make_postgres_engine(url, pool_size)
    else:
        raise SettingsError(
            N_("%(name)s cannot be used. Write an address that begins with one of: %(schemes)s."),
            name="JUDGING_DATABASE_URL",
            schemes="sqlite://, postgresql://",
        )
    _forget_connections_after_fork(engine)
    key = secret_key if isinstance(source, str) else source.secret_key
    if key is not None:
        give_key(engine, key)
    return engine


def sqlite_file(engine: Engine) -> Path | None:
    """Return the absolute path of the engine's SQLite file, or None on PostgreSQL."""
    if engine.dialect.name != "sqlite" or engine.url.database is None:
        return None
    return Path(engine.url.database).absolute()


def _make_sqlite_engine(url: URL, pool_size: int) -> Engine:
    if url.database in {None, "", ":memory:"}:
        raise SettingsError(
            N_("%(name)s names no file. Write sqlite:/// and the path of the database file."),
            name="JUDGING_DATABASE_URL",
        )
    path = Path(str(url.database)).expanduser().absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    sqlite.refuse_network_folder(path.parent)
    driver = sqlite.choose_driver()
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite", database=str(path)),
        module=driver,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        json_serializer=_to_json,
        hide_parameters=True,
    )
    sqlite.configure(engine, driver)
    return engine


def _make_postgres_engine(url: URL, pool_size: int) -> Engine:
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={key: value for key, value in _POSTGRES_ARGUMENTS.items() if key not in url.query},
            pool_size=pool_size,
            max_overflow=pool_size // 2,
            pool_timeout=10,
            pool_pre_ping=True,
            json_serializer=_to_json,
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise SettingsError(
            N_("%(name)s names a PostgreSQL server, but its driver is not installed. Install %(package)s."),
            name="JUDGING_DATABASE_URL",
            package="judging[postgres]",
        ) from error


def _forget_connections_after_fork(engine: Engine) -> None:
    """Let a forked child open connections of its own; using or closing the parent's would break both."""
    if not hasattr(os, "register_at_fork"):
        return
    reference = weakref.ref(engine)

    def forget() -> None:
        if (alive := reference()) is not None:
            alive.dispose(close=False)

    os.register_at_fork(after_in_child=forget)
