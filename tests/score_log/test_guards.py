"""The database itself refuses to change what was recorded, whoever asks for it with the program's own rights."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from judging import migrations
from judging.db.engine import make_engine
from tests.score_log.contest import Played
from tests.servers import of_database
from tests.services.office import PRELIMINARY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from judging.db.session import Database
    from judging.plugins import Registry

CHANGES = (
    "UPDATE log_leaf SET hash = entry",
    "UPDATE log_leaf SET entry = hash",
    "UPDATE log_leaf SET text_salt = hash WHERE text_salt IS NOT NULL",
    "UPDATE log_leaf SET idx = idx + 100",
    "UPDATE log_leaf SET subject_id = 'x'",
    "DELETE FROM log_leaf",
    "DELETE FROM log_leaf WHERE idx = (SELECT max(idx) FROM log_leaf)",
    "UPDATE log_node SET idx = idx + 100",
    "DELETE FROM log_node",
    "UPDATE log_document SET name = 'x'",
    "DELETE FROM log_document",
    "UPDATE log_checkpoint SET size = 0",
    "DELETE FROM log_checkpoint",
    "UPDATE log_head SET size = size - 1",
    "UPDATE log_head SET origin = 'contest.example/other/log/1'",
    "DELETE FROM log_head",
)


@pytest.fixture
def log(database: Database, registry: Registry) -> Played:
    played = Played(database, registry)
    played.open(entries=2, judges=3)
    played.assign(PRELIMINARY)
    played.start(PRELIMINARY)
    played.submit_all(PRELIMINARY)
    with database.writing() as session:
        session.execute(
            text("INSERT INTO log_checkpoint (log_id, size, note, at) SELECT id, 1, 'note', created_at FROM log_head")
        )
    return played


def test_recorded_rows_are_neither_changed_nor_deleted(database: Database, log: Played) -> None:
    size = log.log().size
    for change in CHANGES:
        with database.engine.connect() as connection, pytest.raises(DBAPIError, match="never changed or deleted"):
            connection.execute(text(change))
    assert log.log().size == size
    # What a person may ask for: the bytes and the salt of a leaf are erased, and its hash stays.
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE log_leaf SET entry = NULL, text_salt = NULL WHERE idx = 3"))


@pytest.fixture
def plain_role(postgres_server: str) -> Iterator[str]:
    """The address of a database whose tables belong to a role without any other right."""
    name = f"plain_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'plain' NOSUPERUSER")
        admin.execute(f"CREATE DATABASE {name} OWNER {name}")
        address = of_database(postgres_server, name)
        url = make_engine(address).url.set(username=name, password="plain")
        try:
            yield url.render_as_string(hide_password=False)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
            admin.execute(f"DROP ROLE {name}")


@pytest.mark.postgres
def test_own_role_without_more_rights_may_not_even_try(plain_role: str) -> None:
    migrating = make_engine(plain_role)
    migrations.upgrade(migrating)
    migrating.dispose()
    engine = create_engine(plain_role)
    refused = {}
    for change in CHANGES:
        with engine.connect() as connection:
            try:
                connection.execute(text(change))
            except DBAPIError as error:
                refused[change] = getattr(error.orig, "sqlstate", "")
    engine.dispose()

    # Heads grow, so that their updates are left to the trigger; a leaf's two columns may be emptied.
    by_trigger = {
        one for one in CHANGES if one.startswith("UPDATE log_head") or "entry =" in one or "text_salt =" in one
    }
    assert {change: state for change, state in refused.items() if state != "42501"} == {}
    assert set(CHANGES) - set(refused) <= by_trigger
