"""Files in a folder of a local disk."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from judging.disk import room_in, sync_folder
from judging.domain.disk_room import Room
from judging.storage.port import (
    PREFIX,
    FileMissing,
    Measured,
    Pieces,
    StoredFile,
    check_key,
    full,
    missing,
    new_key,
    unreachable,
)

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_BROKEN = frozenset({errno.EIO, errno.EROFS, errno.EACCES, errno.ENODEV})


class FolderStore:
    """A FileStore in `folder`: finished files below `blobs`, unfinished ones below `drafts`."""

    def __init__(self, folder: Path, *, ask_room: Callable[[Path], Room | None] = room_in) -> None:
        """`ask_room` says how much room there is where a folder lies."""
        self._folder = folder.absolute()
        self._ask_room = ask_room
        self._drafts = self._folder / "drafts"
        with _translated():
            (self._folder / PREFIX).mkdir(parents=True, exist_ok=True)
            self._drafts.mkdir(exist_ok=True)

    def put(self, source: bytes | IO[bytes], *, limit: int | None = None) -> StoredFile:
        """Write a draft, sync it, rename it to its place, sync the folder: a key always names a whole file."""
        measured = Measured(source, limit)
        key = new_key()
        draft = self._drafts / secrets.token_hex(16)
        with _translated():
            try:
                with draft.open("xb") as writable:
                    for piece in measured:
                        writable.write(piece)
                    writable.flush()
                    os.fsync(writable.fileno())
                target = self._folder / key
                if not target.parent.exists():
                    target.parent.mkdir(exist_ok=True)
                    sync_folder(target.parent.parent)
                draft.rename(target)
                sync_folder(target.parent)
            finally:
                draft.unlink(missing_ok=True)
        return measured.stored_as(key)

    def open(self, key: str) -> io.BufferedReader:
        """Open the file itself."""
        try:
            with _translated():
                return (self._folder / check_key(key)).open("rb")
        except FileNotFoundError as error:
            raise missing(key) from error

    def stream(self, key: str) -> Iterator[bytes]:
        """Read the file as it is asked for."""
        return Pieces(self.open(key))

    def size(self, key: str) -> int:
        """Ask the file system."""
        try:
            return (self._folder / check_key(key)).stat().st_size
        except FileNotFoundError as error:
            raise missing(key) from error

    def exists(self, key: str) -> bool:
        """Ask the file system."""
        with contextlib.suppress(FileMissing):
            return (self._folder / check_key(key)).is_file()
        return False

    def delete(self, key: str) -> None:
        """Remove the file and sync its folder, so that what was erased does not come back after a power cut."""
        with _translated(), contextlib.suppress(FileMissing, FileNotFoundError):
            path = self._folder / check_key(key)
            path.unlink()
            sync_folder(path.parent)

    def keys(self) -> Iterator[str]:
        """Walk the folder."""
        for path in (self._folder / PREFIX).glob("??/*"):
            yield path.relative_to(self._folder).as_posix()

    def check(self) -> None:
        """Write and remove a draft."""
        draft = self._drafts / secrets.token_hex(16)
        with _translated():
            try:
                draft.write_bytes(b"check")
            except FileNotFoundError as error:
                raise unreachable() from error
            finally:
                draft.unlink(missing_ok=True)

    def room(self) -> Room | None:
        """Ask the file system."""
        return self._ask_room(self._folder)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Raise StoreUnavailable for what only an administrator can mend; errors of the source pass."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise full() from error
        if error.errno in _BROKEN:
            raise unreachable() from error
        raise
