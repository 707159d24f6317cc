"""Who judges what: the doors to the making of a plan and to its repair.

The plan is an exact minimum-cost flow (`judging.domain.planning`). Nothing is drawn by lot: the same input gives the
same plan, in whatever order it comes. `docs/assignment.md` says what is promised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from judging.domain.planned import JudgeSlot, Link, Pair, Plan, PlanGoals, Repair, Unfilled, Wishes

__all__ = [
    "JudgeSlot",
    "Link",
    "Pair",
    "Plan",
    "PlanGoals",
    "Repair",
    "Unfilled",
    "Wishes",
    "plan_assignment",
    "repair_assignment",
]


def plan_assignment(
    entries: Sequence[tuple[str, str]],
    judges: Sequence[JudgeSlot],
    *,
    per_entry: int,
    forbidden: AbstractSet[Pair] = frozenset(),
    existing: AbstractSet[Pair] = frozenset(),
    wishes: Wishes | None = None,
    goals: PlanGoals | None = None,
    groups: Mapping[str, str] | None = None,
    authors: Mapping[str, AbstractSet[str]] | None = None,
) -> Plan:
    """Plan judges for entries (alias and panel or category), so many for each.

    Pairs in `existing` stay and count; pairs in `forbidden` are never made. As many places as possible are filled and
    no judge gets more than their capacity or an entry twice. Where all pairs are worth the same, no exchange of places
    would even the loads further. `groups` gives the key of the group in which an entry's scores are compared, one for
    all without it; `authors` the own entries of judges who are contestants too.
    """
    from judging.domain.planning.planner import Case, make_plan  # noqa: PLC0415 - the solver loads when it is needed

    return make_plan(
        Case(
            entries=entries, judges=judges, per_entry=per_entry, forbidden=forbidden, existing=existing, wishes=wishes,
            goals=goals or PlanGoals(), groups=groups, authors=authors or {},
        )
    )  # fmt: skip


def repair_assignment(
    entries: Sequence[tuple[str, str]],
    judges: Sequence[JudgeSlot],
    *,
    per_entry: int,
    current: AbstractSet[Pair],
    fixed: AbstractSet[Pair] = frozenset(),
    forbidden: AbstractSet[Pair] = frozenset(),
    wishes: Wishes | None = None,
    groups: Mapping[str, str] | None = None,
) -> Repair:
    """Mend a plan after judges left or came: all places that can be filled, and then the fewest changes.

    `judges` are those who take part now. Pairs in `current` may move, pairs in `fixed` (begun, handed in) never do and
    count like `existing`. A late judge gets `least` entries of their slot, as far as there are any, and else what is
    free.
    """
    from judging.domain.planning.planner import Case  # noqa: PLC0415 - the solver loads when it is needed
    from judging.domain.planning.repairing import repair_plan  # noqa: PLC0415 - the same

    case = Case(
        entries=entries, judges=judges, per_entry=per_entry, forbidden=forbidden, existing=fixed, wishes=wishes,
        goals=PlanGoals(), groups=groups, authors={},
    )  # fmt: skip
    return repair_plan(case, current=current)
