"""Where general limits are counted: in this process, without a thread of its own.

The library's own memory starts a thread for nearly every request, to forget what is over; that costs about as much as
reading the request.
"""

from __future__ import annotations

import time
from threading import Lock

from limits.storage import Storage

_MOST = 10_000


class WindowMemory(Storage):
    """Counts by key until the key's window ends; what is over is forgotten once there are many keys."""

    STORAGE_SCHEME = None  # it is made here and never named in an address

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: float | str | bool) -> None:  # noqa: FBT001, FBT002 - the library's own signature
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._windows: dict[str, tuple[int, float]] = {}
        self._lock = Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """Nothing here fails in a way of its own."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more in the key's window, which lasts `expiry` seconds from its first count."""
        now = time.time()
        with self._lock:
            count, until = self._windows.get(key, (0, 0.0))
            if until <= now:
                if len(self._windows) >= _MOST:
                    self._forget(now)
                count, until = 0, now + expiry
            self._windows[key] = (count + amount, until)
        return count + amount

    def get(self, key: str) -> int:
        """What the key's window has counted."""
        count, until = self._windows.get(key, (0, 0.0))
        return count if until > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When the key's window ends, in seconds since 1970."""
        return max(self._windows.get(key, (0, 0.0))[1], time.time())

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int:
        """Forget everything; answers how many keys there were."""
        with self._lock:
            count = len(self._windows)
            self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget one key."""
        with self._lock:
            self._windows.pop(key, None)

    def _forget(self, now: float) -> None:
        for key in [key for key, (_, until) in self._windows.items() if until <= now]:
            del self._windows[key]
