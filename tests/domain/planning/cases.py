"""Small generated cases, and plain reckonings of what a plan of them can be at most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations, product

from hypothesis import strategies as st

from judging.domain.assignment import JudgeSlot, Pair, Plan, PlanGoals, plan_assignment
from judging.domain.planned import Wishes

CORE = PlanGoals(even=False, lift=False, link=False, vary=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """A case small enough to be reckoned by hand."""

    entries: list[tuple[str, str]]
    judges: list[JudgeSlot]
    per_entry: int
    forbidden: frozenset[Pair]
    affinity: dict[Pair, float]

    @property
    def allowed(self) -> list[Pair]:
        """The pairs that may be made."""
        return [
            (slot.alias, entry)
            for slot in self.judges
            for entry, panel in self.entries
            if (not slot.panels or panel in slot.panels) and (slot.alias, entry) not in self.forbidden
        ]

    @property
    def room(self) -> dict[str, int]:
        """What each judge takes."""
        return {slot.alias: slot.capacity for slot in self.judges}

    def plan(self, goals: PlanGoals | None = None) -> Plan:
        """Plan it."""
        return plan_assignment(
            self.entries, self.judges, per_entry=self.per_entry, forbidden=self.forbidden,
            wishes=Wishes(affinity=self.affinity) if self.affinity else None, goals=goals,
        )  # fmt: skip

    def every_plan(self) -> Iterator[tuple[Pair, ...]]:
        """All plans, full or not, that keep to conflicts and to what judges take."""
        by_entry = [[pair for pair in self.allowed if pair[1] == entry] for entry, _ in self.entries]
        ways = [
            [chosen for size in range(self.per_entry + 1) for chosen in combinations(pairs, size)] for pairs in by_entry
        ]
        for way in product(*ways):
            plan = tuple(pair for chosen in way for pair in chosen)
            if all(load <= self.room[judge] for judge, load in Counter(judge for judge, _ in plan).items()):
                yield plan


@st.composite
def small_cases(
    draw: st.DrawFn, *, entries: int = 10, judges: int = 6, per_entry: int = 3, values: bool = True
) -> Small:
    panels = ["a", "b"]
    wanted = [(f"e-{index}", draw(st.sampled_from(panels))) for index in range(draw(st.integers(1, entries)))]
    slots = [
        JudgeSlot(
            alias=f"j-{index}",
            panels=draw(st.sampled_from([frozenset[str](), frozenset("a"), frozenset("b"), frozenset("ab")])),
            capacity=draw(st.integers(0, 1 + entries)),
        )
        for index in range(draw(st.integers(1, judges)))
    ]
    pairs = [(slot.alias, entry) for slot in slots for entry, _ in wanted]
    forbidden = draw(st.frozensets(st.sampled_from(pairs), max_size=4))
    affinity = {}
    if values:
        drawn = draw(st.lists(st.integers(0, 1_000_000), min_size=len(pairs), max_size=len(pairs)))
        affinity = {pair: value / 1_000_000 for pair, value in zip(pairs, drawn, strict=True)}
    return Small(
        entries=wanted, judges=slots, per_entry=draw(st.integers(1, per_entry)), forbidden=forbidden, affinity=affinity
    )


def parts(pairs: Collection[Pair]) -> int:
    """How many sets the judges fall into when those with an entry in common are joined."""
    groups: list[tuple[set[str], set[str]]] = []
    for judge, entry in pairs:
        touched = [group for group in groups if judge in group[0] or entry in group[1]]
        merged = ({judge}.union(*(group[0] for group in touched)), {entry}.union(*(group[1] for group in touched)))
        groups = [group for group in groups if group not in touched] + [merged]
    return len(groups)
