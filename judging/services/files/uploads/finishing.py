"""The end of an upload: its parts become one file, which is checked and joins the dossier in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from judging.db.models import Entry, Upload, UploadPart
from judging.domain.permissions import Actor
from judging.domain.rules import ContestRules
from judging.errors import JudgingError, StoreUnavailable
from judging.services.entries.files import attach_file, find_item
from judging.services.files.checks import Checked, check_file
from judging.services.files.uploads.deadline import must_take_end
from judging.services.files.uploads.pieces import Joined, as_source
from judging.services.files.uploads.receiving import forget_keys
from judging.services.files.uploads.states import FINISHED, OPEN, REFUSED, OffsetMoved, gone, moved
from judging.storage import FileMissing

if TYPE_CHECKING:
    from judging.services.platform import Platform
    from judging.storage import StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whole:
    """The whole file in the store, and the keys of what it was made of and is not needed any more."""

    stored: StoredFile
    spent: tuple[str, ...]


def finish_upload(
    platform: Platform,
    *,
    upload: Upload,
    offset: int,
    last: StoredFile,
    rules: ContestRules,
    actor: Actor,
    clock: Callable[[], datetime],
) -> None:
    """Join the parts before `offset` and `last`, look into the file, and attach it to the entry.

    No session may be open. Raises Refused when the file may not be kept, and Conflict when the entry takes it no
    longer: then nothing of it stays. Raises StoreUnavailable when it cannot be done now: then only `last` is lost, and
    is to be sent again. Raises Conflict also when another request moved the upload on; nothing changes then.
    """
    arrived = clock()
    whole = _join(platform, upload, offset, last, now=arrived)
    keys = [whole.stored.key, last.key]
    try:
        checked = _look_into(platform, upload, whole.stored, rules)
        platform.database.run(
            lambda session: _attach(
                session, upload, offset, checked, whole.stored, rules=rules, actor=actor, now=clock(), arrived=arrived
            )
        )
    except (OffsetMoved, StoreUnavailable):
        forget_keys(platform.files, dict.fromkeys(keys))
        raise
    except JudgingError:
        forget_keys(platform.files, dict.fromkeys(keys))
        _refuse(platform, upload, offset, now=clock())
        forget_keys(platform.files, whole.spent)
        raise
    _forget_parts(platform, upload.id, whole.spent)


def _join(platform: Platform, upload: Upload, offset: int, last: StoredFile, *, now: datetime) -> _Whole:
    with platform.database.reading() as session:
        parts = session.scalars(
            select(UploadPart).where(UploadPart.upload_id == upload.id).order_by(UploadPart.start)
        ).all()
    before = tuple(part.key for part in parts if part.start < offset)
    if not before:
        # All came in one part, which is the file.
        return _Whole(stored=last, spent=())
    try:
        stored = platform.files.put(as_source(Joined(platform.files, [*before, last.key])), limit=upload.length)
    except FileMissing as error:
        forget_keys(platform.files, [last.key])
        # Another request finished or ended it meanwhile; or the parts did not come back with a backup.
        _refuse(platform, upload, offset, now=now)
        raise gone() from error
    except JudgingError:
        forget_keys(platform.files, [last.key])
        raise
    if stored.size != upload.length:
        forget_keys(platform.files, [stored.key, last.key])
        raise moved()
    return _Whole(stored=stored, spent=(*before, last.key))


def _look_into(platform: Platform, upload: Upload, stored: StoredFile, rules: ContestRules) -> Checked:
    with platform.files.open(stored.key) as stream:
        return check_file(stream, filename=upload.filename, item=find_item(rules, upload.item))


def _attach(
    session: Session,
    upload: Upload,
    offset: int,
    checked: Checked,
    stored: StoredFile,
    *,
    rules: ContestRules,
    actor: Actor,
    now: datetime,
    arrived: datetime,
) -> None:
    row = _held(session, upload.id, offset)
    entry = session.scalars(
        select(Entry)
        .where(Entry.id == row.entry_id)
        .options(joinedload(Entry.contest))
        .with_for_update(of=Entry)
        .execution_options(populate_existing=True)
    ).one()
    must_take_end(session, row, entry, actor, received=arrived)
    row.state, row.received, row.ended_at = FINISHED, row.length, now
    session.flush()
    file = attach_file(
        session, entry=entry, actor=actor, item=find_item(rules, row.item), checked=checked, stored=stored, now=now,
        may_edit=True,
    )  # fmt: skip
    row.file_id = file.id


def _refuse(platform: Platform, upload: Upload, offset: int, *, now: datetime) -> None:
    """Write down that the file may not be kept, with no name: of what was refused nothing stays.

    Raises Conflict when another request moved the upload on.
    """

    def write(session: Session) -> None:
        row = _held(session, upload.id, offset)
        row.state, row.filename, row.ended_at = REFUSED, "", now
        session.execute(delete(UploadPart).where(UploadPart.upload_id == row.id))

    platform.database.run(write)


def _held(session: Session, upload_id: str, offset: int) -> Upload:
    """The upload, kept from changing. Raises Conflict unless it is open and stands at `offset`."""
    row = session.scalars(
        select(Upload).where(Upload.id == upload_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or row.state != OPEN or row.received != offset:
        raise moved()
    return row


def _forget_parts(platform: Platform, upload_id: str, keys: tuple[str, ...]) -> None:
    """Parts that became a file are deleted, then their rows; what a crash leaves here, the sweep finds."""
    if not keys:
        return
    forget_keys(platform.files, keys)
    platform.database.run(lambda session: session.execute(delete(UploadPart).where(UploadPart.upload_id == upload_id)))
