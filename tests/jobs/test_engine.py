"""Waking: with the real engine, in memory and on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from judging.db.jobs import JobTable, enqueue_job, wake_after_enqueue
from judging.db.models import Job
from judging.db.session import Database
from judging.jobs import Handler, JobEngine, JobRunner, Task, make_huey
from judging.settings import Settings

Start = Callable[[dict[str, Handler]], JobEngine]


@pytest.fixture
def make_engine(database: Database, rows: JobTable, database_settings: Settings) -> Iterator[Start]:
    made: list[JobEngine] = []

    def make(handlers: dict[str, Handler]) -> JobEngine:
        def open_huey() -> object:
            return make_huey(database_settings.database_url, secret_key=database_settings.secret_key)

        made.append(JobEngine(open_huey, JobRunner(rows, lambda: handlers)))
        return made[-1]

    yield make
    for engine in made:
        engine.stop()


def wait_until(done: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def put_down(database: Database, *, after: float = 0) -> str:
    now = datetime.now(UTC)
    with database.writing() as session:
        return enqueue_job(session, name="greet", payload={}, now=now, run_after=now + timedelta(seconds=after))


def test_engine_does_what_is_put_down_while_it_runs(database: Database, make_engine: Start) -> None:
    seen: list[Task] = []
    engine = make_engine({"greet": seen.append})
    wake_after_enqueue(database, engine.wake)
    engine.start()

    key = put_down(database)
    wait_until(lambda: len(seen) == 1)

    assert seen[0].id == key


def test_engine_does_at_its_start_what_was_left_over(database: Database, make_engine: Start) -> None:
    seen: list[Task] = []
    put_down(database)
    make_engine({"greet": seen.append}).start()

    wait_until(lambda: len(seen) == 1)


def test_engine_does_work_in_its_time(database: Database, make_engine: Start) -> None:
    seen: list[float] = []
    begun = time.monotonic()
    engine = make_engine({"greet": lambda _: seen.append(time.monotonic())})
    wake_after_enqueue(database, engine.wake)
    engine.start()

    put_down(database, after=1)
    wait_until(lambda: len(seen) == 1)

    assert seen[0] - begun >= 1


def test_engine_finishes_the_piece_at_hand_when_it_is_stopped(database: Database, make_engine: Start) -> None:
    begun: list[Task] = []

    def slow(task: Task) -> None:
        begun.append(task)
        time.sleep(0.5)

    key = put_down(database)
    engine = make_engine({"greet": slow})
    engine.start()
    wait_until(lambda: len(begun) == 1)
    engine.stop()

    with database.reading() as session:
        assert session.get_one(Job, key).state == "done"


def test_wake_without_an_engine_does_no_harm(database: Database, rows: JobTable) -> None:
    def unreachable() -> object:
        raise ConnectionRefusedError

    engine = JobEngine(unreachable, JobRunner(rows, dict))
    wake_after_enqueue(database, engine.wake)

    key = put_down(database)

    with database.reading() as session:
        assert session.get_one(Job, key).state == "queued"


@pytest.mark.postgres
def test_process_that_only_wakes_reaches_a_worker_elsewhere(postgres_database: Database, settings: Settings) -> None:
    """Two engines that share nothing but the server, as a web process and a worker process do."""
    url = postgres_database.engine.url.render_as_string(hide_password=False)
    seen: list[Task] = []
    rows = JobTable(postgres_database)
    worker = JobEngine(
        lambda: make_huey(url, secret_key=settings.secret_key), JobRunner(rows, lambda: {"greet": seen.append})
    )
    web = JobEngine(lambda: make_huey(url, secret_key=settings.secret_key), JobRunner(rows, dict))
    wake_after_enqueue(postgres_database, web.wake)
    try:
        worker.start()
        put_down(postgres_database)
        wait_until(lambda: len(seen) == 1)
    finally:
        worker.stop()
        web.stop()


@pytest.mark.postgres
def test_message_that_nobody_signed_is_not_unpickled(postgres_database: Database, settings: Settings) -> None:
    url = postgres_database.engine.url.render_as_string(hide_password=False)
    genuine = make_huey(url, secret_key=settings.secret_key)
    forger = make_huey(url, secret_key="another-secret-key-that-somebody-made-up")
    try:
        forger.task(name="look")(lambda: None)()

        with pytest.raises(ValueError, match=r"[Ss]ignature"):
            genuine.dequeue()
    finally:
        genuine.storage.close()
        forger.storage.close()
