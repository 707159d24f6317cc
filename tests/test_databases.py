"""The databases that tests share one after the other: nothing of one test is there for the next."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.databases import Databases

pytestmark = pytest.mark.postgres

ROW = "INSERT INTO organisation VALUES ('1', 'so', 'Sở mẫu', '2021-01-01 00:00:00')"
FOREVER = (
    "INSERT INTO audit_event (id, at, action, subject, subject_id, details) VALUES ('1', now(), 'a', 'b', 'c', '{}')"
)


@pytest.fixture
def databases(postgres_server: str) -> Iterator[Databases]:
    made = Databases(postgres_server)
    yield made
    made.close()


def execute(address: str, statement: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


def rows(address: str, table: str) -> int:
    with psycopg.connect(address) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - our own tables
    assert found is not None
    return int(found[0])


def test_database_is_used_again_without_its_rows(databases: Databases) -> None:
    with databases.one() as first:
        execute(first, ROW)
        # This one can be neither changed nor deleted while the triggers watch.
        execute(first, FOREVER)
    with databases.one() as second:
        assert second == first
        assert (rows(second, "organisation"), rows(second, "audit_event")) == (0, 0)
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            execute(second, f"{FOREVER}; DELETE FROM audit_event")  # noqa: S608 - our own tables


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (id int)",
        "DROP TABLE prize",
        "ALTER TABLE entry ADD COLUMN more int",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "DROP INDEX IF EXISTS more; CREATE INDEX more ON entry (title)",
        "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "UPDATE alembic_version SET version_num = '0001'",
        "DELETE FROM alembic_version",
    ],
)
def test_changed_database_is_not_used_again(databases: Databases, change: str) -> None:
    with databases.one() as first:
        execute(first, change)
    with databases.one() as second:
        assert second != first


def test_connection_that_was_left_open_is_ended(databases: Databases) -> None:
    with databases.one() as first:
        left = psycopg.connect(first)
        left.execute(ROW)
    with databases.one() as second:
        assert rows(second, "organisation") == 0
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    left.close()


def test_two_at_once_are_two(databases: Databases) -> None:
    with databases.one() as first, databases.one() as second:
        assert first != second
