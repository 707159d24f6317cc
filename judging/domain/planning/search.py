"""Looking for the cheapest plan with a property that flow alone cannot ask for."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from judging.domain.planning.arrays import Flags
from judging.domain.planning.flow import Costs, Solution, solve
from judging.domain.planning.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A plan in the making: its costs, the pairs that are set and those that are ruled out, and what comes of them."""

    task: Task
    costs: Costs
    forced: Flags
    banned: Flags
    solution: Solution

    def again(self, *, forced: Flags | None = None, banned: Flags | None = None) -> Draft | None:
        """The same with more pairs set or ruled out; None where these do not go together."""
        forced = self.forced if forced is None else self.forced | forced
        banned = self.banned if banned is None else self.banned | banned
        if (forced & banned).any():
            return None
        solution = solve(self.task, self.costs, forced=forced, banned=banned)
        return None if solution is None else replace(self, forced=forced, banned=banned, solution=solution)

    def is_as_full_as(self, other: Draft) -> bool:
        """Whether no more places stay empty than in `other`."""
        return self.solution.gaps <= other.solution.gaps


def make_draft(task: Task, costs: Costs) -> Draft:
    """The plan of least cost, with nothing set."""
    none = np.zeros(task.row.size, dtype=bool)
    solution = solve(task, costs)
    if solution is None:
        raise AssertionError("nothing is set, so nothing can be at odds")
    return Draft(task=task, costs=costs, forced=none, banned=none, solution=solution)


def cheapest_first(
    start: Draft,
    *,
    faults: Callable[[Draft], int],
    branches: Callable[[Draft], Iterable[Draft]],
    most: int,
    is_exact: bool,
) -> Draft:
    """A draft without a fault that is as full as `start`, else one with the fewest faults found.

    Branch and bound: setting or ruling out pairs only makes a plan dearer, so with `is_exact` the first faultless
    draft in the order of cost is the cheapest, as long as `branches` lose none. Otherwise drafts with fewer faults go
    first, which is sooner there. After `most` drafts the search gives up.
    """
    number = count()

    def place(draft: Draft) -> tuple[tuple[int, ...], int, Draft]:
        wrong = faults(draft)
        rank = draft.solution.rank
        return ((*rank, wrong) if is_exact else (wrong, *rank)), next(number), draft

    best, found = (faults(start), start.solution.rank), start
    heap = [place(start)]
    looked = 0
    while heap and looked < most:
        _, _, draft = heapq.heappop(heap)
        own = (faults(draft), draft.solution.rank)
        if own[0] == 0:
            return draft
        if own < best:
            best, found = own, draft
        for branch in branches(draft):
            looked += 1
            if branch.is_as_full_as(start):
                heapq.heappush(heap, place(branch))
    return min((found, *(draft for _, _, draft in heap)), key=lambda one: (faults(one), one.solution.rank))
