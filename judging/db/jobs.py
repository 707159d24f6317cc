"""The rows of background work: put down with the act that needs it, then taken by one worker at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from judging.db.models import Job, SentMessage
from judging.db.session import Database
from judging.db.types import new_id

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"

MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)

_ENQUEUED = "judging_enqueued"
_ERROR_LENGTH = 2000


def enqueue_job(
    session: Session, *, name: str, payload: Mapping[str, Any], now: datetime, run_after: datetime | None = None
) -> str:
    """Put work down in the session's own transaction and return its id: it happens if, and only if, that is stored.

    `payload` is JSON. The work may run more than once (a worker may die after it and before saying so), so its handler
    is idempotent.
    """
    job = Job(id=new_id(), name=name, payload=dict(payload), state=QUEUED, run_after=run_after or now, created_at=now)
    session.add(job)
    session.info[_ENQUEUED] = True
    return job.id


def enqueue_once(
    session: Session,
    *,
    job_id: str,
    name: str,
    payload: Mapping[str, Any],
    now: datetime,
    run_after: datetime | None = None,
) -> bool:
    """As `enqueue_job`, unless work with this id was put down already; whether it was put down now."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {
        "id": job_id, "name": name, "payload": dict(payload), "state": QUEUED, "attempts": 0,
        "run_after": run_after or now, "last_error": "", "created_at": now,
    }  # fmt: skip
    # By the table, which leaves what the session still has to write to its own turn.
    table = Job.metadata.tables[Job.__tablename__]
    made = session.connection().execute(
        insert(table).values(values).on_conflict_do_nothing(index_elements=["id"]).returning(table.c.id)
    )
    session.info[_ENQUEUED] = True
    return made.first() is not None


def wake_after_enqueue(database: Database, wake: Callable[[], None]) -> None:
    """Call `wake` after each commit that put work down; a lost call means that the work waits for the next look."""

    def told(session: Session) -> None:
        if session.info.pop(_ENQUEUED, False):
            wake()

    database.after_commit(told)


class JobTable:
    """Hands rows out to workers under a lease. Each method is a short unit of work of its own."""

    def __init__(self, database: Database, *, lease: timedelta = timedelta(minutes=5)) -> None:
        """`lease` is how long a worker may be silent before its work is given to another; work must be shorter."""
        self._database = database
        self._lease = lease

    def claim(self, now: datetime) -> tuple[str, str, dict[str, Any], int] | None:
        """Take the work that has waited longest and return (id, name, payload, attempt); None when nothing is due.

        Work whose lease ran out is due again. On PostgreSQL workers pass over rows that others are just taking.
        """
        with self._database.reading() as session:
            if session.scalar(_due(now).with_only_columns(Job.id)) is None:
                return None
        return self._database.run(lambda session: self._claim(session, now))

    def _claim(self, session: Session, now: datetime) -> tuple[str, str, dict[str, Any], int] | None:
        while (job := session.scalar(_due(now).with_for_update(skip_locked=True))) is not None:
            if job.state == RUNNING and job.attempts >= MAX_ATTEMPTS:
                job.state, job.lease_until, job.finished_at = FAILED, None, now
                job.last_error = "No worker lived to finish it."
                session.flush()
                _give_up_letter(session, job.id, job.last_error)
                continue
            job.state, job.attempts, job.lease_until = RUNNING, job.attempts + 1, now + self._lease
            return job.id, job.name, dict(job.payload), job.attempts
        return None

    def finish(self, job_id: str, attempt: int, now: datetime) -> bool:
        """Say that the work is done. False when the lease had run out and another worker has taken it since."""
        return self._close(job_id, attempt, state=DONE, finished_at=now, last_error="")

    def fail(self, job_id: str, attempt: int, now: datetime, *, error: str) -> bool:
        """Say that the work failed: it waits, longer each time, for the next attempt, or is given up after the last."""
        if attempt >= MAX_ATTEMPTS:
            return self._close(
                job_id, attempt, state=FAILED, finished_at=now, last_error=error[:_ERROR_LENGTH], end=True
            )
        return self._close(
            job_id, attempt, state=QUEUED, run_after=now + pause_after(attempt), last_error=error[:_ERROR_LENGTH]
        )

    def next_due(self, now: datetime) -> timedelta | None:
        """Return how long until queued work is due, zero when some is now, None when none waits."""
        with self._database.reading() as session:
            moment = session.scalar(select(Job.run_after).where(Job.state == QUEUED).order_by(Job.run_after).limit(1))
        return None if moment is None else max(moment - now, timedelta(0))

    def _close(self, job_id: str, attempt: int, *, end: bool = False, **values: Any) -> bool:
        # The attempt is the fencing token: a worker that was thought dead must not overwrite its successor's word.
        statement = (
            update(Job)
            .where(Job.id == job_id, Job.state == RUNNING, Job.attempts == attempt)
            .values(lease_until=None, **values)
            .returning(Job.id)
        )

        def close(session: Session) -> bool:
            held = session.scalar(statement) is not None
            if held and end:
                _give_up_letter(session, job_id, values["last_error"])
            return held

        return self._database.run(close)


def _give_up_letter(session: Session, job_id: str, error: str) -> None:
    """Say in the log of letters that a letter will not be tried again: its worker may not have lived to say so."""
    waiting = (SentMessage.id == job_id, SentMessage.state == QUEUED)
    session.execute(update(SentMessage).where(*waiting).values(state=FAILED, attempts=MAX_ATTEMPTS, answer=error))


def pause_after(attempt: int) -> timedelta:
    """Return how long work waits after its `attempt`-th failure: 10 s, 40 s, 160 s … at most an hour."""
    return min(FIRST_PAUSE * (1 << 2 * (attempt - 1)), LONGEST_PAUSE)


def _due(now: datetime) -> Select[Job]:
    waiting: ColumnElement[bool] = and_(Job.state == QUEUED, Job.run_after <= now)
    abandoned: ColumnElement[bool] = and_(Job.state == RUNNING, Job.lease_until < now)
    return select(Job).where(or_(waiting, abandoned)).order_by(Job.run_after, Job.id).limit(1)
