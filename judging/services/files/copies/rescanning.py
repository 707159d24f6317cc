"""Scanning a file whose copy judges have already: the handler of RESCAN_JOB. The copy stays unless harm is found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO, cast

import structlog

from judging.db.jobs import enqueue_job
from judging.db.models import EntryFile, FileCopy
from judging.domain.copy_states import CopyState
from judging.services.files.copies.scanning import ScannerUnreachable
from judging.storage import FileMissing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.services.files.copies.scanning import Scanner
    from judging.storage import FileStore

RESCAN_JOB = "scan-file"
_AGAIN = timedelta(minutes=5)

_log = structlog.get_logger(__name__)


def rescan_file(database: Database, files: FileStore, *, file_id: str, scanner: Scanner | None, now: datetime) -> None:
    """Scan the file and write down what the scanner said. Without one nothing happens; one that is away is asked later.

    A file in which something is found is closed to everybody at once, as at its coming in.
    """
    key = _key(database, file_id)
    if key is None or scanner is None:
        return
    try:
        with files.open(key) as source:
            word = scanner(cast("BinaryIO", source))
    except ScannerUnreachable as away:
        _log.warning("scanner_unreachable", file=file_id, reason=str(away))
        database.run(
            lambda session: enqueue_job(
                session, name=RESCAN_JOB, payload={"file": file_id}, now=now, run_after=now + _AGAIN
            )
        )
        return
    except FileMissing:
        _log.error("file_missing", file=file_id)
        return
    database.run(lambda session: _write(session, file_id, word))


def _key(database: Database, file_id: str) -> str | None:
    with database.reading() as session:
        file = session.get(EntryFile, file_id)
        return None if file is None else file.key


def _write(session: Session, file_id: str, word: str) -> None:
    row = session.get(FileCopy, file_id, with_for_update=True)
    if row is None:
        return
    row.scan = word or "clean"
    if word:
        row.state = CopyState.INFECTED.value
