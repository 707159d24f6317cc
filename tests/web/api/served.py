"""The application as a real server on loopback, for what only parallel requests show."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from threading import Barrier
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from judging.settings import Settings

_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call of the interface."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What was answered."""

    status: int
    etag: str
    body: bytes


@contextlib.contextmanager
def served(settings: Settings, log: Path, *, workers: int = 2) -> Iterator[int]:
    """Serve the installation of `settings` by so many processes; yields the port. SQLite is served by one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("JUDGING_")}
    environ["JUDGING_WORKER"] = "0"
    if settings.database_url.startswith("postgres"):
        environ["JUDGING_DATABASE_URL"] = settings.database_url
    else:
        workers = 1
    program = [sys.executable, "-c", "from judging.cli import main; main()", "serve", "--port", str(port)]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*program, "--workers", str(workers), "--data", str(settings.data)],
            env=environ, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait(port, server, log)
        yield port
        server.send_signal(signal.SIGQUIT)
        server.wait(_SECONDS)
    finally:
        server.kill()
        server.wait()


def send_at_once(port: int, requests: Sequence[Request]) -> list[Reply]:
    """Send all requests at the same moment, each over a connection of its own."""
    gate = Barrier(len(requests))

    def send(request: Request) -> Reply:
        body = None if request.body is None else json.dumps(request.body)
        headers = {"Content-Type": "application/json", **request.headers}
        with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=_SECONDS)) as connection:
            connection.connect()
            gate.wait()
            connection.request(request.method, request.path, body=body, headers=headers)
            answer = connection.getresponse()
            return Reply(status=answer.status, etag=answer.headers.get("ETag", ""), body=answer.read())

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=5)) as probe:
            probe.request("GET", "/readyz")
            if probe.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))
