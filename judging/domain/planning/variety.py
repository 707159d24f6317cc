"""Judge pairs varied: the same two meet on as few entries as can be, so that one severe pair does not decide much.

A judge's entry is exchanged for another's as long as that costs nothing and fewer pairs of judges repeat.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from judging.domain.planning.arrays import Flags, Floats, Ints
from judging.domain.planning.search import Draft

_MOST = 1_000_000
"""Judges squared times entries up to which this is done: among more, an even mixture repeats few pairs by itself."""

_ROUNDS = 3


def vary(draft: Draft) -> Draft:
    """Exchange entries between judges at no cost; loads, totals and places stay as they are."""
    task = draft.task
    if not draft.solution.chosen.any() or len(task.judges) ** 2 * len(task.entries) > _MOST:
        return draft
    board = _Board(draft)
    for _ in range(_ROUNDS):
        if not board.improve():
            break
    chosen = np.zeros(task.row.size, dtype=bool)
    chosen[board.made] = True
    cost = (
        draft.solution.cost - int(draft.costs.pair[draft.solution.chosen].sum()) + int(draft.costs.pair[chosen].sum())
    )
    return replace(draft, solution=replace(draft.solution, chosen=chosen, cost=cost))


def repeated(read: Floats) -> float:
    """Over all pairs of judges, the sum of squares of the entries they have in common; `read` is judges by entries."""
    common = read @ read.T
    np.fill_diagonal(common, 0)
    return float((common**2).sum())


class _Board:
    """Who reads what as a table of judges by entries, and how often two meet."""

    def __init__(self, draft: Draft) -> None:
        task = draft.task
        self.task, self.value = task, task.value
        shape = (len(task.judges), len(task.entries))
        self.pair_at = np.full(shape, -1, dtype=np.int64)
        able = ~(draft.banned | draft.forced)
        self.pair_at[task.judge[able], task.entry[able]] = np.flatnonzero(able)
        self.row_of = task.row.astype(np.int64)
        self.made: Ints = np.flatnonzero(draft.solution.chosen)
        self.fixed: Flags = draft.forced
        self.read = np.zeros(shape)
        self.read[task.judge[self.made], task.entry[self.made]] = 1
        self.read[task.held_judge, task.held_entry] = 1
        self._count()

    def _count(self) -> None:
        self.common = self.read @ self.read.T
        np.fill_diagonal(self.common, 0)
        self.meets = self.common @ self.read

    def improve(self) -> bool:
        """Go through all pairs once and exchange each for the best other; says whether anything changed."""
        changed = False
        for at in range(self.made.size):
            if self.fixed[self.made[at]]:
                continue
            other = self._best(at)
            if other is not None:
                self._exchange(at, other)
                changed = True
        return changed

    def _best(self, at: int) -> int | None:
        """The chosen pair to exchange judges with that lowers repeats most, if one does."""
        task, made = self.task, self.made
        mine, judge, entry = made[at], int(task.judge[made[at]]), int(task.entry[made[at]])
        judges, entries = task.judge[made].astype(np.int64), task.entry[made]
        theirs, given = self.pair_at[judges, entry], self.pair_at[judge, entries]
        able = (theirs >= 0) & (given >= 0) & (self.read[judges, entry] == 0) & (self.read[judge, entries] == 0)
        able &= ~self.fixed[made]
        able &= (self.row_of[theirs] == self.row_of[mine]) & (self.row_of[given] == self.row_of[made])
        able &= self.value[theirs] + self.value[given] >= self.value[mine] + self.value[made]
        where = np.flatnonzero(able)
        if not where.size:
            return None
        j, e, meets, common = judges[where], entries[where], self.meets, self.common
        change = meets[j, entry] - meets[judge, entry] + meets[judge, e] - meets[j, e] - 2 * common[judge, j]
        sizes = self.read.sum(axis=0)
        change += sizes[entry] + sizes[e] - 2
        best = int(np.argmin(change))
        if change[best] >= 0:
            return None
        chosen = int(where[best])
        return chosen if self._lowers(at, chosen) else None

    def _lowers(self, at: int, other: int) -> bool:
        """Whether the exchange lowers repeats also where the two entries have a third judge in common."""
        before = repeated(self.read)
        self._swap(at, other)
        after = repeated(self.read)
        # Exchanging the same two once more undoes it.
        self._swap(at, other)
        return after < before

    def _exchange(self, at: int, other: int) -> None:
        self._swap(at, other)
        self._count()

    def _swap(self, at: int, other: int) -> None:
        task, first, second = self.task, self.made[at], self.made[other]
        one, two = int(task.judge[first]), int(task.judge[second])
        here, there = int(task.entry[first]), int(task.entry[second])
        self.read[one, here] = self.read[two, there] = 0
        self.read[one, there] = self.read[two, here] = 1
        self.made[at], self.made[other] = self.pair_at[two, here], self.pair_at[one, there]
