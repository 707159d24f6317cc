"""What gunicorn reads a collected request from, in place of the socket."""

from __future__ import annotations

import time
from typing import IO, TYPE_CHECKING, Any

from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader
from werkzeug.exceptions import ClientDisconnected, RequestTimeout

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from judging.server.limits import Limits

_PIECE = 64 * 1024
_MOST_AT_ONCE = 1024**2


class Arrived(Unreader):  # type: ignore[misc] # the library has no annotations
    """The bytes of one request that are here, and behind them those of its line when it is to be read on."""

    def __init__(self, head: bytes, body: IO[bytes]) -> None:
        super().__init__()
        self._head, self._body = head, body
        self._line: Line | None = None

    def begin(self, line: Line | None = None) -> None:
        """Read the body from its beginning; with a line, read on from it behind what has been collected."""
        self._body.seek(0)
        self._line = line

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next bytes, none at the end."""
        if self._head:
            head, self._head = self._head, b""
            return head
        size = min(max(size_hint or 0, _PIECE), _MOST_AT_ONCE)
        found = self._body.read(size)
        if not found and self._line is not None:
            return self._line.read(size)
        return found

    @property
    def is_slow(self) -> bool:
        """Whether it ended because its line was too slow."""
        return self._line is not None and self._line.is_slow


class Line:
    """A connection that a thread reads on from, as long as it is quick enough."""

    def __init__(self, sock: socket.socket, limits: Limits) -> None:
        self._sock, self._limits = sock, limits
        self._began = time.monotonic()
        self._size = 0
        self.is_slow = False

    def read(self, size: int) -> bytes:
        """The next bytes, none where it ended, broke or was too slow."""
        taken, patience = time.monotonic() - self._began, self._limits.patience
        if self.is_slow or self._size < (taken - patience) * self._limits.stream_rate:
            self.is_slow = True
            return b""
        self._sock.settimeout(patience)
        try:
            found = self._sock.recv(size)
        except TimeoutError:
            self.is_slow = True
            return b""
        except OSError:
            return b""
        finally:
            # With a time, an answer would have to be read within it as a whole.
            self._sock.settimeout(None)
        self._size += len(found)
        return found


class Unfinished:
    """The body of a request that may end before it is whole. Whoever reads to its end is told: half a form is none.

    `wanted` is its length, None where it comes in chunks. Raises RequestTimeout where its line was too slow, else
    ClientDisconnected, once all that came was given out.
    """

    def __init__(self, body: Any, source: Arrived, *, wanted: int | None) -> None:
        self._body, self._source, self._wanted = body, source, wanted
        self._given = 0

    def read(self, size: int | None = None) -> bytes:
        """The next bytes; without a size, all that are left."""
        return self._checked(self._body.read, size, to_end=size is None or size < 0)

    def readline(self, size: int | None = None) -> bytes:
        """The next line."""
        return self._checked(self._body.readline, size, to_end=False)

    def _checked(self, read: Callable[[int | None], bytes], size: int | None, *, to_end: bool) -> bytes:
        try:
            found = read(size)
        except (OSError, ParseException):
            raise self._reason() from None
        self._given += len(found)
        if self._wanted is not None and self._given < self._wanted and (to_end or (not found and size != 0)):
            raise self._reason()
        return found

    def _reason(self) -> Exception:
        return RequestTimeout() if self._source.is_slow else ClientDisconnected()


class Parser(RequestParser):  # type: ignore[misc] # the library has no annotations
    """Reads a head where it arrives, and gives the request, or what is wrong with it, to the thread that asks."""

    def __init__(self, cfg: Any, sock: socket.socket, address: Any) -> None:
        super().__init__(cfg, sock, address)
        self._made: Any = None

    def prepare(self, source: Arrived) -> Any:
        """Read the head; the request, or None where it cannot be one."""
        self.unreader = source
        try:
            self._made = super().__next__()
        except Exception as error:  # noqa: BLE001 - a strange head must end its own connection, not the server
            self._made = error
            return None
        return self._made

    def __next__(self) -> Any:
        """The request that was prepared. Raises what its head raised."""
        made, self._made = self._made, None
        if isinstance(made, Exception):
            raise made
        return made
