from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from judging import migrations
from judging.db.base import Base
from judging.db.engine import make_engine
from judging.db.models import (
    Account,
    Assignment,
    AuditEvent,
    Contest,
    Entry,
    Judge,
    Organisation,
    SheetVersion,
)
from judging.db.session import Database
from judging.errors import Conflict
from tests.servers import fresh_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path}/judging.db")
        yield engine
        engine.dispose()
        return
    with fresh_database(request.getfixturevalue("postgres_server"), "template1") as address:
        engine = make_engine(address)
        yield engine
        engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_upgrade_makes_all_tables_and_downgrade_removes_them(empty: Engine) -> None:
    assert migrations.current(empty) is None

    migrations.upgrade(empty)
    assert tables(empty) == {*Base.metadata.tables, "alembic_version"}
    assert migrations.current(empty) == migrations.newest()

    migrations.downgrade(empty)
    assert tables(empty) == {"alembic_version"}
    assert migrations.current(empty) is None

    migrations.upgrade(empty)
    assert migrations.current(empty) == migrations.newest()


def test_upgrade_again_changes_nothing(database: Database) -> None:
    migrations.upgrade(database.engine)

    assert migrations.current(database.engine) == migrations.newest()


def test_revisions_cover_the_models_completely(database: Database) -> None:
    assert migrations.differences(database.engine) == []


def test_differences_are_found_when_there_are_some(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("ALTER TABLE job DROP COLUMN last_error"))

    (difference,) = migrations.differences(database.engine)

    assert difference[0] == "add_column"
    assert difference[3].name == "last_error"


def test_differences_leave_the_job_engines_own_tables_alone(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("CREATE TABLE huey_task (id INTEGER PRIMARY KEY, queue TEXT)"))
        session.execute(text("CREATE INDEX huey_task_queue ON huey_task (queue)"))

    assert migrations.differences(database.engine) == []


def test_require_newest_names_both_revisions(empty: Engine) -> None:
    with pytest.raises(
        Conflict, match=rf"at revision -, the program needs {migrations.newest()}\. Run `judging migrate`"
    ):
        migrations.require_newest(empty)

    migrations.upgrade(empty)
    migrations.require_newest(empty)


def test_upgrade_by_two_processes_at_once_happens_once(empty: Engine) -> None:
    other = make_engine(empty.url.render_as_string(hide_password=False))
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(migrations.upgrade, (empty, other)))
    finally:
        other.dispose()

    assert migrations.differences(empty) == []


def test_upgrade_that_fails_leaves_nothing_behind(empty: Engine) -> None:
    migrations.upgrade(empty, "0001")
    before = tables(empty)
    # The last revision trips over this table when the others of the upgrade have done their part.
    with Database(empty).writing() as session:
        session.execute(text("CREATE TABLE job (id INTEGER PRIMARY KEY)"))

    with pytest.raises(Exception, match="job"):
        migrations.upgrade(empty)

    assert migrations.current(empty) == "0001"
    assert tables(empty) == {*before, "job"}


def sheet(session: Session, clock: datetime) -> SheetVersion:
    account = Account(email="a@example.vn", email_key="a@example.vn", name="A", password_hash="x", created_at=clock)
    contest = Contest(
        organisation=Organisation(slug="o", name="O", created_at=clock),
        slug="c",
        kind="startup",
        title="C",
        year=2021,
        created_at=clock,
    )
    session.add_all([account, contest])
    session.flush()
    entry = Entry(contest_id=contest.id, owner_id=account.id, number=1, alias="e-1", created_at=clock, changed_at=clock)
    judge = Judge(contest_id=contest.id, account_id=account.id, alias="j-1", created_at=clock)
    session.add_all([entry, judge])
    session.flush()
    assignment = Assignment(
        contest_id=contest.id, round="r", entry_id=entry.id, judge_id=judge.id, assigned_at=clock, changed_at=clock
    )
    session.add(assignment)
    session.flush()
    version = SheetVersion(
        assignment_id=assignment.id,
        number=1,
        marks={"idea": "8.5"},
        comments={},
        total="8.500000",
        rubric_digest="0" * 64,
        submitted_at=clock,
        submitted_by_id=account.id,
        code="1",
    )
    session.add(version)
    return version


def audit(session: Session, clock: datetime) -> AuditEvent:
    event = AuditEvent(at=clock, action="publish", subject="contest", subject_id="c")
    session.add(event)
    return event


@pytest.mark.parametrize("make", [sheet, audit])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = 'x'", "DELETE FROM {}"])
def test_rows_that_are_evidence_cannot_be_changed(
    database: Database, clock: datetime, make: Callable[[Session, datetime], SheetVersion | AuditEvent], statement: str
) -> None:
    with database.writing() as session:
        row = make(session, clock)
    table = row.__tablename__

    with (
        pytest.raises(IntegrityError, match=f"rows of {table} are never changed or deleted"),
        database.writing() as session,
    ):
        session.execute(text(statement.format(table)))

    with database.reading() as session:
        assert session.get(type(row), row.id) is not None


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["sheet_version", "audit_event"])
def test_evidence_cannot_be_truncated(postgres_database: Database, table: str) -> None:
    with (
        pytest.raises(IntegrityError, match=f"rows of {table} are never changed or deleted"),
        postgres_database.writing() as session,
    ):
        session.execute(text(f"TRUNCATE {table} CASCADE"))
