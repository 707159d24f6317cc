"""When a disk has too little room left to take more, so that the last of it is kept for what matters most.

Files are refused first and scores last: what a judge has in hand fits in little, and a database whose disk is full
takes nothing at all. The figures are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

GIGABYTE = 1_000_000_000
MEGABYTE = 1_000_000

FILES_FLOOR = 1 * GIGABYTE
"""Files are taken while at least this much is free,"""
FILES_SHARE = Fraction(5, 100)
"""and at least this share of the disk."""
SCORES_FLOOR = 200 * MEGABYTE
"""Score sheets are taken while at least this much is free."""

# A disk of a few gigabytes or less would never have as much free as the floors ask for.
MOST_FOR_FILES = Fraction(1, 4)
"""No more than this share of a small disk must be free for files,"""
MOST_FOR_SCORES = Fraction(1, 10)
"""and no more than this one for score sheets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A disk's size and what is free on it, in bytes."""

    size: int
    free: int

    @property
    def takes_files(self) -> bool:
        """Whether uploads may go on."""
        floor = max(Fraction(FILES_FLOOR), FILES_SHARE * self.size)
        return self.free >= min(floor, MOST_FOR_FILES * self.size)

    @property
    def takes_scores(self) -> bool:
        """Whether score sheets may be saved and submitted."""
        return self.free >= min(Fraction(SCORES_FLOOR), MOST_FOR_SCORES * self.size)
