"""Can the program take requests: do the database, its tables and the file store answer, and soon enough?"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from sqlalchemy import text

from judging.migrations import require_newest
from judging.services.score_log.guard import require_logs
from judging.services.upkeep.disk_guard import tell_room

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from judging.services.platform import Platform

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that all checks together may take; what has not answered by then does not work."""
KEPT = 1.0
"""Seconds for which an answer is given again, so that nobody can keep the program busy by asking."""


class Readiness:
    """Asks the database, its tables and the file store, each on a thread of its own.

    A check that hangs holds up no request: it counts as failed, and is not asked again before it has answered.
    """

    def __init__(self, platform: Platform, *, patience: float = PATIENCE, kept: float = KEPT) -> None:
        self._checks = {
            "database": _Check("database", lambda: _ask(platform)),
            "migrations": _Check("migrations", lambda: require_newest(platform.database.engine)),
            "storage": _Check("storage", platform.files.check),
            "score_log": _Check("score_log", lambda: _ask_logs(platform)),
        }
        self._platform = platform
        self._patience = patience
        self._kept = kept
        self._lock = threading.Lock()
        self._answers: Mapping[str, bool] = {}
        self._room: Mapping[str, bool] = {}
        self._until = 0.0

    def look(self) -> Mapping[str, bool]:
        """Say of each check whether it works. Why one does not is in the log: strangers may read this answer."""
        with self._lock:
            if time.monotonic() >= self._until:
                deadline = time.monotonic() + self._patience
                for check in self._checks.values():
                    check.begin()
                self._answers = {name: check.works_by(deadline) for name, check in self._checks.items()}
                # A disk that does not answer must not be asked here, where nobody would wait for it in vain.
                self._room = tell_room(self._platform) if all(self._answers.values()) else {}
                self._until = time.monotonic() + self._kept
            return self._answers

    def room(self) -> Mapping[str, bool]:
        """Say for what there was room when it was last looked; nothing when something did not work.

        A program without room is ready all the same: it reads.
        """
        return self._room


class _Check:
    """One question and its last answer."""

    def __init__(self, name: str, ask: Callable[[], object]) -> None:
        self._name = name
        self._ask = ask
        self._thread: threading.Thread | None = None
        self._works = False

    def begin(self) -> None:
        """Ask, unless the last question is still open."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._works = False
        self._thread = threading.Thread(target=self._answer, name=f"ready-{self._name}", daemon=True)
        self._thread.start()

    def works_by(self, deadline: float) -> bool:
        """Wait for the answer until then. False also when there is none."""
        assert self._thread is not None, "not asked"  # noqa: S101 - begin comes first
        self._thread.join(max(0.0, deadline - time.monotonic()))
        if self._thread.is_alive():
            log.warning("not ready: %s has not answered in time", self._name)
            return False
        return self._works

    def _answer(self) -> None:
        try:
            self._ask()
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the answer is no
            log.warning("not ready: %s: %s", self._name, error)
        else:
            self._works = True


def _ask_logs(platform: Platform) -> None:
    with platform.database.reading() as session:
        require_logs(session)


def _ask(platform: Platform) -> None:
    with platform.database.reading() as session:
        session.execute(text("SELECT 1"))
