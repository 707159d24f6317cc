from __future__ import annotations

import gc
import os
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Integer, column, event, select, table, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from judging.db.engine import make_engine
from judging.db.models import Contest, Organisation
from judging.db.session import Database
from judging.errors import StaleVersion, StoreUnavailable

THREADS = 8
ROUNDS = 30


def count(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(text("SELECT n FROM counter")) or 0)


@pytest.fixture
def counter(database: Database) -> Database:
    with database.writing() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    return database


def increment(session: Session) -> None:
    """Read, then write what was read plus one: what is lost when two do it at once without a lock."""
    counter = table("counter", column("n", Integer))
    number = session.scalars(select(counter.c.n).with_for_update()).one()
    session.execute(text("UPDATE counter SET n = :n"), {"n": number + 1})


def fail_after_increment(database: Database) -> None:
    with database.writing() as session:
        increment(session)
        _ = 1 // 0


def test_writing_commits_at_the_end(counter: Database) -> None:
    with counter.writing() as session:
        increment(session)
        assert count(counter) == 0

    assert count(counter) == 1


def test_writing_that_raises_leaves_nothing(counter: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_increment(counter)

    assert count(counter) == 0
    with counter.writing() as session:
        increment(session)
    assert count(counter) == 1


def test_reading_cannot_write(counter: Database) -> None:
    with pytest.raises(DBAPIError, match=r"readonly database|read-only transaction"), counter.reading() as session:
        session.execute(text("UPDATE counter SET n = 9"))

    assert count(counter) == 0
    # The connection goes back to the pool and must be able to write again.
    with counter.writing() as session:
        increment(session)
    assert count(counter) == 1


def test_reading_sees_one_state_while_another_writes(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    with sqlite_database.reading() as reader:
        assert reader.scalar(text("SELECT n FROM counter")) == 0
        with sqlite_database.writing() as session:
            increment(session)
        assert reader.scalar(text("SELECT n FROM counter")) == 0

    assert count(sqlite_database) == 1


def test_concurrent_increments_lose_none(counter: Database) -> None:
    def work(_: int) -> None:
        for _turn in range(ROUNDS):
            with counter.writing() as session:
                increment(session)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))

    assert count(counter) == THREADS * ROUNDS


def test_concurrent_databases_on_one_file_lose_none(sqlite_database: Database, tmp_path: Path) -> None:
    """Several processes are several `Database`s: only the lock file is between them."""
    with sqlite_database.writing() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))

    def work(_: int) -> None:
        own = Database(make_engine(str(sqlite_database.engine.url)))
        for _turn in range(ROUNDS):
            with own.writing() as session:
                increment(session)
        own.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    assert count(sqlite_database) == 4 * ROUNDS


