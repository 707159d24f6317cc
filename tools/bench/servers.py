"""Web servers in processes of their own on the loopback interface: the product by `judging serve`, and its peer."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from judging.services.platform import Platform

_PATIENCE = 60.0
_MANY = "1000000"
_ROOT = Path(__file__).resolve().parents[2]

PRODUCT: tuple[str, ...] = ("judging.cli", "serve")
BARE: tuple[str, ...] = ("tools.bench.bare",)


class ServerError(Exception):
    """A server did not come up; the message holds what it wrote."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. Its processes are those of gunicorn: a master and one worker."""

    port: int
    process: subprocess.Popen[bytes]

    def seconds_used(self) -> float | None:
        """Processor seconds of all its processes so far; None where the system has no /proc."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        try:
            pids = [self.process.pid, *map(int, children.read_text("ascii").split())]
            return sum(_ticks(pid) for pid in pids) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError):
            return None


@contextlib.contextmanager
def serving(platform: Platform, command: Sequence[str]) -> Iterator[Server]:
    """Serve the installation of `platform` by `python -m command`. Raises ServerError when nothing answers."""
    port = _free_port()
    data = platform.settings.data
    log = data / f"{command[0]}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--data", str(data), "--port", str(port)],
            cwd=_ROOT, env=_environment(platform), stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait_for(port, process, log)
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(platform: Platform) -> dict[str, str]:
    """This process's own, without its settings. All clients share one address: its limit must not stop them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUDGING_")}
    return {
        **kept,
        "JUDGING_DATABASE_URL": platform.settings.database_url,
        "JUDGING_LIMIT_ACCOUNT": _MANY,
        "JUDGING_LIMIT_ADDRESS": _MANY,
        "JUDGING_MAIL_URL": "memory://",
        "JUDGING_WORKER": "0",
    }


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise ServerError(log.read_text("utf-8", errors="replace"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _ticks(pid: int) -> int:
    # proc(5): the name may hold blanks, so counting begins behind its bracket; user and system time are 14 and 15.
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
