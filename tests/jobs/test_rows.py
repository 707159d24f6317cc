"""The rows of background work: leases, attempts and what becomes of a worker that died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from judging.db.jobs import MAX_ATTEMPTS, JobTable, enqueue_job, pause_after, wake_after_enqueue
from judging.db.models import Job
from judging.db.session import Database

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def put_down(database: Database, clock: datetime, *, name: str = "mail", run_after: datetime | None = None) -> str:
    with database.writing() as session:
        return enqueue_job(session, name=name, payload={"to": "a@example.vn"}, now=clock, run_after=run_after)


def look_up(database: Database, key: str) -> Job:
    with database.reading() as session:
        return session.get_one(Job, key)


def test_work_is_claimed_once(database: Database, rows: JobTable, clock: datetime) -> None:
    key = put_down(database, clock)

    assert rows.claim(clock) == (key, "mail", {"to": "a@example.vn"}, 1)
    assert rows.claim(clock) is None
    job = look_up(database, key)
    assert (job.state, job.attempts, job.lease_until) == ("running", 1, clock + 5 * MINUTE)


def test_work_of_an_act_that_was_undone_does_not_exist(database: Database, rows: JobTable, clock: datetime) -> None:
    def fail() -> None:
        with database.writing() as session:
            enqueue_job(session, name="mail", payload={}, now=clock)
            session.flush()
            _ = 1 // 0

    with pytest.raises(ZeroDivisionError):
        fail()

    assert rows.claim(clock) is None


def test_work_waits_for_its_time(database: Database, rows: JobTable, clock: datetime) -> None:
    key = put_down(database, clock, run_after=clock + MINUTE)

    assert rows.claim(clock) is None
    assert rows.next_due(clock) == MINUTE
    assert rows.next_due(clock + 2 * MINUTE) == timedelta(0)
    claimed = rows.claim(clock + MINUTE)
    assert claimed is not None
    assert claimed[0] == key
    assert rows.next_due(clock + MINUTE) is None


def test_work_is_claimed_in_the_order_in_which_it_is_due(database: Database, rows: JobTable, clock: datetime) -> None:
    late = put_down(database, clock, run_after=clock + SECOND)
    early = [put_down(database, clock) for _ in range(3)]

    order = [claimed[0] for _ in range(4) if (claimed := rows.claim(clock + MINUTE))]

    assert order == [*early, late]


def test_finished_work_stays_finished(database: Database, rows: JobTable, clock: datetime) -> None:
    key = put_down(database, clock)
    rows.claim(clock)

    assert rows.finish(key, 1, clock + SECOND)
    assert rows.claim(clock + timedelta(days=1)) is None
    job = look_up(database, key)
    assert (job.state, job.finished_at, job.lease_until) == ("done", clock + SECOND, None)


def test_failed_work_is_tried_again_later_and_given_up_in_the_end(
    database: Database, rows: JobTable, clock: datetime
) -> None:
    key = put_down(database, clock)
    now = clock
    for attempt in range(1, MAX_ATTEMPTS + 1):
        claimed = rows.claim(now)
        assert claimed is not None
        assert claimed[3] == attempt
        assert rows.fail(key, attempt, now, error=f"error {attempt}")
        assert rows.claim(now + SECOND) is None
        now += pause_after(attempt)

    job = look_up(database, key)
    assert (job.state, job.attempts, job.last_error) == ("failed", MAX_ATTEMPTS, f"error {MAX_ATTEMPTS}")
    assert rows.claim(now + timedelta(days=30)) is None


def test_pauses_grow_to_an_hour() -> None:
    assert [pause_after(attempt).total_seconds() for attempt in range(1, 8)] == [10, 40, 160, 640, 2560, 3600, 3600]


def test_overdue_lease_goes_to_another_and_the_first_worker_has_no_more_say(
    database: Database, rows: JobTable, clock: datetime
) -> None:
    key = put_down(database, clock)
    rows.claim(clock)

    assert rows.claim(clock + 5 * MINUTE) is None
    again = rows.claim(clock + 5 * MINUTE + SECOND)

    assert again == (key, "mail", {"to": "a@example.vn"}, 2)
    assert rows.finish(key, 1, clock + 6 * MINUTE) is False
    assert rows.fail(key, 1, clock + 6 * MINUTE, error="late") is False
    assert look_up(database, key).state == "running"
    assert rows.finish(key, 2, clock + 6 * MINUTE) is True


def test_work_that_kills_every_worker_is_given_up(database: Database, rows: JobTable, clock: datetime) -> None:
    key = put_down(database, clock)
    now = clock
    for _attempt in range(MAX_ATTEMPTS):
        assert rows.claim(now) is not None
        now += 6 * MINUTE

    assert rows.claim(now) is None
    job = look_up(database, key)
    assert (job.state, job.last_error) == ("failed", "No worker lived to finish it.")


def test_many_workers_share_the_work_without_doubles(database: Database, rows: JobTable, clock: datetime) -> None:
    keys = sorted(put_down(database, clock) for _ in range(40))

    def drain(_: int) -> list[str]:
        taken = []
        while (claimed := rows.claim(clock)) is not None:
            taken.append(claimed[0])
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [key for part in pool.map(drain, range(4)) for key in part]

    assert sorted(taken) == keys


WORKER = """
import sys, time
from datetime import datetime
from judging.db.engine import make_engine
from judging.db.jobs import JobTable
from judging.db.session import Database
print(JobTable(Database(make_engine(sys.argv[1]))).claim(datetime.fromisoformat(sys.argv[2]))[0], flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_work_of_a_killed_process_is_taken_up_again(database: Database, rows: JobTable, clock: datetime) -> None:
    key = put_down(database, clock)
    url = database.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, url, clock.isoformat()], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        claimed = process.stdout.readline().strip()
        os.kill(process.pid, signal.SIGKILL)

    assert claimed == key
    assert rows.claim(clock + MINUTE) is None
    assert rows.claim(clock + 6 * MINUTE) == (key, "mail", {"to": "a@example.vn"}, 2)


def test_wake_is_called_once_for_each_commit_that_put_work_down(database: Database, clock: datetime) -> None:
    woken: list[int] = []
    wake_after_enqueue(database, lambda: woken.append(1))

    with database.writing() as session:
        enqueue_job(session, name="a", payload={}, now=clock)
        enqueue_job(session, name="b", payload={}, now=clock)
        session.flush()
        assert woken == []
    assert woken == [1]

    with database.writing() as session:
        session.get_one(Job, session.query(Job.id).limit(1).scalar())
    assert woken == [1]
