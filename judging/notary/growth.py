"""What a unit of work added to a log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Growth:
    """The leaves of one unit of work by their hashes, and the tree before and after them."""

    origin: str
    before: int
    root_before: bytes
    hashes: list[bytes] = field(default_factory=list)
    size: int
    root: bytes

    def extend(self, hashes: Sequence[bytes], *, size: int, root: bytes) -> None:
        """Take in more leaves of the same unit of work."""
        self.hashes.extend(hashes)
        self.size, self.root = size, root
