"""Doing the work that is due, one piece after another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One attempt at a piece of work. `id` stays the same over all attempts: use it to do a thing only once."""

    id: str
    name: str
    payload: Mapping[str, Any]
    attempt: int


Handler = Callable[[Task], None]


class JobRows(Protocol):
    """Where the rows lie. `attempt` proves that the caller still holds the work."""

    def claim(self, now: datetime) -> tuple[str, str, dict[str, Any], int] | None:
        """Take work that is due: (id, name, payload, attempt); None when there is none."""

    def finish(self, job_id: str, attempt: int, now: datetime) -> bool:
        """Say that it is done; False when the work has gone to another worker."""

    def fail(self, job_id: str, attempt: int, now: datetime, *, error: str) -> bool:
        """Say that it failed; False when the work has gone to another worker."""

    def next_due(self, now: datetime) -> timedelta | None:
        """Return how long until queued work is due; None when none waits."""


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


class JobRunner:
    """Runs handlers by name. A handler that returns has done its work; one that raises is tried again later."""

    def __init__(
        self,
        rows: JobRows,
        handlers: Callable[[], Mapping[str, Handler]],
        *,
        clock: Callable[[], datetime] = utc_now,
        prepare: Callable[[datetime], None] | None = None,
    ) -> None:
        """`handlers` gives what does the work, by name; it is asked once there is some.

        `prepare` puts work down whose time has come, like reminders: it is called before each look at the rows.
        """
        self._prepare = prepare
        self._rows = rows
        self._handlers = handlers
        self._clock = clock
        self._stopping = threading.Event()

    def run_due(self) -> timedelta | None:
        """Do everything that is due; return how long until the next piece is, or None when none waits.

        Errors of handlers end in the row and in the log. Errors of the database are raised.
        """
        if self._prepare is not None and not self._stopping.is_set():
            try:
                self._prepare(self._clock())
            except Exception:  # noqa: BLE001 - it is tried again in a minute; other work must not wait for it
                _log.exception("job_prepare_failed")
        while not self._stopping.is_set() and self.run_next():
            pass
        return self._rows.next_due(self._clock())

    def run_next(self) -> bool:
        """Do the piece that has waited longest; False when nothing is due."""
        claimed = self._rows.claim(self._clock())
        if claimed is None:
            return False
        job_id, name, payload, attempt = claimed
        task = Task(id=job_id, name=name, payload=payload, attempt=attempt)
        error = self._attempt(task)
        if error is None:
            held = self._rows.finish(job_id, attempt, self._clock())
        else:
            held = self._rows.fail(job_id, attempt, self._clock(), error=error)
        if not held:
            _log.warning("job_lease_lost", job=job_id, name=name, attempt=attempt)
        return True

    def stop(self) -> None:
        """Let the piece at hand be finished and begin no other."""
        self._stopping.set()

    def _attempt(self, task: Task) -> str | None:
        handler = self._handlers().get(task.name)
        if handler is None:
            # An older program may have put it down, or a newer one: another worker may know it.
            _log.error("job_unknown", job=task.id, name=task.name)
            return f"No handler is called {task.name}."
        try:
            handler(task)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises belongs in the row
            _log.exception("job_failed", job=task.id, name=task.name, attempt=task.attempt)
            return f"{type(error).__name__}: {error}"
        return None
