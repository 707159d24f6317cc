"""Connections that are ended politely: closed when the other side has read its answer (RFC 9112, section 9.6).

Closing at once while bytes are still coming would reset the line, and the answer with it. Gunicorn waits for the other
side where it accepts connections, up to two seconds for each; here the poller does.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from typing import Any

_SECONDS = 2.0
_MOST_BYTES = 1024**2
_MOST = 200
_PIECE = 64 * 1024


class Partings:
    """The connections of one worker that are being ended."""

    def __init__(self, worker: Any) -> None:
        self._worker = worker
        self._left: dict[socket.socket, tuple[float, int]] = {}

    def begin(self, sock: socket.socket) -> None:
        """Say that nothing more is sent, and wait for the other side to see it."""
        try:
            sock.setblocking(False)
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            sock.close()
            return
        if len(self._left) >= _MOST:
            self._close(next(iter(self._left)))
        self._left[sock] = (time.monotonic() + _SECONDS, _MOST_BYTES)
        self._worker.poller.register(sock, selectors.EVENT_READ, self._on_bytes)

    def sweep(self, now: float) -> None:
        """Close those who took too long."""
        for sock in [one for one, (until, _) in self._left.items() if until < now]:
            self._close(sock)

    def _on_bytes(self, sock: socket.socket) -> None:
        until, bytes_left = self._left[sock]
        try:
            came = len(sock.recv(_PIECE))
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            came = 0
        if not came or came > bytes_left:
            self._close(sock)
        else:
            self._left[sock] = (until, bytes_left - came)

    def _close(self, sock: socket.socket) -> None:
        del self._left[sock]
        with contextlib.suppress(KeyError, ValueError, OSError):
            self._worker.poller.unregister(sock)
        sock.close()
