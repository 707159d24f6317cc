"""The web server as a process: it answers, does background work, and ends when it is told to."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.skipif(sys.platform == "win32", reason="gunicorn needs fork; Windows is served by waitress")
def test_serve_answers_and_ends_on_sigterm(demo_copy: Path, tmp_path: Path) -> None:
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("JUDGING_")}
    command = [sys.executable, "-c", "from judging.cli import main; main()", "serve", "--port", str(port)]
    log = tmp_path / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--data", str(demo_copy)], env=environ, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        until = time.monotonic() + SECONDS
        status = 0
        while not status and time.monotonic() < until:
            with contextlib.suppress(OSError), urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                status = answer.status
            time.sleep(0.1)
        assert status == 200, log.read_text("utf-8")
        server.send_signal(signal.SIGTERM)
        assert server.wait(SECONDS) == 0, log.read_text("utf-8")
    finally:
        server.kill()
        server.wait()
