from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from judging.db import sqlite
from judging.db.engine import make_engine
from judging.db.health import check_health
from judging.db.session import Database
from judging.errors import StoreUnavailable


def test_health_of_sqlite_tells_how_it_is_opened(sqlite_database: Database) -> None:
    health = check_health(sqlite_database)

    assert health.edition == "sqlite"
    assert health.facts["version"] == sqlite.choose_driver().sqlite_version
    if sqlite.is_wal_safe(sqlite.choose_driver().sqlite_version_info):
        assert (health.facts["journal_mode"], health.facts["synchronous"]) == ("WAL", "FULL")
        assert health.warnings == ()


@pytest.mark.skipif(sqlite.is_wal_safe(sqlite3.sqlite_version_info), reason="Python's own SQLite is a repaired one")
def test_health_of_an_old_sqlite_warns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "choose_driver", lambda: sqlite3)
    database = Database(make_engine(f"sqlite:///{tmp_path}/old.db"))
    health = check_health(database)
    database.close()

    assert (health.facts["journal_mode"], health.facts["synchronous"]) == ("DELETE", "EXTRA")
    assert [problem.code for problem in health.warnings] == ["sqlite-old"]
    assert str(health.warnings[0]).startswith(f"SQLite {sqlite3.sqlite_version} can lose writes")


@pytest.mark.postgres
def test_health_of_postgresql_names_each_setting_that_weakens_the_promise(postgres_database: Database) -> None:
    # The tests' server does not wait for its disk, which is just what an operator must be told.
    health = check_health(postgres_database)

    assert health.edition == "postgresql"
    assert health.facts["version"].startswith("18.")
    assert health.facts["data_checksums"] == "on"
    assert [problem.code for problem in health.warnings] == ["postgres-fsync", "postgres-full_page_writes"]
    assert str(health.warnings[0]) == "PostgreSQL's setting fsync is off; a stored score is safe only with on."


def test_health_of_a_database_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(StoreUnavailable):
        check_health(Database(make_engine("postgresql://judge:pw@127.0.0.1:1/judging")))


@pytest.mark.postgres
def test_postgresql_session_has_its_limits_and_utc(postgres_database: Database) -> None:
    with postgres_database.reading() as session:
        found = {
            name: session.scalar(text(f"SHOW {name}"))
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "timezone")
        }

    assert found == {
        "statement_timeout": "10s",
        "lock_timeout": "3s",
        "idle_in_transaction_session_timeout": "15s",
        "timezone": "UTC",
    }
