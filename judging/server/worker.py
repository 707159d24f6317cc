"""Gunicorn's threaded worker, which gives a thread only to requests that are here (ADR 0016).

Everything but the handling of a request happens in one thread, that of the poller; nothing here waits there.
"""

from __future__ import annotations

import errno
import logging
import resource
import selectors
import socket
import struct
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

from judging.server.intake import Intake
from judging.server.limits import Limits
from judging.server.partings import Partings
from judging.server.reading import Line, Parser, Unfinished
from judging.server.refusals import BUSY, GO_ON, HEAD_TOO_LARGE, TOO_SLOW

if TYPE_CHECKING:
    from concurrent.futures import Future

log = logging.getLogger(__name__)

_PIECE = 1024**2
_SWEEP = 0.5
_MOST_FILES = 4_096
_NO_MORE = (errno.EMFILE, errno.ENFILE)
_NOT_OURS = (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK)


def collecting_worker(limits: Limits) -> type[CollectingWorker]:
    """The worker's class with these limits, as gunicorn wants it."""
    return type("Worker", (CollectingWorker,), {"limits": limits})


class Connection(TConn):  # type: ignore[misc] # the library has no annotations
    """A client's connection, with the request that arrives or is being answered."""

    intake: Intake
    partings: Partings
    is_watched = False

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's own signature
        """End it; `graceful`, once what was sent has reached the other side. Never waits."""
        if graceful:
            self.partings.begin(self.sock)
        else:
            util.close(self.sock)


