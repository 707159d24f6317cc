"""Sweeping abandoned uploads away: a job that plans itself for as long as there is something to sweep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from judging.db.jobs import enqueue_once
from judging.db.models import Upload, UploadPart
from judging.domain.upload_limits import REMEMBERED_FOR
from judging.services.files.uploads.receiving import forget_keys
from judging.services.files.uploads.states import EXPIRED, OPEN

if TYPE_CHECKING:
    from judging.db.session import Database
    from judging.storage import FileStore

SWEEP_JOB = "sweep-uploads"

_HOUR = timedelta(hours=1)
_AT_A_TIME = 200


def plan_sweep(session: Session, *, due: datetime, now: datetime) -> None:
    """Have the sweep run in the hour after `due`, once, however often it is asked for."""
    hour = due.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + _HOUR
    job_id = str(uuid5(NAMESPACE_URL, f"judging:{SWEEP_JOB}:{hour.isoformat()}"))
    enqueue_once(session, job_id=job_id, name=SWEEP_JOB, payload={}, now=now, run_after=hour)


def sweep_uploads(database: Database, files: FileStore, *, now: datetime) -> int:
    """End what was silent too long, delete parts that nobody needs, forget what ended long ago; returns how many ended.

    Doing it again changes nothing. It is safe beside requests: what a sender has just moved on is not silent.
    """
    ended = database.run(lambda session: _expire(session, now))
    while parts := _spent_parts(database):
        # The bytes first: rows that a crash leaves here are found again, bytes without a row would not be.
        forget_keys(files, [key for _, key in parts])
        database.run(partial(_forget_parts, ids=[part_id for part_id, _ in parts]))
    database.run(lambda session: _forget(session, now))
    return ended


def _expire(session: Session, now: datetime) -> int:
    silent = (
        update(Upload)
        .where(Upload.state == OPEN, Upload.expires_at <= now)
        .values(state=EXPIRED, filename="", ended_at=now)
        .returning(Upload.id)
    )
    return len(session.scalars(silent).all())


def _spent_parts(database: Database) -> Sequence[tuple[str, str]]:
    query = (
        select(UploadPart.id, UploadPart.key)
        .join(Upload, Upload.id == UploadPart.upload_id)
        .where(Upload.state != OPEN)
        .order_by(UploadPart.id)
        .limit(_AT_A_TIME)
    )
    with database.reading() as session:
        return [(part_id, key) for part_id, key in session.execute(query)]


def _forget_parts(session: Session, *, ids: Sequence[str]) -> None:
    session.execute(delete(UploadPart).where(UploadPart.id.in_(ids)))


def _forget(session: Session, now: datetime) -> None:
    session.execute(delete(Upload).where(Upload.state != OPEN, Upload.ended_at <= now - REMEMBERED_FOR))
    if (due := session.scalar(select(func.min(Upload.expires_at)).where(Upload.state == OPEN))) is not None:
        plan_sweep(session, due=max(due, now), now=now)
    elif (last := session.scalar(select(func.min(Upload.ended_at)))) is not None:
        plan_sweep(session, due=max(last + REMEMBERED_FOR, now), now=now)
