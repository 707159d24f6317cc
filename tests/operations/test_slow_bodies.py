"""T23: a hundred bodies that drip, sent to the server as anybody runs it, and the people who use it meanwhile."""

from __future__ import annotations

import selectors
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from tests.demo.made import copy_demo
from tests.operations.live import served

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="gunicorn needs fork; Windows is served by waitress")

SLOW = 100
SECONDS = 60
PAGES = ("/", "/login", "/contests/youth-creativity-2021/", "/contests/youth-creativity-2021/results", "/healthz")
BODY = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 100000\r\n\r\nemail=a"
KINDS = (b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x", b"application/json")


def drip(lines: list[socket.socket]) -> list[bytes]:
    """Send a byte a second on every line until all are answered; the first lines of the answers."""
    said = dict.fromkeys(lines, b"")
    with selectors.DefaultSelector() as waiting:
        for line in lines:
            waiting.register(line, selectors.EVENT_READ, line)
        until = time.monotonic() + SECONDS
        while waiting.get_map() and time.monotonic() < until:
            for key, _ in waiting.select(timeout=1):
                said[key.data] = key.data.recv(4_096)
                waiting.unregister(key.data)
            for key in list(waiting.get_map().values()):
                key.data.send(b"x")
    return [one.partition(b"\r\n")[0] for one in said.values()]


def test_hundred_bodies_that_drip_are_ended_and_nobody_waits_for_them(tmp_path: Path) -> None:
    folder = copy_demo(tmp_path / "demo")
    with served(folder, tmp_path / "log", patience="2", worker="0") as server, ThreadPoolExecutor(1) as pool:
        lines = [socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) for _ in range(SLOW)]
        for number, line in enumerate(lines):
            line.sendall(BODY % KINDS[number % len(KINDS)])
        dripping = pool.submit(drip, lines)
        statuses = []
        while not dripping.done():
            for page in PAGES:
                with urlopen(server.address + page, timeout=SECONDS) as answer:
                    statuses.append(answer.status)
        ended = dripping.result()
        for line in lines:
            line.close()

    assert ended == [b"HTTP/1.1 408 Request Timeout"] * SLOW
    assert len(statuses) >= len(PAGES)
    assert set(statuses) == {200}
