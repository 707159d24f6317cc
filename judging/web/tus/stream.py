"""The body of a request as a source that only ends: also where the line breaks off or falls silent."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, cast

from flask import request
from werkzeug.exceptions import ClientDisconnected

from judging.errors import N_, StoreUnavailable

if TYPE_CHECKING:
    import socket

log = logging.getLogger(__name__)

_MOST_SILENCE = 15.0
"""Seconds after which a line on which nothing comes counts as broken."""
_MOST_AT_ONCE = 6
"""How many bodies a process receives at once, so that threads are left for everything else."""
_SOCKET = "gunicorn.socket"

_places = threading.BoundedSemaphore(_MOST_AT_ONCE)


class BodyStream(io.RawIOBase):
    """Reads the body of this request. A line that breaks is an end: what came before it counts."""

    def __init__(self) -> None:
        super().__init__()
        self._stream = request.stream

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, none at the end."""
        try:
            return self._stream.read(size)
        except (ClientDisconnected, OSError):
            log.info("an upload was cut off")
            return b""


@contextmanager
def open_body() -> Iterator[IO[bytes]]:
    """The body of this request. Raises StoreUnavailable where as many are being received as there may be."""
    if not _places.acquire(blocking=False):
        raise StoreUnavailable(N_("Many files are arriving just now. Try again in a moment; nothing is lost."))
    line: socket.socket | Any = request.environ.get(_SOCKET)
    try:
        if line is not None:
            line.settimeout(_MOST_SILENCE)
        yield cast("IO[bytes]", BodyStream())
    finally:
        if line is not None:
            line.settimeout(None)
        _places.release()
