"""Waking the runner: at once when work was put down, in time for work that waits, and once a minute in any case.

The messages of the engine carry nothing but "look at the rows", so a lost or doubled message does no harm.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from huey import MemoryHuey, PostgresHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from judging.jobs.runner import JobRunner

_NAME = "judging"
_POLL = 0.25
_MINUTE = timedelta(seconds=60)

_log = structlog.get_logger(__name__)


def make_huey(database_url: str, *, secret_key: str) -> Any:
    """Return the engine for a database: in memory beside SQLite, in tables of PostgreSQL where many processes share it.

    `secret_key` signs the messages in PostgreSQL, because reading one means unpickling it. PostgreSQL is connected to.
    """
    if not database_url.startswith("postgres"):
        return MemoryHuey(_NAME, results=False)
    dsn = "postgresql://" + database_url.split("://", 1)[1]
    serializer = SignedSerializer(secret=secret_key, salt="judging.jobs")
    return PostgresHuey(_NAME, dsn=dsn, results=False, serializer=serializer)


class _QuietConsumer(Consumer):  # type: ignore[misc] # the library has no annotations
    """A consumer that lives inside a web server, whose signal handlers it must not replace."""

    def _set_signal_handlers(self) -> None:
        pass


class JobEngine:
    """Runs a JobRunner on threads of this process, or only wakes the worker processes."""

    def __init__(self, open_huey: Callable[[], Any], runner: JobRunner) -> None:
        """`open_huey` is called at the first use, so that a program which runs no jobs needs no engine."""
        self._open_huey = open_huey
        self._runner = runner
        self._lock = threading.Lock()
        self._opened: tuple[Any, Any] | None = None
        self._consumer: Any = None
        self._planned = float("inf")

    def wake(self) -> None:
        """Have a worker look at the rows soon. Never raises: the look of each minute makes up for a lost one."""
        try:
            _, look = self._open()
            look()
        except Exception:  # noqa: BLE001 - the act that put the work down is stored and must not fail for this
            _log.exception("job_engine_unreachable")

    def start(self) -> None:
        """Begin to work on a thread of this process. Call it after a server has forked."""
        huey, _ = self._open()
        self._consumer = _QuietConsumer(huey, workers=1, initial_delay=_POLL, max_delay=_POLL, backoff=1.0)
        self._consumer.start()
        self.wake()

    def stop(self) -> None:
        """Finish the piece at hand, then end the threads that `start` began."""
        self._runner.stop()
        if self._consumer is not None:
            self._consumer.stop(graceful=True)
            self._consumer = None
        self.close()

    def close(self) -> None:
        """Close the engine's connections; the next use opens new ones."""
        with self._lock:
            if self._opened is not None:
                self._opened[0].storage.close()

    def run(self, *, workers: int = 1) -> None:
        """Work in the foreground until the process is told to end by SIGINT or SIGTERM."""
        huey, _ = self._open()
        self.wake()
        Consumer(huey, workers=workers, initial_delay=_POLL, max_delay=_POLL, backoff=1.0).run()

    def _open(self) -> tuple[Any, Any]:
        with self._lock:
            if self._opened is None:
                huey = self._open_huey()
                # On PostgreSQL each thread that listens has a connection of its own.
                huey.on_shutdown(name="close")(huey.storage.close)
                look = huey.task(name="look")(self._look)
                huey.periodic_task(crontab(minute="*"), name="look_each_minute")(self._look)
                self._opened = (huey, look)
            return self._opened

    def _look(self) -> None:
        try:
            pause = self._runner.run_due()
        except Exception:  # noqa: BLE001 - the database is away; its rows are still there in a minute
            _log.exception("job_look_failed")
            return
        if pause is not None and pause < _MINUTE:
            self._plan(max(pause.total_seconds(), _POLL))

    def _plan(self, seconds: float) -> None:
        """Look again in so many seconds, unless a look is planned for then already."""
        moment = time.monotonic()
        if moment < self._planned <= moment + seconds + _POLL:
            return
        self._planned = moment + seconds
        _, look = self._open()
        look.schedule(delay=seconds)
