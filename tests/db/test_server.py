"""What a unit of work does when the database server is away, cuts the line, or undoes a transaction."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from judging.db.engine import make_engine
from judging.db.session import Database
from judging.errors import StoreUnavailable


def test_unreachable_server_is_said_quickly() -> None:
    database = Database(make_engine("postgresql://judge:pw@127.0.0.1:1/judging"))
    begun = time.monotonic()

    with pytest.raises(StoreUnavailable, match="cannot take this now"), database.reading() as session:
        session.scalar(text("SELECT 1"))

    assert time.monotonic() - begun < 4


@pytest.mark.postgres
def test_server_that_cut_the_connection_is_met_with_a_new_one(postgres_database: Database) -> None:
    with postgres_database.reading() as session:
        session.scalar(text("SELECT 1"))
    with postgres_database.writing() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )

    with postgres_database.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1


@pytest.mark.postgres
def test_connection_lost_while_writing_stores_nothing(postgres_database: Database) -> None:
    with postgres_database.writing() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))

    def write_and_lose_the_connection() -> None:
        with postgres_database.writing() as session:
            session.execute(text("INSERT INTO counter VALUES (1)"))
            pid = session.scalar(text("SELECT pg_backend_pid()"))
            with postgres_database.writing() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

    with pytest.raises(StoreUnavailable):
        write_and_lose_the_connection()

    with postgres_database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM counter")) == 0


@pytest.mark.postgres
def test_run_repeats_what_postgresql_undid(postgres_database: Database) -> None:
    with postgres_database.writing() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    both_have_read = threading.Barrier(2, timeout=10)
    attempts: list[int] = []

    def work(session: Session) -> int:
        attempts.append(threading.get_ident())
        session.connection(execution_options={"isolation_level": "SERIALIZABLE"})
        number = int(session.scalar(text("SELECT n FROM counter")) or 0)
        if len(attempts) <= 2:
            both_have_read.wait()
        session.execute(text("UPDATE counter SET n = :n"), {"n": number + 1})
        return number + 1

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(lambda _: postgres_database.run(work), range(2)))

    assert answers == [1, 2]
    with postgres_database.reading() as session:
        assert session.scalar(text("SELECT n FROM counter")) == 2
    assert len(attempts) == 3


@pytest.mark.postgres
def test_run_gives_up_after_five_tries(postgres_database: Database) -> None:
    tries = 0

    def work(session: Session) -> None:
        nonlocal tries
        tries += 1
        session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$"))

    with pytest.raises(StoreUnavailable, match="try again"):
        postgres_database.run(work)

    assert tries == 5


def test_run_does_not_repeat_a_broken_rule(database: Database) -> None:
    tries = 0

    def work(session: Session) -> None:
        nonlocal tries
        tries += 1
        session.execute(text("INSERT INTO organisation (id) VALUES (NULL)"))

    with pytest.raises(IntegrityError):
        database.run(work)

    assert tries == 1
