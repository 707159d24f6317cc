"""Archives of one's own data: asked for, made in the background, given to that account only, gone after a day."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.jobs import enqueue_job
from judging.db.models import Account, DataExport
from judging.errors import N_, Conflict, NotFound
from judging.services.audit import record_event
from judging.services.files.disposal import dispose_of
from judging.services.letters import send_letter
from judging.services.links import page_link
from judging.services.privacy.my_data.gathering import gather_data
from judging.services.privacy.my_data.subjects import subjects_of
from judging.services.privacy.my_data.writing import scratch_file, write_archive
from judging.services.upkeep.disk_guard import require_room_for_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.plugins import Registry
    from judging.settings import Settings
    from judging.storage import FileStore, StoredFile

MAKE_JOB = "make-data-export"
DROP_JOB = "drop-data-export"
QUEUED, READY = "queued", "ready"
LIFE = timedelta(hours=24)
PAGE_PATH = "/account/data"


def ask_export(session: Session, *, account: Account, now: datetime) -> DataExport:
    """Have an archive made of what is kept of the account's person. Raises Conflict while one is being made."""
    session.execute(select(Account.id).where(Account.id == account.id).with_for_update())
    if any(one.state == QUEUED for one in list_exports(session, account=account, now=now)):
        raise Conflict(N_("Your archive is being made already. You get a letter when it is ready."))
    made = DataExport(account_id=account.id, locale=account.locale, asked_at=now, expires_at=now + LIFE)
    session.add(made)
    session.flush()
    enqueue_job(session, name=MAKE_JOB, payload={"export": made.id}, now=now)
    record_event(
        session, action="data-export-asked", subject="account", subject_id=account.id, actor_id=account.id, now=now
    )
    return made


def list_exports(session: Session, *, account: Account, now: datetime) -> Sequence[DataExport]:
    """The account's archives that have not run out, the newest first."""
    query = select(DataExport).where(DataExport.account_id == account.id, DataExport.expires_at > now)
    return session.scalars(query.order_by(DataExport.asked_at.desc(), DataExport.id.desc())).all()


def find_export(session: Session, *, account: Account, export_id: str, now: datetime) -> DataExport:
    """The account's own archive of that id. Raises NotFound for another's, as for what is not there or has run out."""
    found = session.scalar(
        select(DataExport).where(
            DataExport.id == export_id, DataExport.account_id == account.id, DataExport.expires_at > now
        )
    )
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found


def make_export(
    database: Database, *, registry: Registry, files: FileStore, settings: Settings, export_id: str, now: datetime
) -> None:
    """Write the archive and say by letter that it is ready: the handler of MAKE_JOB."""
    require_room_for_files(files)
    with database.reading() as session:
        row = session.get(DataExport, export_id)
        if row is None or row.state != QUEUED:
            return
        stored = _write(session, registry=registry, files=files, row=row, now=now)
    with database.writing() as session:
        row = session.get(DataExport, export_id, with_for_update=True)
        if row is None or row.state != QUEUED:
            # Its person was erased meanwhile, or another worker was quicker.
            dispose_of(session, [stored.key])
            return
        row.state, row.key, row.size, row.sha256 = READY, stored.key, stored.size, stored.sha256
        row.ready_at, row.expires_at = now, now + LIFE
        enqueue_job(session, name=DROP_JOB, payload={"export": row.id}, now=now, run_after=row.expires_at)
        send_letter(
            session, to=row.account, subject=N_("Your data are ready"),
            text=N_(
                "Hello %(name)s,\n\nthe archive of what is kept of you is ready. Sign in to fetch it within 24 "
                "hours:\n\n%(link)s\n\nAfter that it is deleted; you can ask for another one at any time.\n"
            ),
            params={"name": row.account.name, "link": page_link(settings, PAGE_PATH)}, now=now,
        )  # fmt: skip


def drop_export(session: Session, *, export_id: str) -> None:
    """Delete an archive, bytes and all: the handler of DROP_JOB. One that is gone is no error."""
    row = session.get(DataExport, export_id)
    if row is not None:
        dispose_of(session, [row.key] if row.key else [])
        session.delete(row)


def _write(session: Session, *, registry: Registry, files: FileStore, row: DataExport, now: datetime) -> StoredFile:
    subjects = subjects_of(session, row.account)
    parts = gather_data(session, registry=registry, account=row.account, subjects=subjects)
    with closing(scratch_file()) as scratch:
        write_archive(scratch, parts=parts, subjects=subjects, store=files, locale=row.locale, now=now)
        scratch.seek(0)
        return files.put(scratch)
