"""What every file store does, and what all of them share."""

from __future__ import annotations

import hashlib
import io
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Protocol

from judging.domain.disk_room import Room
from judging.errors import N_, JudgingError, StorageFull, StoreUnavailable

CHUNK = 256 * 1024
PREFIX = "blobs"
_KEY = re.compile(r"blobs/[0-9a-f]{2}/[0-9a-f]{30}")


class TooLarge(JudgingError):
    """More bytes were handed in than are allowed. Nothing of them was kept."""

    status = 413


class FileMissing(JudgingError):
    """The store holds no file under this key: it was deleted, or the store is damaged."""

    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What the row of a file must remember: the key in the store, SHA-256 in hexadecimal, and the size in bytes."""

    key: str
    sha256: str
    size: int


class FileStore(Protocol):
    """Keeps files under keys that it makes up itself; a stored file never changes.

    Store the file first, then its row; delete the row first, then the file: so no row is ever without its file. Every
    method raises StoreUnavailable when the store is full or out of reach, and FileMissing for a key it does not hold.
    """

    def put(self, source: bytes | IO[bytes], *, limit: int | None = None) -> StoredFile:
        """Store all that `source` still gives and return its key, digest and size.

        When this returns, the bytes survive a power cut. Raises TooLarge beyond `limit` bytes; nothing stays behind.
        """

    def open(self, key: str) -> io.BufferedReader:
        """Return the file, open for reading and seeking; the caller closes it."""

    def stream(self, key: str) -> Iterator[bytes]:
        """Return the file in pieces, from beginning to end. A missing file is said before the first piece."""

    def size(self, key: str) -> int:
        """Return the file's size in bytes."""

    def exists(self, key: str) -> bool:
        """Tell whether there is a file under `key`."""

    def delete(self, key: str) -> None:
        """Delete the file; one that is not there is no error."""

    def keys(self) -> Iterator[str]:
        """Return the keys of all files, in no particular order."""

    def check(self) -> None:
        """Raise StoreUnavailable unless files can be stored now."""

    def room(self) -> Room | None:
        """Return the room on the disk that the files lie on, or None where nothing is known of it. Never raises."""


def new_key() -> str:
    """Return a key that nobody can guess.

    Two uploads of the same bytes never share one, so each can be deleted alone.
    """
    name = secrets.token_hex(16)
    return f"{PREFIX}/{name[:2]}/{name[2:]}"


def check_key(key: str) -> str:
    """Return `key`, or raise FileMissing when it cannot be one of ours: no path leads out of the store."""
    if not _KEY.fullmatch(key):
        raise missing(key)
    return key


def missing(key: str) -> FileMissing:
    """Return the error for a key under which there is nothing."""
    return FileMissing(N_("The file %(key)s is not in the store."), key=key)


def unreachable() -> StoreUnavailable:
    """Return the error that asks to try again later."""
    return StoreUnavailable(N_("Files cannot be stored or read now. Please try again in a moment."))


def full() -> StorageFull:
    """Return the error for a disk without room."""
    return StorageFull(N_("There is no room for more files. Nothing was stored; please tell the administrator."))


class Measured:
    """Hands a source on piece by piece while it counts and digests; holds no more than one piece in memory."""

    def __init__(self, source: bytes | IO[bytes], limit: int | None) -> None:
        self._source: IO[bytes] = io.BytesIO(source) if isinstance(source, bytes) else source
        self._limit = limit
        self._digest = hashlib.sha256()
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._source.read(CHUNK):
            self._size += len(piece)
            if self._limit is not None and self._size > self._limit:
                raise TooLarge(N_("The file is larger than %(limit)s bytes."), limit=self._limit)
            self._digest.update(piece)
            yield piece

    def stored_as(self, key: str) -> StoredFile:
        """Return the account of what has passed so far."""
        return StoredFile(key=key, sha256=self._digest.hexdigest(), size=self._size)


class Pieces(Iterator[bytes]):
    """The rest of `file`, piece by piece. It is closed at the end, and by `close` also when nobody has read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __next__(self) -> bytes:
        piece = b"" if self._file.closed else self._file.read(CHUNK)
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        """Give the file back. A server calls it when it has answered, a request for the headers alone included."""
        self._file.close()

    def __del__(self) -> None:
        # A reader that went away half-way leaves nobody to call close.
        self.close()
