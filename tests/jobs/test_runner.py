from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from judging.db.jobs import JobTable, enqueue_job
from judging.db.models import Job
from judging.db.session import Database
from judging.jobs import Handler, JobRunner, Task


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def ticking(clock: datetime) -> Clock:
    return Clock(clock)


def put_down(database: Database, clock: datetime, name: str, **payload: object) -> str:
    with database.writing() as session:
        return enqueue_job(session, name=name, payload=payload, now=clock)


def states(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        return [(job.name, job.state, job.last_error) for job in session.query(Job).order_by(Job.id)]


def test_runner_does_all_that_is_due(database: Database, rows: JobTable, ticking: Clock) -> None:
    seen: list[Task] = []
    first = put_down(database, ticking.now, "greet", to="An")
    second = put_down(database, ticking.now, "greet", to="Bình")

    pause = JobRunner(rows, lambda: {"greet": seen.append}, clock=ticking).run_due()

    assert seen == [
        Task(id=first, name="greet", payload={"to": "An"}, attempt=1),
        Task(id=second, name="greet", payload={"to": "Bình"}, attempt=1),
    ]
    assert pause is None
    assert states(database) == [("greet", "done", "")] * 2


def test_runner_goes_on_after_a_handler_that_raises(database: Database, rows: JobTable, ticking: Clock) -> None:
    def fail(task: Task) -> None:
        raise ConnectionError(f"no answer for {task.payload['to']}")

    seen: list[Task] = []
    put_down(database, ticking.now, "mail", to="a@example.vn")
    put_down(database, ticking.now, "greet")
    runner = JobRunner(rows, lambda: {"mail": fail, "greet": seen.append}, clock=ticking)

    pause = runner.run_due()

    assert states(database) == [
        ("mail", "queued", "ConnectionError: no answer for a@example.vn"),
        ("greet", "done", ""),
    ]
    assert pause == timedelta(seconds=10)


def test_runner_repeats_failed_work_with_the_same_id(database: Database, rows: JobTable, ticking: Clock) -> None:
    seen: list[tuple[str, int]] = []

    def fail_once(task: Task) -> None:
        seen.append((task.id, task.attempt))
        if task.attempt == 1:
            raise TimeoutError

    key = put_down(database, ticking.now, "mail")
    runner = JobRunner(rows, lambda: {"mail": fail_once}, clock=ticking)
    runner.run_due()
    ticking.now += timedelta(seconds=10)
    runner.run_due()

    assert seen == [(key, 1), (key, 2)]
    assert states(database) == [("mail", "done", "")]


def test_runner_keeps_work_that_it_does_not_know(database: Database, rows: JobTable, ticking: Clock) -> None:
    put_down(database, ticking.now, "from-a-newer-version")

    JobRunner(rows, dict, clock=ticking).run_due()

    assert states(database) == [("from-a-newer-version", "queued", "No handler is called from-a-newer-version.")]


def test_idempotent_handler_has_its_effect_once_though_the_work_ran_twice(
    database: Database, rows: JobTable, ticking: Clock
) -> None:
    """The first worker did the work and lost its lease before it could say so."""
    sent: set[str] = set()
    handlers: dict[str, Handler] = {"mail": lambda task: sent.add(task.id)}
    key = put_down(database, ticking.now, "mail")
    claimed = rows.claim(ticking.now)
    assert claimed is not None
    handlers["mail"](Task(id=claimed[0], name=claimed[1], payload=claimed[2], attempt=claimed[3]))

    ticking.now += timedelta(minutes=6)
    JobRunner(rows, lambda: handlers, clock=ticking).run_due()

    assert sent == {key}
    assert rows.finish(key, 1, ticking.now) is False
    assert states(database) == [("mail", "done", "")]


def test_stopped_runner_finishes_the_piece_at_hand_and_begins_no_other(
    database: Database, rows: JobTable, ticking: Clock
) -> None:
    put_down(database, ticking.now, "stop")
    put_down(database, ticking.now, "stop")
    runner: JobRunner

    def stop(_: Task) -> None:
        runner.stop()

    runner = JobRunner(rows, lambda: {"stop": stop}, clock=ticking)
    runner.run_due()

    assert states(database) == [("stop", "done", ""), ("stop", "queued", "")]
