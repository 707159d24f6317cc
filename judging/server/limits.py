"""How long a request may take to arrive, and how much of it is kept meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

_MEBIBYTE = 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one process of the server bears. Sizes are bytes, times seconds, rates bytes a second.

    `patience`: a request's head must be here within it; of a body something must come within it, and once it is over
    the body must have come at `rate` since. `largest`: a body said to be longer is refused unread. `folder`: where
    bodies lie while they arrive; the system's own folder for such files when None.
    """

    patience: float = 30.0
    rate: int = 1_000
    largest: int = 200 * _MEBIBYTE
    folder: str | None = None

    head: int = 64 * 1024
    in_memory: int = 64 * 1024
    """Of one body; what is longer lies in a file without a name."""
    window: int = 8 * _MEBIBYTE
    """Of one body that is collected; what is longer is read on by a thread."""
    on_disk: int = 2048 * _MEBIBYTE
    """Of all bodies together."""
    arriving: int = 400
    """Requests at once. One more, and the slowest makes room."""
    streams: int = 4
    """Bodies beyond the window that threads read at once."""
    stream_rate: int = 8_000
    wait: float = 60.0
    """For a thread, of a body beyond the window."""
    unread: float = 30.0
    """After which a reader who takes nothing of an answer is left."""
