"""Pictures by what they look like: gradients of a tiny grey copy, along rows and along columns (dHash, 2 × 64 bits).

Size, quality of the JPEG and brightness hardly move them; a crop or a turn does, and is not found. Pictures that agree
in these bits are compared once more by a grey copy of 16 × 16: drawings on white have few gradients to be told by.
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

FINE = 16
_DEVIATION = 0.2
"""So far may the grey values of two copies be apart on average, as a share of the picture's own contrast."""

_FLAT = 6
"""A picture whose grey copy spans no more than this has nothing to be known by."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture is known by: a bit for each neighbour to the right, and for each below, that is brighter."""

    across: int
    down: int
    fine: bytes = b""

    def bands(self) -> tuple[str, ...]:
        """Eight parts of it. Two looks that differ in seven bits or fewer have one of them in common."""
        mask = (1 << _BAND) - 1
        both = self.across << _BITS | self.down
        return tuple(f"{place}:{both >> place * _BAND & mask:x}" for place in range(BANDS))

    def distance(self, other: Look) -> int:
        """How many of the 128 bits differ."""
        return (self.across ^ other.across).bit_count() + (self.down ^ other.down).bit_count()

    def is_copy(self, other: Look) -> bool:
        """Whether the two may be one picture."""
        return self.distance(other) <= CLOSE and _deviation(self.fine, other.fine) <= _DEVIATION


def look_of(grey: Sequence[int], fine: bytes = b"") -> Look | None:
    """The look of a picture by the grey values of its copies of 9 × 9 and of 16 × 16, row by row.

    None for one that is all of one grey.
    """
    if len(grey) != GRID * GRID or len(fine) not in (0, FINE * FINE):
        raise ValueError(f"{len(grey)} and {len(fine)} values instead of {GRID * GRID} and {FINE * FINE}")
    if max(grey) - min(grey) <= _FLAT:
        return None
    across = down = 0
    for row in range(SIDE):
        for column in range(SIDE):
            here = grey[row * GRID + column]
            across = across << 1 | (grey[row * GRID + column + 1] > here)
            down = down << 1 | (grey[(row + 1) * GRID + column] > here)
    return Look(across, down, fine)


def likeness(distance: int) -> float:
    """1 for the same look, 0 for one that is no copy any more."""
    return max(0.0, 1 - distance / (2 * CLOSE))


def _deviation(one: bytes, other: bytes) -> float:
    """The mean difference of the grey values beside the mean grey, as a share of the contrast."""
    if not one or len(one) != len(other):
        return 0.0
    first, second = _from_mean(one), _from_mean(other)
    contrast = (sum(map(abs, first)) + sum(map(abs, second))) / 2
    return sum(abs(here - there) for here, there in zip(first, second, strict=True)) / max(contrast, 1.0)


def _from_mean(grey: bytes) -> list[float]:
    mean = sum(grey) / len(grey)
    return [value - mean for value in grey]
