"""Entries in their order, and where each stands once a few have been taken out and put in again elsewhere.

Whoever stays keeps the score, so that between two places at which somebody left or came in all ranks shift alike. What
is told follows from these few places, without a walk over all that stay. The ranks are those of `compute_standings`;
the tests hold the two together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from heapq import merge
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

Figures = tuple[Fraction, ...]
Height = tuple[int, Fraction]
"""A score behind its whole part at a fine scale, which decides nearly every comparison quickly."""

_FINE = 64
_height = attrgetter("height")
_figures = attrgetter("figures")
_entry = attrgetter("entry")


def height_of(value: Fraction) -> Height:
    """Sorts as the value does, and far more quickly than fractions by themselves."""
    return (value.numerator << _FINE) // value.denominator, value


class Rung:
    """Where an entry stands: by its score, and by its figures under the tie-breaks where scores are equal."""

    __slots__ = ("_known", "_work_out", "entry", "height")

    def __init__(self, entry: str, height: Height, work_out: Callable[[], Figures]) -> None:
        self.entry = entry
        self.height = height
        self._work_out = work_out
        self._known: Figures | None = None

    @property
    def figures(self) -> Figures:
        """Worked out when somebody first asks: nearly always the score alone decides."""
        if self._known is None:
            self._known = self._work_out()
        return self._known


Share = Sequence[Rung]
"""Entries that nothing parts, in the order of their aliases."""


class Move(NamedTuple):
    """An entry that stays and has another rank."""

    entry: str
    before: int
    after: int


class Ladder:
    """Entries in their order, the first place first."""

    def __init__(self, shares: Iterable[Share]) -> None:
        self.rungs: list[Rung] = []
        self.ranks: list[int] = []
        self.ends: list[int] = []
        """For each place the one at which its share ends."""
        for share in shares:
            start = len(self.rungs)
            self.rungs += share
            self.ranks += [start + 1] * len(share)
            self.ends += [start + len(share)] * len(share)
        self.places = {rung.entry: place for place, rung in enumerate(self.rungs)}
        self._rising = [rung.height for rung in reversed(self.rungs)]

    def only(self, entries: Collection[str]) -> Ladder:
        """The same order of these entries alone."""
        kept = ((rank, rung) for rank, rung in zip(self.ranks, self.rungs, strict=True) if rung.entry in entries)
        return Ladder([rung for _, rung in share] for _, share in groupby(kept, key=lambda one: one[0]))

    def exchange(self, gone: Collection[str], come: Iterable[Rung]) -> Exchange:
        """Take the entries out that are `gone`, those that `come` again among them, and put these in."""
        return Exchange(self, gone, come)

    def between(self, rung: Rung, gone: Collection[str]) -> tuple[int, int]:
        """How many places lie above the rung, and how many above it or level with it, those of the `gone` counted in.

        Where only the gone have the rung's score, it is said to lie above all of them.
        """
        count = len(self.rungs)
        first = count - bisect_right(self._rising, rung.height)
        tied = self.rungs[first : count - bisect_left(self._rising, rung.height)]
        if all(one.entry in gone for one in tied):
            return first, first
        own = rung.figures
        above = first + sum(one.figures > own for one in tied)
        return above, above + sum(one.figures == own for one in tied)


class Exchange:
    """A ladder on which some entries have been taken out and some put in."""

    def __init__(self, ladder: Ladder, gone: Collection[str], come: Iterable[Rung]) -> None:
        self._ladder = ladder
        self._gone = gone
        self._out = sorted(ladder.places[entry] for entry in gone if entry in ladder.places)
        self._in = list(in_shares(sorted(come, key=_height, reverse=True)))
        self._between = [ladder.between(share[0], gone) for share in self._in]
        self._spans: list[tuple[int, int, int]] | None = None

    def ranks(self) -> dict[str, int]:
        """The ranks of those who came."""
        ranks: dict[str, int] = {}
        for share, (above, _) in zip(self._in, self._between, strict=True):
            rank = 1 + above - bisect_left(self._out, above) + len(ranks)
            ranks |= dict.fromkeys([rung.entry for rung in share], rank)
        return ranks

    def moves(self) -> Iterator[Move]:
        """Those who stay and move: who moves furthest first, then who stood higher, then by alias."""
        rungs, ranks = self._ladder.rungs, self._ladder.ranks
        for start, stop, by in sorted(self._shifts(), key=lambda one: (-abs(one[2]), one[0])):
            for place in range(start, stop):
                if rungs[place].entry not in self._gone:
                    yield Move(rungs[place].entry, ranks[place], ranks[place] + by)

    def extent(self) -> tuple[int, int]:
        """How many of those who stay move, and by how many ranks together."""
        moved = distance = 0
        for start, stop, by in self._shifts():
            staying = stop - start - bisect_left(self._out, stop) + bisect_left(self._out, start)
            moved += staying
            distance += staying * abs(by)
        return moved, distance

    def shares(self) -> Iterator[Share]:
        """The new order, as far as it is asked for."""
        return (share for level in self.levels() for share in parted(level))

    def levels(self) -> Iterator[list[Rung]]:
        """Those of equal score together, the highest first; where nobody left or came they are in order among them."""
        stay = (rung for rung in self._ladder.rungs if rung.entry not in self._gone)
        come = [rung for share in self._in for rung in share]
        return (list(same) for _, same in groupby(merge(stay, come, key=_height, reverse=True), key=_height))

    def touched(self) -> set[int]:
        """The whole parts of the scores at which somebody left or came."""
        left = {self._ladder.rungs[place].height[0] for place in self._out}
        return left.union(share[0].height[0] for share in self._in)

    def _shifts(self) -> list[tuple[int, int, int]]:
        """From which place up to which, by how many ranks whoever stays there shifts; where nobody does is left out."""
        if self._spans is None:
            steps: Counter[int] = Counter()
            for place in self._out:
                steps[self._ladder.ends[place]] -= 1
            for share, (_, level) in zip(self._in, self._between, strict=True):
                steps[level] += len(share)
            self._spans, by = [], 0
            for start, stop in pairwise(sorted({*steps, len(self._ladder.rungs)})):
                by += steps[start]
                if by:
                    self._spans.append((start, stop, by))
        return self._spans


def in_shares(rungs: Iterable[Rung]) -> Iterator[Share]:
    """Rungs that come by falling height, parted by their figures where heights are equal."""
    return (share for _, same in groupby(rungs, key=_height) for share in parted(list(same)))


def parted(level: list[Rung]) -> Iterator[Share]:
    """Rungs of one height in the order of their figures."""
    if len(level) == 1:
        yield level
        return
    level.sort(key=_entry)
    level.sort(key=_figures, reverse=True)
    yield from (list(share) for _, share in groupby(level, key=_figures))
