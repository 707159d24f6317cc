"""Deleting the bytes of files whose rows are gone, once that is committed and never before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import object_session

from judging.db.models import DataExport, EntryFile, FileCopy, FilePicture
from judging.db.stored_bytes import is_key_wanted
from judging.errors import JudgingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.storage import FileStore

_DISPOSED = "judging_disposed"
_log = structlog.get_logger(__name__)


def keys_of(files: Iterable[EntryFile]) -> Sequence[str]:
    """The keys under which everything of these files lies in the store."""
    return [file.key for file in files]


def dispose_of(session: Session, keys: Iterable[str]) -> None:
    """Give these keys up: their bytes go after the commit of this unit of work, unless a row still names them."""
    found: list[str] = session.info.setdefault(_DISPOSED, [])
    found.extend(keys)


@event.listens_for(FileCopy, "after_delete")
@event.listens_for(FilePicture, "after_delete")
def _give_up(_mapper: Any, _connection: Any, row: FileCopy | FilePicture) -> None:
    """What was made of a file goes with its row, whoever deletes that."""
    session = object_session(row)
    if session is not None and row.key is not None:
        dispose_of(session, [row.key])


def keep_disposals(database: Database, *, files: FileStore) -> None:
    """Delete what each unit of work gave up. What fails is logged, and `judging check` lists it as left over."""

    def finish(session: Session) -> None:
        for key in session.info.pop(_DISPOSED, ()):
            try:
                _forget(database, files, key)
            except (JudgingError, SQLAlchemyError, OSError):
                _log.exception("file_not_disposed_of", key=key)

    database.after_commit(finish)


def _forget(database: Database, files: FileStore, key: str) -> None:
    with database.reading() as session:
        archived = session.scalar(select(DataExport.id).where(DataExport.key == key).limit(1))
        is_wanted = archived is not None or is_key_wanted(session, key)
    if not is_wanted:
        files.delete(key)
