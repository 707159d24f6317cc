"""The worst-off entry: its total is lifted as far as the plan's total allows.

After Stelmakh, Shah and Singh ("PeerReview4All", 2019), the least total of an entry is to be as great as can be. Here
entries below a floor get greater weights, and the flow is solved again (a Lagrangian of the floors), as long as the
sum over all entries stays within what may be given up.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from judging.domain.planning.arrays import Flags, Floats
from judging.domain.planning.costs import value_costs
from judging.domain.planning.search import Draft
from judging.domain.planning.task import Task

_ROUNDS = 8
_FLOORS = (0.98, 0.95, 0.9)


def totals_of(task: Task, chosen: Flags) -> Floats:
    """The total value of each entry, with its pairs that exist."""
    entries = len(task.entries)
    made = np.bincount(task.entry[chosen], weights=task.value[chosen], minlength=entries)
    held = np.bincount(task.held_entry, weights=task.held_value, minlength=entries)
    return (made + held).astype(np.float64)


def total_of(task: Task, chosen: Flags) -> float:
    """The total value of the pairs chosen."""
    return float(task.value[chosen].sum())


def bounds_of(task: Task) -> Floats:
    """What each entry's total could be at most if it alone were served: the sum of its best judges."""
    order = np.lexsort((-task.value, task.row))
    row = task.row[order]
    starts = np.searchsorted(row, np.arange(task.need.size))
    place = np.arange(row.size) - starts[row]
    best = order[place < task.need[row]]
    return totals_of(task, np.bincount(best, minlength=task.row.size).astype(bool))


def worst_of(task: Task, draft: Draft) -> float | None:
    """The least total of an entry that has all its judges; None where there is none."""
    full = _full(task, draft)
    return float(totals_of(task, draft.solution.chosen)[full].min()) if full.any() else None


def lift(task: Task, draft: Draft, *, at_least: float, even: float) -> Draft:
    """The draft with the greatest least total that was found, none below `at_least` in all."""
    full = _full(task, draft)
    if not full.any():
        return draft
    bound = float(bounds_of(task)[full].min())
    best = draft
    for share in _FLOORS:
        if bound <= 0 or _least(task, best, full) >= share * bound:
            break
        best, reached = _raise_to(task, best, share * bound, full, at_least=at_least, even=even)
        if reached:
            break
    return best


def _raise_to(
    task: Task, draft: Draft, floor: float, full: Flags, *, at_least: float, even: float
) -> tuple[Draft, bool]:
    """Weigh entries below the floor more and more; returns the best draft, and whether all came above the floor."""
    weight = np.ones(len(task.entries))
    best, now = draft, draft
    for _ in range(_ROUNDS):
        below = full & (totals_of(task, now.solution.chosen) < floor)
        if not below.any():
            return now, True
        weight[below] = np.where(weight[below] > 1, weight[below] * 2 - 0.5, 1.5)
        tried = replace(draft, costs=value_costs(task, weight=weight, even=even)).again()
        if tried is None or not tried.is_as_full_as(draft) or total_of(task, tried.solution.chosen) < at_least:
            return best, False
        now = tried
        if _least(task, now, full) > _least(task, best, full):
            best = now
    return best, False


def _full(task: Task, draft: Draft) -> Flags:
    short = np.bincount(task.row_entry, weights=draft.solution.short, minlength=len(task.entries))
    full: Flags = short == 0
    return full


def _least(task: Task, draft: Draft, full: Flags) -> float:
    return float(totals_of(task, draft.solution.chosen)[full].min())
