"""Clients in a process of their own, each sending its requests one after the other over one connection.

`python -m tools.bench.load` reads what to send as JSON from standard input and writes what came of it to standard
output. Clients do not pause between requests: `clients` requests are always on their way.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

_ROOT = Path(__file__).resolve().parents[2]
_LONGEST = 120


class LoadError(Exception):
    """The clients could not do their work, or were answered otherwise than they expect."""


class Post(NamedTuple):
    """A form to send: where to, the sender's cookie, the encoded body."""

    path: str
    cookie: str
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a load: seconds from the first request to the last answer, and how long each answer took."""

    seconds: float
    latencies: tuple[float, ...]


def send(port: int, clients: Sequence[Sequence[Post]], *, expected: int) -> Outcome:
    """Let each client send its forms at once. Raises LoadError unless every answer has the expected status."""
    told = json.dumps({"port": port, "clients": clients})
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.load"],
        cwd=_ROOT, input=told, capture_output=True, text=True, timeout=_LONGEST, check=False,
    )  # fmt: skip
    if done.returncode:
        raise LoadError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    if set(found["statuses"]) != {str(expected)}:
        raise LoadError(f"expected {expected} from every request, got {found['statuses']}")
    return Outcome(found["seconds"], tuple(found["latencies"]))


class _Client:
    """One connection that is kept open, and opened anew where the server closed it."""

    def __init__(self, port: int, posts: Sequence[Sequence[str]]) -> None:
        self.port = port
        self.requests = [_request(port, Post(*post)) for post in posts]
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def run(self) -> None:
        for request in self.requests:
            began = time.perf_counter()
            self.statuses[await self._ask(request)] += 1
            self.latencies.append(time.perf_counter() - began)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        return self._streams

    async def _ask(self, request: bytes) -> int:
        reader, writer = await self.connect()
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = head.partition("content-length:")[2].partition("\r\n")[0]
        await reader.readexactly(int(length or 0))
        if "connection: close" in head:
            self.close()
        return int(head.split(" ", 2)[1])

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def _request(port: int, post: Post) -> bytes:
    body = post.body.encode()
    lines = [
        f"POST {post.path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Cookie: {post.cookie}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode("latin-1") + body


async def _run(port: int, clients: Sequence[Sequence[Sequence[str]]]) -> dict[str, object]:
    made = [_Client(port, posts) for posts in clients]
    await asyncio.gather(*(client.connect() for client in made))
    began = time.perf_counter()
    await asyncio.gather(*(client.run() for client in made))
    seconds = time.perf_counter() - began
    for client in made:
        client.close()
    statuses = sum((client.statuses for client in made), Counter[int]())
    return {
        "seconds": seconds,
        "statuses": statuses,
        "latencies": [one for client in made for one in client.latencies],
    }


def main() -> int:
    """Do what standard input says."""
    asked = json.load(sys.stdin)
    json.dump(asyncio.run(_run(asked["port"], asked["clients"])), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