def test_writing_takes_the_write_lock_before_it_reads(sqlite_database: Database) -> None:
    """A transaction that begins as a reader and then writes fails at once when another wrote in between."""
    statements: list[str] = []
    event.listen(sqlite_database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    with sqlite_database.writing() as session:
        session.scalar(text("SELECT 1"))
    with sqlite_database.reading() as session:
        session.scalar(text("SELECT 1"))

    assert statements == [
        "PRAGMA query_only=OFF",
        "BEGIN IMMEDIATE",
        "SELECT 1",
        "PRAGMA query_only=ON",
        "BEGIN",
        "SELECT 1",
    ]


def test_writing_inside_writing_is_a_mistake_and_does_not_hang(sqlite_database: Database) -> None:
    with (
        sqlite_database.writing(),
        pytest.raises(RuntimeError, match="writing already"),
        sqlite_database.writing(),
    ):
        pass

    with sqlite_database.writing() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_writer_that_waits_too_long_is_told_to_try_again(sqlite_database: Database) -> None:
    impatient = Database(make_engine(str(sqlite_database.engine.url)), patience=0.05)
    begun = time.monotonic()
    with (
        sqlite_database.writing(),
        pytest.raises(StoreUnavailable, match="The database is busy"),
        impatient.writing(),
    ):
        pass
    impatient.close()

    assert time.monotonic() - begun < 2


def test_full_disk_is_said_and_what_was_stored_stays(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        session.execute(text("CREATE TABLE heap (content TEXT)"))
        session.execute(text("INSERT INTO heap VALUES ('kept')"))

    # SQLite answers with SQLITE_FULL at the limit of pages just as at the end of the disk.
    def limit(connection: object, record: object, proxy: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # type: ignore[attr-defined] # a DB-API connection has no type

    event.listen(sqlite_database.engine, "checkout", limit)
    with pytest.raises(StoreUnavailable, match="disk of the database is full"), sqlite_database.writing() as session:
        session.execute(text("INSERT INTO heap VALUES (:content)"), {"content": "x" * 100_000})

    with sqlite_database.reading() as session:
        assert session.scalars(text("SELECT content FROM heap")).all() == ["kept"]


def test_room_is_told_of_a_file_and_not_of_a_server(database: Database) -> None:
    room = database.room()

    if database.engine.dialect.name == "sqlite":
        assert room is not None
        assert 0 < room.free <= room.size
    else:
        assert room is None


def make_contest(clock: object) -> Contest:
    organisation = Organisation(slug="so-khcn", name="Sở Khoa học và Công nghệ", created_at=clock)
    return Contest(
        organisation=organisation, slug="c-2021", kind="startup", title="Khởi nghiệp", year=2021, created_at=clock
    )


def test_change_of_a_row_that_somebody_else_changed_is_stale(database: Database, clock: object) -> None:
    contest = make_contest(clock)
    with database.writing() as session:
        session.add(contest)
    with database.reading() as session:
        mine = session.get_one(Contest, contest.id)
    with database.writing() as session:
        session.get_one(Contest, contest.id).title = "Theirs"

    mine.title = "Mine"
    with pytest.raises(StaleVersion, match="Somebody changed this"), database.writing() as session:
        session.add(mine)

    with database.reading() as session:
        assert session.get_one(Contest, contest.id).title == "Theirs"


def test_rows_stay_readable_after_the_commit(database: Database, clock: object) -> None:
    contest = make_contest(clock)
    with database.writing() as session:
        session.add(contest)

    assert (contest.title, contest.version) == ("Khởi nghiệp", 1)


def test_foreign_keys_are_enforced(database: Database, clock: object) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Contest(organisation_id="nobody", slug="x", kind="startup", title="x", year=2021, created_at=clock))


def test_after_commit_does_not_take_the_end_of_a_savepoint_for_a_commit(counter: Database) -> None:
    told: list[int] = []
    counter.after_commit(lambda _: told.append(1))

    with counter.writing() as session:
        with session.begin_nested():
            increment(session)
        assert told == []

    assert told == [1]


def test_after_commit_tells_only_of_what_was_stored(counter: Database) -> None:
    told: list[int] = []
    counter.after_commit(lambda _: told.append(1))

    with counter.reading() as session:
        session.scalar(text("SELECT n FROM counter"))
    with pytest.raises(ZeroDivisionError):
        fail_after_increment(counter)
    assert told == []

    with counter.writing() as session:
        increment(session)
    assert told == [1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_forked_child_opens_its_own_connections(counter: Database) -> None:
    with counter.writing() as session:
        increment(session)

    child = os.fork()
    if child == 0:
        status = 1
        try:
            with counter.writing() as session:
                increment(session)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    with counter.writing() as session:
        increment(session)

    assert os.waitstatus_to_exitcode(status) == 0
    assert count(counter) == 3


def test_database_is_let_go_with_those_who_listened_to_it(tmp_path: Path) -> None:
    class Listener:
        """Holds the database, as the engine of jobs does."""

        def __init__(self, database: Database) -> None:
            self.database = database

        def told(self, _session: Session) -> None:
            pass

    database = Database(make_engine(f"sqlite:///{tmp_path / 'judging.db'}"))
    database.after_commit(Listener(database).told)
    with database.writing() as session:
        session.execute(text("SELECT 1"))
    database.close()
    gone = weakref.ref(database)

    del database
    gc.collect()

    assert gone() is None