class CollectingWorker(ThreadWorker):  # type: ignore[misc] # the library has no annotations
    """A request waits for its bytes in the poller, and for an answer in a thread."""

    limits = Limits()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._buffer = bytearray(_PIECE)
        self._arriving: dict[Connection, None] = {}
        self._waiting: deque[tuple[float, Connection]] = deque()
        self._streaming: set[Connection] = set()
        self._partings = Partings(self)
        self._swept = 0.0
        self._stop_at: float | None = None
        self._on_disk = 0

    def init_process(self) -> None:
        """Begin, with as many open files as the system lets us have: connections, and bodies that arrive."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
        if soft != resource.RLIM_INFINITY and soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        super().init_process()

    # --- Connections that begin, and requests that follow others

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _NO_MORE:
                self._make_room()
            elif error.errno not in _NOT_OURS:
                raise
            return
        self.nr_conns += 1
        # Of a send that gets nowhere, whatever its size; a timeout of Python's would be for all of an answer.
        unread = struct.pack("@ll", int(self.limits.unread), 0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, unread)
        connection = Connection(self.cfg, client, address, listener.getsockname())
        connection.partings = self._partings
        connection.parser = Parser(self.cfg, client, address)
        self._begin(connection)

    def on_client_socket_readable(self, connection: Connection, client: socket.socket) -> None:
        """Take the next request of a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(connection)
        self._begin(connection)

    def _begin(self, connection: Connection, first: bytes = b"") -> None:
        now = time.monotonic()
        if len(self._arriving) >= self.limits.arriving:
            self._make_room()
        connection.sock.setblocking(False)
        connection.intake = Intake(self.limits, connection.parser, now=now)
        self._arriving[connection] = None
        if first:
            self._take(connection, first)
        else:
            self._on_bytes(connection)
        if connection in self._arriving:
            connection.is_watched = True
            self.poller.register(connection.sock, selectors.EVENT_READ, partial(self._on_bytes, connection))

    def _make_room(self) -> None:
        """End the slowest that arrives. At once: where there are no more open files, none may linger."""
        now = time.monotonic()
        if slowest := min(self._arriving, key=lambda one: one.intake.pace(now), default=None):
            self._send(slowest, TOO_SLOW)
            self._drop(slowest)

    # --- Bytes that come

    def _on_bytes(self, connection: Connection, _socket: object = None) -> None:
        try:
            size = connection.sock.recv_into(self._buffer)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            size = 0
        if size:
            self._take(connection, bytes(memoryview(self._buffer)[:size]))
        elif connection.intake.is_kept_in_part:
            self._hand_over(connection)
        else:
            self._drop(connection)

    def _take(self, connection: Connection, data: bytes) -> None:
        intake = connection.intake
        before = intake.on_disk
        try:
            intake.take(data, now=time.monotonic())
        except OSError:
            log.exception("a request was refused, since there is no room for it while it arrives")
            self._refuse(connection, BUSY)
            return
        self._on_disk += intake.on_disk - before
        if intake.is_whole:
            self._hand_over(connection)
        elif intake.is_too_large:
            self._refuse_or_show(connection)
        elif intake.is_full:
            self._await_thread(connection)
        elif self._on_disk > self.limits.on_disk:
            self._refuse(connection, BUSY)
        elif intake.is_waited_for:
            intake.is_continued = True
            self._send(connection, GO_ON)

    def _refuse_or_show(self, connection: Connection) -> None:
        """Of a body that is too long the application says so itself, unread."""
        if connection.intake.source is None:
            self._refuse(connection, HEAD_TOO_LARGE)
        else:
            self._hand_over(connection)

    # --- Ways out of the poller

    def _leave(self, connection: Connection) -> None:
        self._arriving.pop(connection, None)
        if connection.is_watched:
            connection.is_watched = False
            self.poller.unregister(connection.sock)

    def _hand_over(self, connection: Connection, line: Line | None = None) -> None:
        self._leave(connection)
        if connection.intake.source is not None:
            connection.intake.source.begin(line)
        connection.data_ready = True
        self.enqueue_req(connection)

    def _await_thread(self, connection: Connection) -> None:
        self._leave(connection)
        self._waiting.append((time.monotonic() + self.limits.wait, connection))
        self._stream()

    def _stream(self) -> None:
        while self._waiting and len(self._streaming) < self.limits.streams:
            _, connection = self._waiting.popleft()
            self._streaming.add(connection)
            self._hand_over(connection, Line(connection.sock, self.limits))

    def _refuse(self, connection: Connection, answer: bytes) -> None:
        self._send(connection, answer)
        self._drop(connection, graceful=True)

    def _drop(self, connection: Connection, *, graceful: bool = False) -> None:
        self._leave(connection)
        self._forget(connection)
        self.nr_conns -= 1
        connection.close(graceful=graceful)

    def _forget(self, connection: Connection) -> None:
        self._on_disk -= connection.intake.on_disk
        connection.intake.close()

    def _send(self, connection: Connection, said: bytes) -> None:
        try:
            connection.sock.send(said)
        except OSError:
            log.debug("a sender did not hear its answer")

    # --- Time

    def murder_pending(self) -> None:
        """End what comes too slowly. The poller calls this at least once a second."""
        super().murder_pending()
        now = time.monotonic()
        if now - self._swept < _SWEEP:
            return
        self._swept = now
        self._partings.sweep(now)
        is_stopping = self._stop_at is not None and now >= self._stop_at
        late = [one for one in self._arriving if is_stopping or one.intake.is_late(now)]
        while self._waiting and (is_stopping or self._waiting[0][0] < now):
            late.append(self._waiting.popleft()[1])
        for connection in late:
            self._end(connection, BUSY if is_stopping or connection.intake.is_full else TOO_SLOW)
        if late and not is_stopping:
            log.info("%s requests were ended that came too slowly", len(late))

    def _end(self, connection: Connection, answer: bytes) -> None:
        if connection.intake.is_kept_in_part:
            self._hand_over(connection)
        elif connection.intake.is_empty:
            self._drop(connection)
        else:
            self._refuse(connection, answer)

    def _cap_keepalive(self, deadline: float) -> None:
        """The worker stops: what still arrives has until then too."""
        self._stop_at = deadline
        super()._cap_keepalive(deadline)

    # --- In a thread, and back from it

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Answer a request that is here, or may be read on."""
        intake = conn.intake
        if intake.is_continued:
            req._expected_100_continue = False  # noqa: SLF001 - it would be told to go on for a second time
        if not intake.is_whole and intake.source is not None:
            req.body = Unfinished(req.body, intake.source, wanted=intake.wanted)
            req.force_close()
        try:
            return super().handle_request(req, conn)
        except BlockingIOError:
            log.info("an answer was broken off, since its reader took nothing of it")
            raise StopIteration from None

    def _keepalive_after(self, conn: Connection, keepalive: Any) -> bool:
        # The rest of an unfinished body is never waited for.
        return conn.intake.is_whole and bool(super()._keepalive_after(conn, keepalive))

    def finish_request(self, conn: Connection, fs: Future[Any]) -> None:
        """Go on with what a thread has answered."""
        rest = conn.intake.rest
        self._forget(conn)
        self._streaming.discard(conn)
        self._stream()
        if rest and not fs.cancelled() and fs.exception() is None and fs.result():
            self._begin(conn, rest)
        else:
            super().finish_request(conn, fs)
