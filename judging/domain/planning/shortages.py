"""Who falls short, and in words what would help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from judging.domain.planned import JudgeSlot, Unfilled
from judging.domain.planning.arrays import Ints
from judging.domain.planning.flow import Solution
from judging.domain.planning.task import Task
from judging.domain.values import Problem
from judging.errors import N_

FEW, BARRED, FULL = "few-judges", "conflicts", "no-room"
_REASONS = {
    FEW: N_("Its panel has too few judges."),
    BARRED: N_("Too few judges of its panel are free of conflicts."),
    FULL: N_("The judges who could score it have no room left."),
}


def find_unfilled(
    task: Task, solution: Solution, groups: Mapping[str, Ints]
) -> tuple[tuple[Unfilled, ...], tuple[Problem, ...]]:
    """The entries that fall short with the reason, and what to do: a sentence for an entry, or for a whole panel."""
    able = np.bincount(task.entry, minlength=len(task.entries)) if task.row.size else np.zeros(len(task.entries), int)
    missing = np.bincount(task.row_entry, weights=solution.short, minlength=len(task.entries)).astype(int)
    need = np.bincount(task.row_entry, weights=task.need, minlength=len(task.entries)).astype(int)
    unfilled: list[Unfilled] = []
    advice: list[Problem] = []
    full: dict[str, list[int]] = {}
    for entry in np.flatnonzero(missing).tolist():
        panel, short = task.panels[entry], int(missing[entry])
        code = _why(int(able[entry]), int(need[entry]), judges=groups[panel].size, wanted=task.wanted)
        unfilled.append(Unfilled(task.entries[entry], short, _REASONS[code]))
        if code == FULL:
            full.setdefault(panel, []).append(short)
        else:
            judges = groups[panel].size if code == FEW else int(able[entry]) + task.wanted - int(need[entry])
            advice.append(_of_entry(task, entry, code, judges, add=max(int(need[entry] - able[entry]), short)))
    advice += [_of_panel(panel, counts) for panel, counts in sorted(full.items())]
    return tuple(unfilled), tuple(advice)


def _why(able: int, need: int, *, judges: int, wanted: int) -> str:
    if judges < wanted:
        return FEW
    return BARRED if able < need else FULL


def _of_entry(task: Task, entry: int, code: str, judges: int, *, add: int) -> Problem:
    message = {
        FEW: N_(
            "Entry %(entry)s: panel %(panel)s has %(judges)s of the %(wanted)s judges wanted. "
            "Add %(add)s to that panel."
        ),
        BARRED: N_(
            "Entry %(entry)s: %(judges)s of the %(wanted)s judges wanted have no conflict. "
            "Add %(add)s to panel %(panel)s."
        ),
    }[code]
    params = {
        "entry": task.entries[entry], "panel": task.panels[entry], "wanted": task.wanted, "judges": judges, "add": add,
    }  # fmt: skip
    return Problem(code=code, message=message, params=params, where=task.entries[entry])


def _of_panel(panel: str, counts: Sequence[int]) -> Problem:
    return Problem(
        code=FULL,
        message=N_(
            "Panel %(panel)s: its judges have no room left, and places stay empty: %(places)s. "
            "Let them take that many more, or add a judge."
        ),
        params={"panel": panel, "places": sum(counts), "entries": len(counts)},
        where=panel,
    )


def find_idle(task: Task, solution: Solution, slots: Sequence[JudgeSlot]) -> tuple[Problem, ...]:
    """Judges who get less than the least that was asked for them, and what to do."""
    if not any(slot.least for slot in slots):
        return ()
    after = task.load + np.bincount(task.judge[solution.chosen], minlength=len(task.judges))
    able = task.load + np.bincount(task.judge, minlength=len(task.judges))
    return tuple(
        _of_judge(slot, int(after[number]), able=int(able[number]))
        for number, slot in enumerate(slots)
        if after[number] < slot.least
    )


def _of_judge(slot: JudgeSlot, load: int, *, able: int) -> Problem:
    if slot.capacity < slot.least:
        message = N_(
            "Judge %(judge)s: takes %(capacity)s at most, which is less than the least of %(least)s. "
            "Change one of the two."
        )
    elif able < slot.least:
        message = N_(
            "Judge %(judge)s: may score %(able)s of the least of %(least)s. Add a panel, or lower the least number."
        )
    else:
        message = N_(
            "Judge %(judge)s: gets %(load)s of the least of %(least)s, for there is no more work. "
            "Lower the least number, or raise the judges for each entry."
        )
    params = {"judge": slot.alias, "load": load, "least": slot.least, "able": able, "capacity": slot.capacity}
    return Problem(code="least-load", message=message, params=params, where=slot.alias)
