"""Pictures by what they look like: gradients of a tiny grey copy, along rows and along columns (dHash, 2 × 64 bits).

Size, quality of the JPEG and brightness hardly move them; a crop or a turn does, and is not found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SIDE = 8
GRID = SIDE + 1
_BITS = SIDE * SIDE
_BAND = 16
BANDS = 2 * _BITS // _BAND

CLOSE = 12
"""Of 128 bits so many may differ at most between two copies of one picture."""

_FLAT = 6
"""A picture whose grey copy spans no more than this has nothing to be known by."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture is known by: a bit for each neighbour to the right, and for each below, that is brighter."""

    across: int
    down: int

    def bands(self) -> tuple[str, ...]:
        """Eight parts of it. Two looks that differ in seven bits or fewer have one of them in common."""
        mask = (1 << _BAND) - 1
        both = self.across << _BITS | self.down
        return tuple(f"{place}:{both >> place * _BAND & mask:x}" for place in range(BANDS))

    def distance(self, other: Look) -> int:
        """How many of the 128 bits differ."""
        return (self.across ^ other.across).bit_count() + (self.down ^ other.down).bit_count()


def look_of(grey: Sequence[int]) -> Look | None:
    """The look of a picture by the 81 grey values of its copy of 9 × 9, row by row; None when it is all of one grey."""
    if len(grey) != GRID * GRID:
        raise ValueError(f"{len(grey)} values instead of {GRID * GRID}")
    if max(grey) - min(grey) <= _FLAT:
        return None
    across = down = 0
    for row in range(SIDE):
        for column in range(SIDE):
            here = grey[row * GRID + column]
            across = across << 1 | (grey[row * GRID + column + 1] > here)
            down = down << 1 | (grey[(row + 1) * GRID + column] > here)
    return Look(across, down)


def likeness(distance: int) -> float:
    """1 for the same look, 0 for one that is no copy any more."""
    return max(0.0, 1 - distance / (2 * CLOSE))
