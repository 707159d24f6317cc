"""The server with an application that tells what it was sent. A process of its own: `python -m tests.server.echo PORT`.

Further arguments are limits, `patience=1 window=50000`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.app.base import BaseApplication
from werkzeug.exceptions import HTTPException

from judging.server.limits import Limits
from judging.server.worker import collecting_worker

THREADS = 3
LARGE = 40_000_000


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Read the body and say how long it was; `/large` answers with very much."""
    if environ["PATH_INFO"] == "/large":
        start_response("200 OK", [("Content-Length", str(LARGE))])
        return (b"x" * 1_000_000 for _ in range(LARGE // 1_000_000))
    status, body, told = "200 OK", b"", ""
    try:
        while piece := environ["wsgi.input"].read(10_000):
            body += piece
    except HTTPException as error:
        status, told = f"{error.code} {error.name}", type(error).__name__
    said = {"path": environ["PATH_INFO"], "size": len(body), "sha256": hashlib.sha256(body).hexdigest(), "error": told}
    answer = json.dumps(said).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]


class Echo(BaseApplication):  # type: ignore[misc] # the library has no annotations
    """The server as `judging serve` has it, with other limits and fewer threads."""

    def __init__(self, port: int, limits: Limits) -> None:
        self._port, self._limits = port, limits
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"127.0.0.1:{self._port}", "worker_class": collecting_worker(self._limits), "threads": THREADS,
            "control_socket_disable": True, "loglevel": "warning", "sendfile": False,
        }.items():  # fmt: skip
            self.cfg.set(name, value)

    def load(self) -> Any:
        return application


if __name__ == "__main__":
    named = {name: float(value) for name, _, value in (one.partition("=") for one in sys.argv[2:])}
    whole = {name: value if name == "patience" else int(value) for name, value in named.items()}
    Echo(int(sys.argv[1]), Limits(**whole)).run()  # type: ignore[arg-type]  # names and kinds are the tests' own
