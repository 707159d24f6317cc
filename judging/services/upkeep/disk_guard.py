"""Stops in time: what would fill the disk is refused while there is still room for what must not be lost.

Only a local folder and a SQLite file lie on a disk that can be asked. Of a bucket or a PostgreSQL server nothing is
known, so nothing is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.errors import N_, StorageFull, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from judging.db.session import Database
    from judging.services.platform import Platform
    from judging.storage import FileStore


def require_room_for_files(files: FileStore) -> None:
    """Raise StorageFull when the disk of the files is nearly full."""
    room = files.room()
    if room is not None and not room.takes_files:
        raise StorageFull(
            N_("The server has no room for more files at the moment. The file was not kept; everything else works.")
        )


def require_room_for_scores(database: Database) -> None:
    """Raise StoreUnavailable when the disk of the database is nearly full."""
    room = database.room()
    if room is not None and not room.takes_scores:
        raise StoreUnavailable(
            N_("The server's disk is nearly full, so scores cannot be recorded at the moment. Nothing was stored.")
        )


def tell_room(platform: Platform) -> Mapping[str, bool]:
    """For what there is room, by name; what nothing is known of is left out."""
    files, database = platform.files.room(), platform.database.room()
    told = {}
    if files is not None:
        told["room_for_files"] = files.takes_files
    if database is not None:
        told["room_for_scores"] = database.takes_scores
    return told
