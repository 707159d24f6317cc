"""Who judges what: the plan as a value, and the doors to its making and its repair.

The plan is an exact minimum-cost flow (`judging.domain.planning`). Nothing is drawn by lot: the same input gives the
same plan, in whatever order it comes. `docs/assignment.md` says what is promised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from judging.domain.planning.task import Wishes
    from judging.domain.values import Problem

__all__ = [
    "JudgeSlot",
    "Link",
    "Pair",
    "Plan",
    "PlanGoals",
    "Repair",
    "Unfilled",
    "plan_assignment",
    "repair_assignment",
]

Pair = tuple[str, str]
"""A judge's alias and an entry's alias."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSlot:
    """A judge as the plan sees one: panels (or categories) they score, all if empty, and most entries they take.

    `capacity` counts entries they already have, and so does `least`, the number that they should get where possible.
    """

    alias: str
    panels: frozenset[str] = frozenset()
    capacity: int
    least: int = 0


class Unfilled(NamedTuple):
    """An entry that falls short of `missing` judges, and an msgid that says why."""

    entry: str
    missing: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An extra reading that would join two parts of the judges; it may be outside the judge's panels or room."""

    judge: str
    entry: str
    outside_panel: bool = False
    beyond_room: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanGoals:
    """What is asked of a plan besides full places and a great total.

    `even` levels loads, `lift` raises the least total of an entry, `link` joins the judges by common entries, `vary`
    keeps the same two judges from meeting often. Evening and lifting together give up at most the share `loss` of the
    total.
    """

    even: bool = True
    lift: bool = True
    link: bool = True
    vary: bool = True
    loss: float = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """New pairs to make, each judge's order for them, every judge's load with what they had, and who falls short.

    `advice` says in sentences what would help entries and judges who fall short; a panel's key stands in it. `total` is
    the value of the new pairs, `optimum` the greatest there is, `worst` the least value of an entry with all its
    judges and `worst_bound` what that could be at most. `parts` are, for each group whose scores are compared, the
    sets of judges joined by common entries: one where all can be compared. `suggestions` are the fewest extra readings
    that would join them. `cycles` are judges who would read each other's entries in a round of two or three.
    """

    pairs: tuple[Pair, ...]
    order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    load: Mapping[str, int] = field(default_factory=dict)
    unfilled: tuple[Unfilled, ...] = ()
    advice: tuple[Problem, ...] = ()
    total: float = 0.0
    optimum: float = 0.0
    worst: float | None = None
    worst_bound: float | None = None
    parts: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    suggestions: tuple[Link, ...] = ()
    cycles: tuple[tuple[str, ...], ...] = ()

    @property
    def is_linked(self) -> bool:
        """Whether the scores of each group can be compared throughout."""
        return all(len(parts) < 2 for parts in self.parts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A plan mended: `plan.pairs` are the readings to add, `removed` those to take from judges who stay.

    `lost` are readings of judges who are out or may no longer read the entry.
    """

    plan: Plan
    removed: tuple[Pair, ...] = ()
    lost: tuple[Pair, ...] = ()


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
