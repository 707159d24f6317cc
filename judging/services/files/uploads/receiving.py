"""Receiving bytes. While they flow no transaction is open; each part is stored first, then written down.

What decides between two who send at once is the row: a part is written down only where the upload still stands where
the part begins. The loser's bytes are thrown away and they are told to ask anew. So no lock is held that a killed
server could leave behind.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.orm import Session

from judging.db.models import Upload, UploadPart
from judging.domain.tus import Checksum
from judging.domain.upload_limits import KEPT_FOR
from judging.errors import N_, JudgingError
from judging.services.files.uploads.pieces import Stretch, as_source
from judging.services.files.uploads.states import FINISHED, OPEN, ChecksumMismatch, moved, require_present
from judging.services.upkeep.disk_guard import require_room_for_files

if TYPE_CHECKING:
    from judging.services.platform import Platform
    from judging.storage import FileStore, StoredFile

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Where an upload stands: `last` is the part that completes it, stored and not yet written down."""

    offset: int
    expires_at: datetime
    last: StoredFile | None = None


def require_offset(upload: Upload, offset: int) -> None:
    """Raise UploadGone for one that is over, and Conflict unless it stands at `offset`."""
    require_present(upload)
    if upload.received != offset:
        raise moved()


def receive_bytes(
    platform: Platform, *, upload: Upload, source: IO[bytes], checksum: Checksum | None, clock: Clock
) -> Received:
    """Keep what `source` gives, part by part, until it ends, and say where the upload then stands.

    `upload` is as it was read before; no session may be open. A source that breaks off is one that ends: what came is
    kept, unless a checksum was to hold for all of it. Raises ChecksumMismatch, Conflict when another moved the upload
    on, TooLarge beyond its length, StoreUnavailable.
    """
    offset, expires_at = upload.received, upload.expires_at
    while upload.state != FINISHED:
        stretch = Stretch(source, checksum=checksum)
        if not stretch.has_more():
            break
        require_room_for_files(platform.files)
        stored = platform.files.put(as_source(stretch), limit=upload.length - offset)
        if not stretch.is_whole():
            forget_keys(platform.files, [stored.key])
            raise ChecksumMismatch(N_("What arrived is not what was sent. None of it was kept; send it again."))
        if offset + stored.size == upload.length:
            return Received(offset=offset, expires_at=expires_at, last=stored)
        now = clock()
        _write_down(platform, upload, offset, stored, now=now)
        offset, expires_at = offset + stored.size, now + KEPT_FOR
    return Received(offset=offset, expires_at=expires_at)


def forget_keys(files: FileStore, keys: Iterable[str]) -> None:
    """Delete bytes that no row names any more. Never raises: the check command lists what is left over."""
    for key in keys:
        try:
            files.delete(key)
        except JudgingError:
            log.exception("a part of an upload stays in the store: %s", key)


def _write_down(platform: Platform, upload: Upload, offset: int, stored: StoredFile, *, now: datetime) -> None:
    def write(session: Session) -> bool:
        moved_on = session.scalar(
            update(Upload)
            .where(Upload.id == upload.id, Upload.state == OPEN, Upload.received == offset)
            .values(received=offset + stored.size, expires_at=now + KEPT_FOR)
            .returning(Upload.id)
        )
        if moved_on is None:
            return False
        session.add(
            UploadPart(upload_id=upload.id, start=offset, size=stored.size, sha256=stored.sha256, key=stored.key)
        )
        return True

    if not platform.database.run(write):
        forget_keys(platform.files, [stored.key])
        raise moved()
