"""Files in an object store: an S3-compatible bucket, or memory."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError, NotFoundError

from judging.domain.disk_room import Room
from judging.storage.port import (
    CHUNK,
    PREFIX,
    FileMissing,
    Measured,
    StoredFile,
    check_key,
    missing,
    new_key,
    unreachable,
)

if TYPE_CHECKING:
    from obstore import ReadableFile
    from obstore.store import ObjectStore as Bucket

# Smaller files wait in memory, larger ones on disk, until all of it is read, counted and within the limit.
_IN_MEMORY = 8 * 1024 * 1024


class ObjectFileStore:
    """A FileStore in any store that obstore speaks to. An object appears whole or not at all."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def put(self, source: bytes | IO[bytes], *, limit: int | None = None) -> StoredFile:
        """Collect the source first, so that a broken or too large upload never reaches the bucket."""
        measured = Measured(source, limit)
        key = new_key()
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as draft:
            for piece in measured:
                draft.write(piece)
            draft.seek(0)
            with _translated():
                obstore.put(self._bucket, key, draft)
        return measured.stored_as(key)

    def open(self, key: str) -> io.BufferedReader:
        """Fetch ranges as they are read."""
        with _translated(key):
            return io.BufferedReader(_Reader(obstore.open_reader(self._bucket, check_key(key)), key), CHUNK)

    def stream(self, key: str) -> Iterator[bytes]:
        """Fetch the object in one request."""
        with _translated(key):
            answer = obstore.get(self._bucket, check_key(key))
        return self._pieces(answer, key)

    def size(self, key: str) -> int:
        """Ask for the object's head."""
        with _translated(key):
            return obstore.head(self._bucket, check_key(key))["size"]

    def exists(self, key: str) -> bool:
        """Ask for the object's head."""
        try:
            with _translated(key):
                obstore.head(self._bucket, check_key(key))
        except FileMissing:
            return False
        return True

    def delete(self, key: str) -> None:
        """Delete the object."""
        with contextlib.suppress(FileMissing), _translated(key):
            obstore.delete(self._bucket, check_key(key))

    def keys(self) -> Iterator[str]:
        """List the bucket, a thousand objects at a time."""
        with _translated():
            for batch in obstore.list(self._bucket, prefix=PREFIX, chunk_size=1000):
                yield from (meta["path"] for meta in batch)

    def check(self) -> None:
        """Store an object and delete it."""
        self.delete(self.put(b"check").key)

    def room(self) -> Room | None:
        """Nobody can ask a bucket."""
        return None

    @staticmethod
    def _pieces(answer: obstore.GetResult, key: str) -> Iterator[bytes]:
        with _translated(key):
            for piece in answer.stream(min_chunk_size=CHUNK):
                yield bytes(piece)


class _Reader(io.RawIOBase):
    """Lets the standard library's buffered reader read from a bucket."""

    def __init__(self, file: ReadableFile, key: str) -> None:
        super().__init__()
        self._file = file
        self._key = key

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override] # typeshed names the private WriteableBuffer
        with _translated(self._key):
            piece = self._file.read(len(buffer))
        buffer[: len(piece)] = bytes(piece)
        return len(piece)


@contextlib.contextmanager
def _translated(key: str | None = None) -> Iterator[None]:
    """Raise the store's own errors in place of the library's; without a `key`, what is missing is the bucket."""
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise unreachable() if key is None else missing(key) from error
    except (BaseError, OSError) as error:
        raise unreachable() from error
