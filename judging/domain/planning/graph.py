"""Who is joined to whom by common entries."""

from __future__ import annotations

import numpy as np

from judging.domain.planning.arrays import Flags, Ints
from judging.domain.planning.task import Task


def components(entry: Ints, judge: Ints, entries: int, judges: int) -> Ints:
    """A label for each judge (the number of one): the same where a chain of common entries joins them."""
    label = np.arange(judges, dtype=np.int64)
    while True:
        of_entry = np.full(entries, judges, dtype=np.int64)
        np.minimum.at(of_entry, entry, label[judge])
        new = label.copy()
        np.minimum.at(new, judge, of_entry[entry])
        new = new[new]
        if np.array_equal(new, label):
            return label
        label = new


def readings(task: Task, chosen: Flags, scope: Flags) -> tuple[Ints, Ints]:
    """Entry and judge of every reading in the scope (a flag for each entry), those that exist and those chosen."""
    entry = np.concatenate([task.held_entry, task.entry[chosen]])
    judge = np.concatenate([task.held_judge, task.judge[chosen].astype(np.int64)])
    kept = scope[entry]
    return entry[kept], judge[kept]


def parts_of(task: Task, chosen: Flags, scope: Flags) -> tuple[Ints, Ints]:
    """The label of every judge, and the labels of those who read something in the scope, each once."""
    entry, judge = readings(task, chosen, scope)
    label = components(entry, judge, len(task.entries), len(task.judges))
    return label, np.unique(label[judge])
