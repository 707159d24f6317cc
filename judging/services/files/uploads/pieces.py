"""Bytes on their way: a stretch of what is being sent, and parts read as the one file that they make."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, cast

from judging.domain.tus import DIGESTS, Checksum

if TYPE_CHECKING:
    from judging.storage import FileStore

PIECE = 64 * 1024
MOST_BYTES = 8 * 1024 * 1024
MOST_SECONDS = 5.0
"""A part that was kept is never sent again: so much, or so many seconds of a slow line, a crash may cost at most."""


class Stretch(io.RawIOBase):
    """As much of `source` as one part takes, or all of it when a checksum must hold for the whole.

    The store reads it piece by piece. `taken` says whether anything came at all, `over` that the source has ended.
    """

    def __init__(
        self, source: IO[bytes], *, checksum: Checksum | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._source = source
        self._checksum = checksum
        self._digest = DIGESTS[checksum.algorithm]() if checksum else None
        self._clock = clock
        self._until = clock() + MOST_SECONDS
        self._count = 0
        self._ahead = b""
        self.over = False

    def has_more(self) -> bool:
        """Whether a byte is there; waits for it."""
        self._ahead = self._ahead or self._next()
        return bool(self._ahead)

    def read(self, size: int = -1, /) -> bytes:
        """The next piece, smaller than asked for; nothing where the part ends."""
        del size
        piece, self._ahead = self._ahead, b""
        if not piece and not self._is_enough():
            piece = self._next()
        self._count += len(piece)
        return piece

    def is_whole(self) -> bool:
        """Whether what came digests to what was said."""
        if self._checksum is None or self._digest is None:
            return True
        return bool(self._digest.digest() == self._checksum.digest)

    def _is_enough(self) -> bool:
        if self._checksum is not None:
            return False
        return self._count >= MOST_BYTES or self._clock() >= self._until

    def _next(self) -> bytes:
        piece = b"" if self.over else self._source.read(PIECE)
        self.over = not piece
        if self._digest is not None:
            self._digest.update(piece)
        return piece


class Joined(io.RawIOBase):
    """Parts of the store, read one after another."""

    def __init__(self, files: FileStore, keys: Sequence[str]) -> None:
        super().__init__()
        self._pieces = self._all(files, keys)

    def read(self, size: int = -1, /) -> bytes:
        """The next piece, whatever its size."""
        del size
        return next(self._pieces, b"")

    @staticmethod
    def _all(files: FileStore, keys: Sequence[str]) -> Iterator[bytes]:
        for key in keys:
            yield from files.stream(key)


def as_source(readable: io.RawIOBase) -> IO[bytes]:
    """What a store takes: it calls nothing but `read`."""
    return cast("IO[bytes]", readable)
