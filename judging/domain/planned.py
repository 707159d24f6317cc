"""Plans of who judges what, as values: what is asked of one, and what comes of it. Loads no solver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from judging.domain.planning.arrays import Floats, Ints
    from judging.domain.values import Problem

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
class Wishes:
    """Values of pairs, and how many entries shall be read by many.

    `affinity` is by judge and entry, `expertise` by judge and category, `score` is asked for many pairs at once by the
    numbers of entries and judges in the order of their aliases; all add up, and what is not named is worth 0.
    `categories` says an entry's category where it is not the panel that was given with it. `common` entries of each
    panel are read by everybody of the panel who may, `across` entries of each panel by one of every other panel.
    """

    affinity: Mapping[Pair, float] | None = None
    expertise: Mapping[tuple[str, str], float] | None = None
    score: Callable[[Ints, Ints], Floats] | None = None
    categories: Mapping[str, str] | None = None
    common: int = 0
    across: int = 0


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
