"""Many files one after the other, each opened in a process of its own that need not load its parsers first."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, BinaryIO, Protocol

from judging.services.files.sandbox.forking import STATUS
from judging.services.files.sandbox.running import (
    Limits,
    ParserStopped,
    as_file,
    bare_environment,
    read_answer,
    run_parser,
)

_PROGRAM = "judging.services.files.sandbox.forking"
_PIECE = 64 * 1024
CAN_FORK = sys.platform == "linux"
"""Elsewhere libraries that are loaded already may not survive a fork."""


class RunParser(Protocol):
    """What `run_parser` is, for a parser that writes nothing and has no choices."""

    def __call__(self, act: str, media_type: str, source: BinaryIO, *, limits: Limits) -> Mapping[str, Any]:
        """Have a file looked into; returns what the parser says. Raises ParserStopped."""


@contextlib.contextmanager
def many_parsers() -> Iterator[RunParser]:
    """Yield what does the same as `run_parser`, for one thread and many files. Nothing is started before the first."""
    if not CAN_FORK:
        yield run_parser
        return
    loaded = _Loaded()
    try:
        yield loaded.run
    finally:
        loaded.end()


class _Loaded:
    """The process that forks; started when it is needed, and anew when a file was too much for its time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def run(self, act: str, media_type: str, source: BinaryIO, *, limits: Limits) -> Mapping[str, Any]:
        order = json.dumps({"act": act, "media_type": media_type, "limits": asdict(limits), "options": {}})
        try:
            with as_file(source) as file:
                status, said, word = self._have_done(order, file.fileno(), until=time.monotonic() + limits.seconds)
        except TimeoutError as late:
            self.end()
            raise ParserStopped(f"still at work after {limits.seconds} s", out_of_bounds=True) from late
        except OSError as error:
            self.end()
            raise ParserStopped(f"not started: {error}", out_of_bounds=False) from error
        return read_answer(status, said, word, act=act, media_type=media_type)

    def end(self) -> None:
        """Stop the process and all that it has forked."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = self._line = None

    def _have_done(self, order: str, file: int, *, until: float) -> tuple[int, bytes, bytes]:
        line = self._open_line()
        said, answer = os.pipe()
        word, complaint = os.pipe()
        with os.fdopen(said, "rb") as said_file, os.fdopen(word, "rb") as word_file:
            try:
                socket.send_fds(line, [order.encode()], [file, answer, complaint])
            finally:
                os.close(answer)
                os.close(complaint)
            told = _read_all([said_file.fileno(), word_file.fileno()], until)
        line.settimeout(max(0.001, until - time.monotonic()))
        status = line.recv(STATUS.size)
        if not status:
            raise ConnectionResetError("the process that forks has ended")
        return STATUS.unpack(status)[0], told[0], told[1]

    def _open_line(self) -> socket.socket:
        if self._line is None:
            self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - our own module, by this interpreter
                    [sys.executable, "-I", "-m", _PROGRAM],
                    stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=bare_environment(),
                    cwd=tempfile.gettempdir(), start_new_session=True,
                )  # fmt: skip
        return self._line


def _read_all(pipes: Sequence[int], until: float) -> list[bytes]:
    """All that comes out of the pipes until they are closed. Raises TimeoutError."""
    found = {pipe: bytearray() for pipe in pipes}
    with selectors.DefaultSelector() as waiting:
        for pipe in pipes:
            waiting.register(pipe, selectors.EVENT_READ)
        while waiting.get_map():
            ready = waiting.select(max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                piece = os.read(key.fd, _PIECE)
                found[key.fd] += piece
                if not piece:
                    waiting.unregister(key.fd)
    return [bytes(found[pipe]) for pipe in pipes]
