"""The body of a request as a source that only ends: also where the line breaks off or falls silent."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from flask import request
from werkzeug.exceptions import ClientDisconnected, RequestTimeout

from judging.errors import N_, StoreUnavailable

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 6
"""How many bodies a process receives at once, so that threads are left for everything else."""

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
        except (ClientDisconnected, RequestTimeout, OSError):
            log.info("an upload was cut off")
            return b""


@contextmanager
def open_body() -> Iterator[IO[bytes]]:
    """The body of this request. Raises StoreUnavailable where as many are being received as there may be."""
    if not _places.acquire(blocking=False):
        raise StoreUnavailable(N_("Many files are arriving just now. Try again in a moment; nothing is lost."))
    try:
        yield cast("IO[bytes]", BodyStream())
    finally:
        _places.release()
