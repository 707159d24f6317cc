"""A share of common entries: some are read by everybody of a panel, some by a judge of every other panel too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

import numpy as np

from judging.domain.planned import JudgeSlot, Pair, Wishes
from judging.domain.planning.arrays import Flags, Ints
from judging.domain.planning.task import Task


def ask_common_readers(task: Task, slots: Sequence[JudgeSlot], wishes: Wishes, *, forbidden: AbstractSet[Pair]) -> Task:
    """Ask for more readers of some entries, where room is left when all places are filled."""
    chosen = {panel: _most_free(task, panel) for panel in sorted(set(task.panels))}
    wish = task.wish.copy()
    able = np.bincount(task.row, minlength=wish.size) if task.row.size else np.zeros(wish.size, dtype=np.int64)
    for entries in chosen.values():
        rows = entries[: wishes.common]
        wish[rows] = np.maximum(able[rows] - task.need[rows], 0)
    first = {panel: entries[: wishes.across].tolist() for panel, entries in chosen.items()}
    return _across(replace(task, wish=wish), slots, first, forbidden)


def _most_free(task: Task, panel: str) -> Ints:
    """The panel's entries, those that most judges may read first."""
    own = np.array([number for number, one in enumerate(task.panels) if one == panel], dtype=np.int64)
    able = np.bincount(task.entry, minlength=len(task.entries)) if task.row.size else np.zeros(len(task.entries), int)
    return own[np.lexsort((own, -able[own]))]


def _across(
    task: Task, slots: Sequence[JudgeSlot], chosen: Mapping[str, Sequence[int]], forbidden: AbstractSet[Pair]
) -> Task:
    """A row of one wished place for each chosen entry and each other panel, open to who sits in no panel before."""
    home = [min(slot.panels) if slot.panels else "" for slot in slots]
    rows: list[tuple[int, list[int]]] = []
    for panel, entries in chosen.items():
        for entry in entries:
            barred = _barred(task, slots, panel, entry)
            for other in sorted({one for one in home if one and one != panel}):
                able = [
                    number
                    for number, one in enumerate(home)
                    if one == other
                    and not barred[number]
                    and (task.judges[number], task.entries[entry]) not in forbidden
                ]
                if able:
                    rows.append((entry, able))
    if not rows:
        return task
    first = task.need.size
    row = np.concatenate([np.full(len(able), first + at) for at, (_, able) in enumerate(rows)])
    judge = np.concatenate([np.array(able) for _, able in rows])
    added = len(rows)
    return replace(
        task,
        row_entry=np.concatenate([task.row_entry, np.array([entry for entry, _ in rows])]),
        need=np.concatenate([task.need, np.zeros(added, dtype=np.int64)]),
        wish=np.concatenate([task.wish, np.ones(added, dtype=np.int64)]),
        row=np.concatenate([task.row, row]).astype(np.int32),
        judge=np.concatenate([task.judge, judge]).astype(np.int32),
        value=np.concatenate([task.value, np.zeros(judge.size)]),
    )


def _barred(task: Task, slots: Sequence[JudgeSlot], panel: str, entry: int) -> Flags:
    """Judges who are of the panel themselves, or who read the entry already, or may."""
    own = np.array([not slot.panels or panel in slot.panels for slot in slots], dtype=bool)
    own[task.held_judge[task.held_entry == entry]] = True
    own[task.judge[task.entry == entry]] = True
    return own
