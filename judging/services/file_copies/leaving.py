"""Bytes go with their rows: once the row of a copy or a picture is gone, nothing of it stays in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import object_session

from judging.db.models import FileCopy, FilePicture
from judging.db.stored_bytes import is_key_wanted
from judging.errors import JudgingError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.storage import FileStore

_LEFT = "judging_bytes_left"
_log = structlog.get_logger(__name__)


def keep_store_tidy(database: Database, *, files: FileStore) -> None:
    """Delete the bytes of rows that a unit of work deleted, after its commit; what fails is logged."""

    def tidy(session: Session) -> None:
        for key in session.info.pop(_LEFT, ()):
            try:
                with database.reading() as reader:
                    wanted = is_key_wanted(reader, key)
                if not wanted:
                    files.delete(key)
            except (JudgingError, SQLAlchemyError):
                _log.exception("bytes_left_over", key=key)

    database.after_commit(tidy)


@event.listens_for(FileCopy, "after_delete")
@event.listens_for(FilePicture, "after_delete")
def _note(_mapper: Any, _connection: Any, row: FileCopy | FilePicture) -> None:
    session = object_session(row)
    if session is not None and row.key is not None:
        session.info.setdefault(_LEFT, []).append(row.key)
