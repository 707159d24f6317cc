"""A round as the planner is asked about it: slots of judges, wishes, goals, and who is compared with whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.domain.assignment import JudgeSlot, Pair, PlanGoals, Wishes
from judging.domain.comparison import comparison_groups

if TYPE_CHECKING:
    from judging.db.models import Entry, Judge
    from judging.domain.plan_settings import PlanSettings
    from judging.domain.rules import ContestRules, Round

NO_PANEL = "-"
"""Stands for the panel of an entry whose category no panel takes."""

_PREFERENCE_LOSS = 0.1
"""The share of the wishes that even loads and the worst-off entry may cost: wishes here are preferences, no marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInput:
    """What the planner is asked, by alias."""

    entries: tuple[tuple[str, str], ...]
    slots: tuple[JudgeSlot, ...]
    wishes: Wishes
    goals: PlanGoals
    groups: Mapping[str, str]


def plan_input(
    rules: ContestRules,
    judged: Round,
    *,
    entries: Mapping[str, Entry],
    judges: Mapping[str, Judge],
    panels: Mapping[str, str],
    existing: Collection[Pair],
    settings: PlanSettings,
    preferred: Mapping[str, Collection[str]],
) -> PlanInput:
    """Put together what the planner is asked. `panels` gives the panel of each category."""
    placed = tuple((alias, panels.get(entry.category, NO_PANEL)) for alias, entry in entries.items())
    slots = tuple(_slot(judge, settings) for judge in judges.values())
    common, across = _still_wanted(dict(placed), slots, existing, judged.judges_per_entry, settings)
    expertise = {(alias, key): 1.0 for alias, keys in preferred.items() for key in keys}
    return PlanInput(
        entries=placed,
        slots=slots,
        wishes=Wishes(
            expertise=expertise if settings.preferences else None,
            categories={alias: entry.category for alias, entry in entries.items()},
            common=common,
            across=across,
        ),
        goals=PlanGoals(even=settings.even, loss=_PREFERENCE_LOSS),
        groups=comparison_groups(rules, judged, ((one.alias, one.category, one.division) for one in entries.values())),
    )


def _slot(judge: Judge, settings: PlanSettings) -> JudgeSlot:
    panels = frozenset(seat.panel_id for seat in judge.seats)
    return JudgeSlot(alias=judge.alias, panels=panels, capacity=judge.capacity, least=settings.least)


def _still_wanted(
    panel_of: Mapping[str, str],
    slots: Iterable[JudgeSlot],
    existing: Collection[Pair],
    per_entry: int,
    settings: PlanSettings,
) -> tuple[int, int]:
    """How many common entries a plan still asks for: those that an earlier plan made count."""
    home = {slot.alias: slot.panels for slot in slots}
    within: Counter[str] = Counter()
    across: set[str] = set()
    for judge, entry in existing:
        panels = home.get(judge, frozenset())
        if entry in panel_of and (not panels or panel_of[entry] in panels):
            within[entry] += 1
        elif entry in panel_of:
            across.add(entry)
    read_by_many = Counter(panel_of[entry] for entry, count in within.items() if count > per_entry)
    read_outside = Counter(panel_of[entry] for entry in across)
    return (
        max(settings.common - max(read_by_many.values(), default=0), 0),
        max(settings.across - max(read_outside.values(), default=0), 0),
    )
