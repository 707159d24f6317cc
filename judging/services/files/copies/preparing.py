"""Making the copy and the pictures of one file: the handler of PREPARE_JOB.

May run twice for one file, also at once: a copy that is ready is left alone, and whoever comes second takes away what
it made. Slow work is done outside of any unit of work.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import structlog

from judging.db.models import EntryFile, FileCopy, FilePicture
from judging.domain.copy_states import CopyState
from judging.errors import JudgingError
from judging.services.files.copies.asking import ask_again
from judging.services.files.copies.scanning import Scanner, ScannerUnreachable
from judging.services.files.sandbox.running import COPYING, ParserStopped, run_parser
from judging.storage import FileMissing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.storage import FileStore, StoredFile

PICTURE_TYPE = "image/webp"
_SCAN_AGAIN = timedelta(minutes=5)
_TRIES = 2

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture that was drawn and stored."""

    stored: StoredFile
    place: int
    small: bool
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A copy with its pictures, all of them stored."""

    stored: StoredFile
    media_type: str
    pictures: tuple[Drawn, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Where all of it lies in the store."""
        return (self.stored.key, *(one.stored.key for one in self.pictures))


def prepare_file(
    database: Database, files: FileStore, *, file_id: str, scanner: Scanner | None, attempt: int, now: datetime
) -> None:
    """Scan the file, make its copy and pictures, and write down what came of it.

    An unreachable scanner holds the file back and puts the work down again. A parser that stops has a second try, for a
    server may be busy; then the file has no copy, which the office is told. Raises what the store raises, and
    ParserStopped on the first try.
    """
    found = _find(database, file_id, scans=scanner is not None)
    if found is None:
        return
    key, media_type = found
    try:
        with files.open(key) as source:
            if word := _scanned(scanner, cast("BinaryIO", source)):
                _close(database, file_id, state=CopyState.INFECTED, scan=word)
                return
            made = _make(files, cast("BinaryIO", source), media_type)
    except ScannerUnreachable as away:
        _log.warning("scanner_unreachable", file=file_id, reason=str(away))
        _hold(database, file_id, now=now)
    except FileMissing:
        _close(database, file_id, state=CopyState.FAILED)
    except ParserStopped:
        if attempt < _TRIES:
            raise
        _close(database, file_id, state=CopyState.FAILED)
    else:
        _keep(database, files, file_id, made, scanned=scanner is not None, now=now)


def make_copy(files: FileStore, source: BinaryIO, media_type: str) -> Made:
    """Make the copy and the pictures of a file and store them; for those who prepare many at once."""
    return _make(files, source, media_type)


def write_copy(row: FileCopy, made: Made, *, now: datetime) -> list[FilePicture]:
    """Write into the row what was made, and return the rows of the pictures."""
    row.state, row.made_at = CopyState.READY.value, now
    row.media_type, row.key = made.media_type, made.stored.key
    row.size, row.sha256 = made.stored.size, made.stored.sha256
    return [
        FilePicture(
            file_id=row.file_id, place=one.place, small=one.small, width=one.width, height=one.height,
            media_type=PICTURE_TYPE, size=one.stored.size, sha256=one.stored.sha256, key=one.stored.key,
        )
        for one in made.pictures
    ]  # fmt: skip


def _find(database: Database, file_id: str, *, scans: bool) -> tuple[str, str] | None:
    """Key and media type of a file that still needs a copy; one that was harmful is only looked at by a scanner."""
    with database.reading() as session:
        file = session.get(EntryFile, file_id)
        if file is None or file.copied is None or file.copied.state == CopyState.READY:
            return None
        if file.copied.state == CopyState.INFECTED and not scans:
            return None
        return file.key, file.media_type


def _scanned(scanner: Scanner | None, source: BinaryIO) -> str:
    if scanner is None:
        return ""
    source.seek(0)
    word = scanner(source)
    source.seek(0)
    return word


def _make(files: FileStore, source: BinaryIO, media_type: str) -> Made:
    stored: list[StoredFile] = []
    with tempfile.TemporaryDirectory(prefix="judging-copy-") as name:
        folder = Path(name)
        told = run_parser("copy", media_type, source, limits=COPYING, folder=folder)
        try:
            with (folder / "copy").open("rb") as copied:
                stored.append(files.put(copied))
            pictures = tuple(_draw(files, folder, one, stored) for one in _places(told))
        except BaseException:
            for one in stored:
                files.delete(one.key)
            raise
    return Made(stored=stored[0], media_type=str(told["media_type"]), pictures=pictures)


def _places(told: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """The pictures with the place of each: pages count from 1, and the small one stands for the first."""
    placed, place = [], 0
    for one in told["pictures"]:
        place += not one["small"]
        placed.append((1 if one["small"] else place, one))
    return placed


def _draw(files: FileStore, folder: Path, placed: tuple[int, Mapping[str, Any]], stored: list[StoredFile]) -> Drawn:
    place, one = placed
    # The name comes out of the process that opened the file: it may lead nowhere but into the folder.
    with (folder / Path(str(one["name"])).name).open("rb") as drawn:
        stored.append(files.put(drawn))
    return Drawn(
        stored=stored[-1], place=place, small=bool(one["small"]), width=int(one["width"]), height=int(one["height"])
    )


def _keep(database: Database, files: FileStore, file_id: str, made: Made, *, scanned: bool, now: datetime) -> None:
    def write(session: Session) -> bool:
        row = session.get(FileCopy, file_id, with_for_update=True)
        if row is None or row.state == CopyState.READY:
            return False
        row.scan = "clean" if scanned else ""
        session.add_all(write_copy(row, made, now=now))
        return True

    try:
        kept = database.run(write)
    except JudgingError:
        _forget(files, made)
        raise
    if not kept:
        _forget(files, made)


def _forget(files: FileStore, made: Made) -> None:
    for key in made.keys:
        files.delete(key)


def _hold(database: Database, file_id: str, *, now: datetime) -> None:
    def write(session: Session) -> None:
        row = session.get(FileCopy, file_id, with_for_update=True)
        if row is not None and row.state != CopyState.READY:
            if row.state != CopyState.INFECTED:
                row.state = CopyState.HELD.value
            ask_again(session, file_id=file_id, now=now, after=_SCAN_AGAIN)

    database.run(write)


def _close(database: Database, file_id: str, *, state: CopyState, scan: str = "") -> None:
    def write(session: Session) -> None:
        row = session.get(FileCopy, file_id, with_for_update=True)
        if row is not None and row.state != CopyState.READY:
            row.state, row.scan = state.value, scan

    database.run(write)
