"""Judges joined by common entries: scores can be compared only where a chain of them leads from one to the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from judging.domain.planning.arrays import Flags, Ints
from judging.domain.planning.graph import components, parts_of, readings
from judging.domain.planning.search import Draft, cheapest_first
from judging.domain.planning.task import Task

_SMALL = 60
"""Up to so many pairs that may be made, every way is searched in the order of cost."""

_SEARCHED = 150
_TRIED = 40
_WIDTH = 4


def scopes_of(task: Task, groups: Mapping[str, str] | None) -> dict[str, Flags]:
    """For each group of entries whose scores are compared, which entries are in it; without groups all are one."""
    if groups is None:
        return {"": np.ones(len(task.entries), dtype=bool)}
    keys = [groups.get(alias, "") for alias in task.entries]
    return {key: np.array([one == key for one in keys], dtype=bool) for key in sorted(set(keys))}


def connect(draft: Draft, scopes: Sequence[Flags]) -> Draft:
    """Join the judges of each scope at the least cost, where that leaves no more places empty.

    Exact for small tasks. For larger ones the cheapest few ways to close each gap are tried.
    """
    for scope in scopes:
        draft = _connect_one(draft, scope)
    return draft


def _connect_one(draft: Draft, scope: Flags) -> Draft:
    task = draft.task
    could_be = _could_be(task, scope)

    def faults(one: Draft) -> int:
        _, parts = parts_of(task, one.solution.chosen, scope)
        # Parts of one candidate component could be joined; each component needs a part of its own.
        return parts.size - np.unique(could_be[parts]).size

    def branches(one: Draft) -> Iterator[Draft]:
        for bridge in _bridges(one, scope, could_be, is_small=is_small):
            forced = np.zeros(task.row.size, dtype=bool)
            forced[bridge] = True
            branch = one.again(forced=forced)
            if branch is not None:
                yield branch

    is_small = task.row.size <= _SMALL
    if faults(draft) == 0:
        return draft
    return cheapest_first(
        draft, faults=faults, branches=branches, most=_SEARCHED if is_small else _TRIED, is_exact=is_small
    )


def _could_be(task: Task, scope: Flags) -> Ints:
    """The components that the judges would have if every pair that may be made were made."""
    held = np.bincount(task.held_entry, minlength=len(task.entries))
    places = held + np.bincount(task.row_entry, weights=task.need + task.wish, minlength=len(task.entries)).astype(int)
    # Whoever reads an entry alone is joined to nobody by it.
    entry, judge = readings(task, np.ones(task.row.size, dtype=bool), scope & (places > 1))
    return components(entry, judge, len(task.entries), len(task.judges))


def _bridges(draft: Draft, scope: Flags, could_be: Ints, *, is_small: bool) -> list[list[int]]:
    """Pairs of the task that would join a part to another one, the most promising first; all ways where it is small."""
    task, chosen = draft.task, draft.solution.chosen
    label, parts = parts_of(task, chosen, scope)
    sizes = {int(part): int((label == part).sum()) for part in parts}
    split = [part for part in sizes if (could_be[parts] == could_be[part]).sum() > 1]
    if not split:
        return []
    inside_judge = label == min(split, key=lambda part: (sizes[part], part))
    open_pairs = np.flatnonzero(scope[task.entry] & ~draft.banned)
    inside = inside_judge[task.judge]
    if is_small:
        return _all_bridges(draft, open_pairs, inside, inside_judge)
    read_in, read_out = _readers(draft, inside_judge)
    # A judge from outside joins an entry read inside, or one from inside an entry read outside.
    able = open_pairs[~chosen[open_pairs]]
    entry = task.entry[able]
    joins = np.where(inside[able], read_out[entry], read_in[entry])
    able = able[joins]
    gain = draft.costs.pair[able] - _dearest_reader(draft)[task.entry[able]]
    best = able[np.lexsort((able, gain))[:_WIDTH]]
    return [[int(pair), *_anchor(draft, int(pair), inside)] for pair in best]


def _all_bridges(draft: Draft, open_pairs: Ints, inside: Flags, inside_judge: Flags) -> list[list[int]]:
    task = draft.task
    held: dict[int, set[bool]] = {}
    for entry, judge in zip(task.held_entry.tolist(), task.held_judge.tolist(), strict=True):
        held.setdefault(entry, set()).add(bool(inside_judge[judge]))
    by_entry: dict[int, list[int]] = {}
    for pair in open_pairs.tolist():
        by_entry.setdefault(int(task.entry[pair]), []).append(pair)
    ways: list[list[int]] = []
    for entry, pairs in sorted(by_entry.items()):
        ins = [pair for pair in pairs if inside[pair]]
        outs = [pair for pair in pairs if not inside[pair]]
        ways += [[one, other] for one in ins for other in outs]
        ways += [[pair] for pair in outs if True in held.get(entry, ())]
        ways += [[pair] for pair in ins if False in held.get(entry, ())]
    return ways


def _readers(draft: Draft, inside_judge: Flags) -> tuple[Flags, Flags]:
    """Which entries are read by somebody inside, and which by somebody outside."""
    everything = np.ones(len(draft.task.entries), dtype=bool)
    entry, judge = readings(draft.task, draft.solution.chosen, everything)
    within, without = np.zeros_like(everything), np.zeros_like(everything)
    within[entry[inside_judge[judge]]] = True
    without[entry[~inside_judge[judge]]] = True
    return within, without


def _dearest_reader(draft: Draft) -> Ints:
    """The cost of the pair that each entry would most gladly give up."""
    task, chosen = draft.task, draft.solution.chosen
    dearest = np.full(len(task.entries), np.iinfo(np.int64).min // 4, dtype=np.int64)
    np.maximum.at(dearest, task.entry[chosen], draft.costs.pair[chosen])
    return dearest


def _anchor(draft: Draft, pair: int, inside: Flags) -> list[int]:
    """The cheapest chosen pair of the same entry on the other side, which must stay for the bridge to hold."""
    task = draft.task
    same = np.flatnonzero(draft.solution.chosen & (task.entry == task.entry[pair]) & (inside != inside[pair]))
    return [int(min(same, key=lambda one: (draft.costs.pair[one], one)))] if same.size else []
