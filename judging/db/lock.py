"""The lock that lets one writer at a time into a SQLite file, across threads and processes."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from judging.errors import N_, StoreUnavailable

_FIRST_PAUSE = 0.001
_LONGEST_PAUSE = 0.02


class WriteLock:
    """Held while one unit of work writes.

    SQLite itself lets writers collide and retry: 16 of them wrote a sixth of what they write in a queue. Readers never
    need it. Writing inside writing on one thread is a mistake and raises RuntimeError instead of hanging.
    """

    def __init__(self, path: Path, *, patience: float = 10.0) -> None:
        """`path` is the lock file, made when missing; `patience` is how many seconds a writer waits."""
        self._path = path
        self._patience = patience
        self._owner: int | None = None
        self._mutex = threading.Lock()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the lock and hold it. Raises StoreUnavailable when patience runs out."""
        if self._owner == threading.get_ident():
            raise RuntimeError(
                "This thread is writing already; hand its session on instead of beginning a second write."
            )
        deadline = time.monotonic() + self._patience
        if not self._mutex.acquire(timeout=self._patience):
            raise _busy()
        try:
            self._owner = threading.get_ident()
            # Opened anew each time: a descriptor kept open would be shared with forked children, and the lock with it.
            with self._path.open("ab") as file:
                _wait_for(file, deadline)
                yield
        finally:
            self._owner = None
            self._mutex.release()

    def reset_after_fork(self) -> None:
        """Forget a lock that another thread of the parent process held at the moment of the fork."""
        self._owner = None
        self._mutex = threading.Lock()


def _wait_for(file: IO[bytes], deadline: float) -> None:
    pause = _FIRST_PAUSE
    while not _try_lock(file):
        if time.monotonic() >= deadline:
            raise _busy()
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _busy() -> StoreUnavailable:
    return StoreUnavailable(N_("The database is busy. Nothing was stored; please try again in a moment."))


# Closing the file releases either kind of lock, also when the process is killed.
if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
