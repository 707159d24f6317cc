"""Least-change repair: what stays has a bonus that nothing but an empty place or a judge's least load outweighs."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

import numpy as np

from judging.domain.planned import Pair, Repair
from judging.domain.planning.arrays import Flags, Ints
from judging.domain.planning.costs import mixture
from judging.domain.planning.cycles import Authors
from judging.domain.planning.flow import Costs
from judging.domain.planning.links import scopes_of
from judging.domain.planning.planner import Case, tell_plan
from judging.domain.planning.search import make_draft
from judging.domain.planning.task import Task

_STEPS = 1_000
"""Values are told apart by a thousandth of the greatest one: a repair is about what stays."""


def repair_plan(case: Case, *, current: AbstractSet[Pair]) -> Repair:
    """Fill what can be filled with the fewest readings taken from judges who stay, then the best of these."""
    judges = {slot.alias for slot in case.judges}
    entries = {alias for alias, _ in case.entries}
    known = {pair for pair in current if pair[1] in entries} - case.existing
    stays = {pair for pair in known if pair[0] in judges and pair not in case.forbidden}
    task = case.make_task(extra=stays)
    kept = _flags(task, stays)
    # A reading beyond what is asked for is no fault: it may stay, and is the first to go.
    surplus = np.maximum(np.bincount(task.row[kept], minlength=task.need.size) - task.need, 0)
    task = replace(task, wish=surplus)
    draft = make_draft(task, _costs(task, kept))
    plan = tell_plan(case, draft, scopes=scopes_of(task, case.groups), authors=Authors(task, {}), optimum=0.0)
    made = set(plan.pairs)
    added = tuple(pair for pair in plan.pairs if pair not in stays)
    order = {
        judge: tuple(entry for entry in order if (judge, entry) not in stays) for judge, order in plan.order.items()
    }
    return Repair(
        plan=replace(plan, pairs=added, order={judge: order for judge, order in order.items() if order}),
        removed=tuple(sorted(stays - made)),
        lost=tuple(sorted(known - stays)),
    )


def _flags(task: Task, pairs: AbstractSet[Pair]) -> Flags:
    entry = {alias: number for number, alias in enumerate(task.entries)}
    judge = {alias: number for number, alias in enumerate(task.judges)}
    codes = np.array([entry[e] * len(judge) + judge[j] for j, e in pairs], dtype=np.int64)
    return np.isin(task.entry * max(len(judge), 1) + task.judge, codes)


def _costs(task: Task, kept: Flags) -> Costs:
    longest = 2 * (min(task.need.size, task.room.size) + 1)
    low: Ints = mixture(task)
    step = 16 * longest
    if task.is_valued:
        low = -np.rint(task.value / np.abs(task.value).max() * _STEPS).astype(np.int64)
        step = 1
    highest = int((task.load + task.room).clip(max=task.load.max(initial=0) + task.need.size).max(initial=0))
    level = longest * (int(np.abs(low).max(initial=0)) + step * (2 * highest + 1))
    # One exchange shifts one empty place at most: what stays outweighs an even shortage, and that all values.
    return Costs(pair=low - np.where(kept, (task.wanted + 2) * level, 0), step=step, level=level)
