"""One request while it arrives: its head until it can be read, then its body, in memory or in a file without a name."""

from __future__ import annotations

import math
import tempfile
from typing import IO, TYPE_CHECKING, Any, cast

from gunicorn.http.body import ChunkedReader

from judging.server.chunks import Chunks
from judging.server.reading import Arrived

if TYPE_CHECKING:
    from judging.server.limits import Limits
    from judging.server.reading import Parser

_HEAD_END = b"\r\n\r\n"
_KEPT_IN_PART = "application/offset+octet-stream"
_NEW = 2.0
"""Seconds in which a connection is too young to be called slow."""


class Intake:
    """What has come of one request. The times are those of one steady clock."""

    def __init__(self, limits: Limits, parser: Parser, *, now: float) -> None:
        self._limits, self._parser = limits, parser
        self._head = bytearray()
        self._chunks: Chunks | None = None
        self.wanted: int | None = 0
        """The length of the body, None where it comes in chunks."""
        self._began = self._last = now
        self.request: Any = None
        kept = tempfile.SpooledTemporaryFile(max_size=limits.in_memory, dir=limits.folder)  # noqa: SIM115 - see close
        self.body = cast("IO[bytes]", kept)
        self.source: Arrived | None = None
        self.size = 0
        """Bytes of the body that are here."""
        self.rest = b""
        """What came behind the request."""
        self.is_whole = False
        """Nothing more of it will come, or it cannot be read at all."""
        self.is_continued = False
        """Its sender waits for a word before the body, and was given it."""

    def take(self, data: bytes, *, now: float) -> None:
        """Keep these bytes. Raises OSError where there is no room for them."""
        self._last = now
        if self.source is not None:
            self._take_body(data)
            return
        searched = max(0, len(self._head) - len(_HEAD_END) + 1)
        self._head += data
        end = self._head.find(_HEAD_END, searched)
        if end < 0:
            return
        end += len(_HEAD_END)
        head, behind = bytes(self._head[:end]), bytes(self._head[end:])
        self._began = now
        self.source = Arrived(head, self.body)
        self.request = self._parser.prepare(self.source)
        self._measure()
        self._take_body(behind)

    def _measure(self) -> None:
        reader = None if self.request is None else self.request.body.reader
        if isinstance(reader, ChunkedReader):
            self._chunks, self.wanted = Chunks(), None
        else:
            self.wanted = 0 if reader is None else reader.length

    def _take_body(self, data: bytes) -> None:
        chunks, left = self._chunks, (self.wanted or 0) - self.size
        mine = min(len(data), left) if chunks is None else chunks.feed(data)
        self.body.write(data[:mine])
        self.size += mine
        self.rest = data[mine:]
        self.is_whole = self.size == self.wanted if chunks is None else chunks.ended

    @property
    def is_empty(self) -> bool:
        """Whether nothing has come at all."""
        return self.source is None and not self._head

    @property
    def is_too_large(self) -> bool:
        """Whether its head is longer than any, or its body said to be longer than what is taken."""
        if self.source is None:
            return len(self._head) > self._limits.head
        return (self.wanted or 0) > self._limits.largest

    @property
    def is_full(self) -> bool:
        """Whether as much of the body is here as is collected."""
        return self.size >= self._limits.window

    @property
    def is_kept_in_part(self) -> bool:
        """Whether a part of it is worth something: bytes of a resumable upload are."""
        return self.size > 0 and ("CONTENT-TYPE", _KEPT_IN_PART) in self.request.headers

    @property
    def on_disk(self) -> int:
        """Bytes of it that lie in a file."""
        return self.size if self.size > self._limits.in_memory else 0

    @property
    def is_waited_for(self) -> bool:
        """Whether its sender waits for a word before sending the body."""
        return (
            self.source is not None
            and not self.is_continued
            and not self.is_whole
            and any(name == "EXPECT" for name, _ in self.request.headers)
        )

    def is_late(self, now: float) -> bool:
        """Whether it comes too slowly."""
        taken, patience = now - self._began, self._limits.patience
        if self.source is None:
            return taken > patience
        return now - self._last > patience or self.size < (taken - patience) * self._limits.rate

    def pace(self, now: float) -> float:
        """Bytes a second so far; without bound for what has hardly begun."""
        taken = now - self._began
        return math.inf if taken < _NEW else (self.size + len(self._head)) / taken

    def close(self) -> None:
        """Give the room back."""
        self.body.close()
