"""Every row that names bytes in the file store: the files that were handed in, and what was made of them.

Whoever lists, copies, checks or deletes bytes asks here, so that a new kind of them is added in one place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import CompoundSelect, Integer, String, func, inspect, literal, select, type_coerce, union_all

from judging.db.models import EntryFile, FileCopy, FilePicture

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

KEY_COLUMNS: Mapping[str, str] = {
    EntryFile.__tablename__: EntryFile.key.key,
    FileCopy.__tablename__: FileCopy.key.key,
    FilePicture.__tablename__: FilePicture.key.key,
}
"""The column of the key in the store, by the name of the table."""


def tables_of_bytes(connection: Connection) -> Collection[str]:
    """Those of the tables that are there: a backup is also made of an installation at an older revision."""
    return KEY_COLUMNS.keys() & set(inspect(connection).get_table_names())


def stored_bytes(
    tables: Collection[str] = KEY_COLUMNS.keys(),
) -> CompoundSelect[str, str, str, int, str]:
    """All of them as (what, id of the file, key, size, SHA-256), in a firm order; `what` is file, copy or picture."""
    parts = {
        EntryFile.__tablename__: select(
            literal("file").label("what"), EntryFile.id.label("id"), EntryFile.key, EntryFile.size, EntryFile.sha256
        ),
        # The condition sees to it that none of these is missing, which the types of the columns cannot say.
        FileCopy.__tablename__: select(
            literal("copy").label("what"), FileCopy.file_id.label("id"), type_coerce(FileCopy.key, String),
            type_coerce(FileCopy.size, Integer), type_coerce(FileCopy.sha256, String),
        ).where(FileCopy.key.is_not(None)),
        FilePicture.__tablename__: select(
            literal("picture").label("what"), FilePicture.file_id.label("id"), FilePicture.key, FilePicture.size,
            FilePicture.sha256,
        ),
    }  # fmt: skip
    return union_all(*(part for table, part in parts.items() if table in tables)).order_by("what", "id", "key")


def count_stored(session: Session) -> int:
    """How many rows name bytes."""
    return session.scalar(select(func.count()).select_from(stored_bytes().order_by(None).subquery())) or 0


def stored_size(session: Session) -> int:
    """How many bytes the rows say that there are; bytes that several rows share count for each."""
    rows = stored_bytes(tables_of_bytes(session.connection())).order_by(None).subquery()
    return session.scalar(select(func.coalesce(func.sum(rows.c.size), 0))) or 0


def is_key_wanted(session: Session, key: str) -> bool:
    """Whether a row names these bytes. The demonstration year lets many rows share those of one picture."""
    rows = stored_bytes(tables_of_bytes(session.connection())).order_by(None).subquery()
    return session.scalar(select(rows.c.key).where(rows.c.key == key).limit(1)) is not None
