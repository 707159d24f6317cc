"""Clients in a process of their own, each asking at its own moments, whatever became of the others' requests.

`python -m tools.bench.paced` reads what to ask as JSON from standard input and writes what came of it to standard
output. A request that its client could only send late, as the one before was still on its way, counts from its moment.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 120.0
_LOST = 0
"""The status of a request whose line broke."""


class PacedError(Exception):
    """The clients could not do their work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is sent at `at`, in seconds from the beginning, under the name `kind`.

    With `tagged` the tag of the last answer goes along. Where `expects` is a status other than that of the answer,
    this is a fault.
    """

    kind: str
    at: float
    path: str
    expects: tuple[int, ...]
    body: str = ""
    tagged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Somebody who is signed in, or nobody, and what they ask for, one after the other."""

    cookie: str
    asks: Sequence[Ask]


@dataclass(slots=True)
class Told:
    """By kind: seconds from each moment to the answer, and statuses. `faults` are answers that were not expected."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[str, dict[str, int]] = field(default_factory=dict)
    faults: int = 0


def send_paced(port: int, clients: Sequence[Client]) -> Told:
    """Let all clients begin at once. Raises PacedError when their process fails."""
    last = max(ask.at for client in clients for ask in client.asks)
    told = json.dumps({"port": port, "clients": [asdict(client) for client in clients]})
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.paced"],
        cwd=_ROOT, input=told, capture_output=True, text=True, timeout=last + _PATIENCE, check=False,
    )  # fmt: skip
    if done.returncode:
        raise PacedError(done.stderr)
    return Told(**json.loads(done.stdout))


class _Line:
    """One client; each request goes over a line of its own, as a browser's does that was silent for seconds."""

    def __init__(self, port: int, client: dict[str, Any]) -> None:
        self.port = port
        self.cookie: str = client["cookie"]
        self.asks: list[dict[str, Any]] = client["asks"]
        self.tag = ""

    async def run(self, began: float, told: Told, statuses: dict[str, Counter[int]]) -> None:
        for ask in self.asks:
            await asyncio.sleep(max(0.0, began + ask["at"] - time.perf_counter()))
            status = await self._ask(ask)
            told.seconds.setdefault(ask["kind"], []).append(time.perf_counter() - began - ask["at"])
            statuses.setdefault(ask["kind"], Counter())[status] += 1
            told.faults += status not in ask["expects"]

    async def _ask(self, ask: dict[str, Any]) -> int:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write(self._request(ask))
                answer = await asyncio.wait_for(reader.read(), _PATIENCE)
            finally:
                writer.close()
        except (OSError, TimeoutError):
            return _LOST
        head, _, _body = answer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        if ask["tagged"]:
            self.tag = next((one[6:] for one in lines if one.lower().startswith("etag: ")), self.tag)
        return int(lines[0].split(" ", 2)[1]) if lines[0] else _LOST

    def _request(self, ask: dict[str, Any]) -> bytes:
        body: bytes = ask["body"].encode()
        lines = [f"{'POST' if body else 'GET'} {ask['path']} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        if ask["tagged"] and self.tag:
            lines.append(f"If-None-Match: {self.tag}")
        head = "\r\n".join([*lines, "Connection: close", "", ""])
        return head.encode("latin-1") + body


async def _run(port: int, clients: Sequence[dict[str, Any]]) -> Told:
    told, statuses = Told(), dict[str, Counter[int]]()
    began = time.perf_counter()
    await asyncio.gather(*(_Line(port, client).run(began, told, statuses) for client in clients))
    told.statuses = {
        kind: {str(status): times for status, times in sorted(found.items())} for kind, found in statuses.items()
    }
    return told


def main() -> int:
    """Do what standard input says."""
    asked = json.load(sys.stdin)
    json.dump(asdict(asyncio.run(_run(asked["port"], asked["clients"]))), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
