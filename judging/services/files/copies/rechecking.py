"""Having files that are kept scanned again, and copies made again: for files from before a scanner was set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from judging.db.jobs import QUEUED, RUNNING, enqueue_job
from judging.db.models import EntryFile, FileCopy, FilePicture, Job
from judging.domain.copy_states import CopyState, Recheck, recheck_of
from judging.domain.permissions import Role
from judging.errors import N_, NotAllowed
from judging.services.entries.record import record_entry_event
from judging.services.files.copies.asking import PREPARE_JOB
from judging.services.files.copies.rescanning import RESCAN_JOB
from judging.services.files.disposal import dispose_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Entry
    from judging.domain.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """How many files were put down to be scanned, how many to be copied (and scanned), and how many need neither."""

    scans: int = 0
    copies: int = 0
    left: int = 0


def recheck_files(
    session: Session, *, entries: Iterable[Entry], actor: Actor, scans: bool, anew: bool, now: datetime
) -> Rechecked:
    """Put down the work on every file of these entries that needs some. What is under way already is left alone.

    `scans` says whether the installation has a scanner. With `anew` copies that are ready are made again too: until
    then judges are told that the file is being prepared. Each entry with such a file has it in its record. Raises
    NotAllowed.
    """
    if not actor.has(Role.ORGANISER, Role.SECRETARY):
        raise NotAllowed(N_("Files are checked again by the secretary and the organiser."))
    busy, total = _under_way(session), Rechecked()
    for entry in entries:
        files = session.scalars(
            select(EntryFile).where(EntryFile.entry_id == entry.id).options(selectinload(EntryFile.copied))
        ).all()
        acts = {file.id: _put_down(session, file, busy, scans=scans, anew=anew, now=now) for file in files}
        scanned, copied = (sum(act is kind for act in acts.values()) for kind in (Recheck.SCAN, Recheck.COPY))
        if scanned or copied:
            record_entry_event(
                session, entry=entry, action="files-rechecked", actor_id=actor.account_id, now=now,
                details={"files": scanned + copied, "scans": scanned, "copies": copied},
            )  # fmt: skip
        total = Rechecked(
            scans=total.scans + scanned, copies=total.copies + copied,
            left=total.left + len(files) - scanned - copied,
        )  # fmt: skip
    session.flush()
    return total


def _put_down(
    session: Session, file: EntryFile, busy: Collection[str], *, scans: bool, anew: bool, now: datetime
) -> Recheck:
    if file.id in busy:
        return Recheck.NOTHING
    row = file.copied
    state = CopyState(row.state) if row is not None else None
    act = recheck_of(state, scanned=row is not None and bool(row.scan), scans=scans, anew=anew)
    if act is Recheck.NOTHING:
        return act
    if act is Recheck.COPY:
        _clear(session, file)
    enqueue_job(session, name=PREPARE_JOB if act is Recheck.COPY else RESCAN_JOB, payload={"file": file.id}, now=now)
    return act


def _clear(session: Session, file: EntryFile) -> None:
    """Take away what was made before. A harmful file stays marked as such until a scanner says something else."""
    row = file.copied
    if row is None:
        file.copied = FileCopy(state=CopyState.WAITING.value, findings=[])
        session.flush()
        return
    if row.state == CopyState.INFECTED:
        return
    for picture in session.scalars(select(FilePicture).where(FilePicture.file_id == file.id)).all():
        session.delete(picture)
    if row.key is not None:
        dispose_of(session, [row.key])
    row.state, row.scan = CopyState.WAITING.value, ""
    row.media_type = row.size = row.sha256 = row.key = row.made_at = None
    session.flush()


def _under_way(session: Session) -> set[str]:
    """The files that some work waits for or is at."""
    query = select(Job.payload).where(Job.name.in_((PREPARE_JOB, RESCAN_JOB)), Job.state.in_((QUEUED, RUNNING)))
    return {str(payload.get("file")) for payload in session.scalars(query)}
