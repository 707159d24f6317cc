"""Judges and entries as a network of places, filled by augmenting paths and evened by cost-reducing ones.

Every entry sends out as many places as it needs judges, every judge takes up to a capacity at a convex cost. A place
moves along a path of exchanges: a judge hands an entry to another who may take it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import heappop, heappush
from random import Random
from typing import NamedTuple

from judging.errors import N_

Pair = tuple[str, str]
"""A judge's alias and an entry's alias."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSlot:
    """A judge as the plan sees one: panels (or categories) they score, all if empty, and most entries they take.

    `capacity` counts entries they already have.
    """

    alias: str
    panels: frozenset[str] = frozenset()
    capacity: int


class Unfilled(NamedTuple):
    """An entry that falls short of `missing` judges, and an msgid that says why."""

    entry: str
    missing: int
    reason: str


class AssignmentNetwork:
    """Entries and judges by number; an edge is a pair that may be made, never stored but asked for."""

    def __init__(
        self,
        entries: Sequence[tuple[str, str]],
        judges: Sequence[JudgeSlot],
        forbidden: Collection[Pair],
        existing: Collection[Pair],
    ) -> None:
        self.entries = entries
        self.judges = judges
        self.groups: dict[str, list[int]] = {
            panel: [number for number, judge in enumerate(judges) if not judge.panels or panel in judge.panels]
            for panel in {panel for _, panel in entries}
        }
        self.panels_of: list[list[str]] = [[] for _ in judges]
        for panel in sorted(self.groups):
            for judge in self.groups[panel]:
                self.panels_of[judge].append(panel)
        self.load = [0] * len(judges)
        self.fixed = [0] * len(entries)
        self.barred: list[set[int]] = [set() for _ in entries]
        self.chosen: list[set[int]] = [set() for _ in entries]
        self.held: list[dict[int, None]] = [{} for _ in judges]
        self._closed: set[int] = set()
        self._note(forbidden, existing)
        # Judges of equal load are mixed, so that the same few do not meet on every entry: comparing scores needs links.
        self._mix = Random(len(entries))  # noqa: S311 - an even mixture that anyone can repeat, not a secret
        self._heaps: dict[str, list[tuple[int, float, int]]] = {panel: [] for panel in self.groups}
        for judge in range(len(judges)):
            self._push(judge)

    def _note(self, forbidden: Collection[Pair], existing: Collection[Pair]) -> None:
        entry_number = {alias: number for number, (alias, _) in enumerate(self.entries)}
        judge_number = {judge.alias: number for number, judge in enumerate(self.judges)}
        for judge, entry in forbidden:
            if judge in judge_number and entry in entry_number:
                self.barred[entry_number[entry]].add(judge_number[judge])
        for judge, entry in existing:
            if judge in judge_number:
                self.load[judge_number[judge]] += 1
            if entry in entry_number:
                self.fixed[entry_number[entry]] += 1
                if judge in judge_number:
                    self.barred[entry_number[entry]].add(judge_number[judge])

    def fill(self, per_entry: int) -> None:
        """Give each entry its judges, one more for everybody at a time."""
        stuck: set[int] = set()
        for level in range(1, per_entry + 1):
            for entry in range(len(self.entries)):
                if entry not in stuck and self._count(entry) < level and not self._add_judge(entry):
                    # Flow only grows: an entry without an augmenting path will never have one.
                    stuck.add(entry)

    def even_out(self) -> None:
        """Move places from busier to freer judges as long as a path of exchanges does so."""
        improved = True
        while improved:
            improved = False
            for level in sorted(set(self.load), reverse=True):
                while self._relieve(level):
                    improved = True

    def new_pairs(self) -> list[Pair]:
        """The pairs made, by judge and entry."""
        return sorted(
            (self.judges[judge].alias, self.entries[entry][0])
            for entry, judges in enumerate(self.chosen)
            for judge in judges
        )

    def unfilled(self, per_entry: int) -> list[Unfilled]:
        """Entries that fall short, with the reason."""
        return [
            Unfilled(alias, per_entry - self._count(number), self._reason(number, panel, per_entry))
            for number, (alias, panel) in enumerate(self.entries)
            if self._count(number) < per_entry
        ]

    def _reason(self, entry: int, panel: str, per_entry: int) -> str:
        group = self.groups[panel]
        if len(group) < per_entry:
            return N_("Its panel has too few judges.")
        if self.fixed[entry] + sum(judge not in self.barred[entry] for judge in group) < per_entry:
            return N_("Too few judges of its panel are free of conflicts.")
        return N_("The judges who could score it have no room left.")

    def _count(self, entry: int) -> int:
        return self.fixed[entry] + len(self.chosen[entry])

    def _has_room(self, judge: int) -> bool:
        return self.load[judge] < self.judges[judge].capacity

    def _may_take(self, entry: int, judge: int) -> bool:
        return judge not in self.barred[entry] and judge not in self.chosen[entry]

    def _push(self, judge: int) -> None:
        if self._has_room(judge):
            for panel in self.panels_of[judge]:
                heappush(self._heaps[panel], (self.load[judge], self._mix.random(), judge))

    def _pair(self, judge: int, entry: int) -> None:
        self.chosen[entry].add(judge)
        self.held[judge][entry] = None
        self.load[judge] += 1

    def _part(self, judge: int, entry: int) -> None:
        self.chosen[entry].remove(judge)
        del self.held[judge][entry]
        self.load[judge] -= 1

    def _add_judge(self, entry: int) -> bool:
        judge = self._freest(entry)
        if judge is not None:
            self._pair(judge, entry)
            self._push(judge)
            return True
        group = self.groups[self.entries[entry][1]]
        starts: dict[int, tuple[int | None, int] | None] = {
            judge: (None, entry) for judge in group if judge not in self._closed and self._may_take(entry, judge)
        }
        if self._exchange(starts, {entry}, self._has_room, self._closed):
            return True
        # All of these are full and can hand entries to each other only: no later search need ask them again.
        self._closed.update(starts)
        return False

    def _freest(self, entry: int) -> int | None:
        heap = self._heaps[self.entries[entry][1]]
        passed = []
        found = None
        while heap and found is None:
            load, mix, judge = heappop(heap)
            if load != self.load[judge]:
                continue  # out of date: the judge was pushed again when the load changed
            if self._may_take(entry, judge):
                found = judge
            else:
                passed.append((load, mix, judge))
        for item in passed:
            heappush(heap, item)
        return found

    def _relieve(self, level: int) -> bool:
        """Take one place from a judge with at least `level` to one who then still has less."""

        def is_free(judge: int) -> bool:
            return self.load[judge] <= level - 2 and self._has_room(judge)

        if not any(is_free(judge) for judge in range(len(self.judges))):
            return False
        starts: dict[int, tuple[int | None, int] | None] = {
            judge: None for judge, load in enumerate(self.load) if load >= level and self.held[judge]
        }
        return self._exchange(starts, set(), is_free, set())

    def _exchange(
        self,
        came_from: dict[int, tuple[int | None, int] | None],
        asked: set[int],
        is_goal: Callable[[int], bool],
        closed: AbstractSet[int],
    ) -> bool:
        """Search breadth first for a judge that `is_goal` along exchanges of entries, and make them.

        `came_from` holds the judges to start at; it is filled with who would hand which entry to whom. An entry in
        `asked` was already offered to everybody who may take it; judges in `closed` are not asked.
        """
        goal = next((judge for judge in came_from if is_goal(judge)), None)
        # Once everybody of a panel was reached, its entries lead nowhere new; once all were, the search has ended.
        unseen = {panel: [one for one in group if one not in closed] for panel, group in self.groups.items()}
        queue = deque(came_from)
        while queue and unseen and goal is None:
            judge = queue.popleft()
            for entry in self.held[judge]:
                panel = self.entries[entry][1]
                if panel in unseen and entry not in asked:
                    asked.add(entry)
                    for taker in self._takers(entry, panel, unseen, came_from):
                        came_from[taker] = (judge, entry)
                        queue.append(taker)
                        if goal is None and is_goal(taker):
                            goal = taker
        if goal is None:
            return False
        self._hand_on(goal, came_from)
        return True

    def _takers(self, entry: int, panel: str, unseen: dict[str, list[int]], seen: Mapping[int, object]) -> list[int]:
        """Who may take the entry and was not reached before; `unseen` forgets them."""
        barred, chosen = self.barred[entry], self.chosen[entry]
        takers: list[int] = []
        rest: list[int] = []
        for judge in unseen[panel]:
            if judge not in seen:
                (rest if judge in barred or judge in chosen else takers).append(judge)
        if rest:
            unseen[panel] = rest
        else:
            del unseen[panel]
        return takers

    def _hand_on(self, judge: int, came_from: Mapping[int, tuple[int | None, int] | None]) -> None:
        changed = {judge}
        step = came_from[judge]
        while step is not None:
            giver, entry = step
            if giver is None:
                self._pair(judge, entry)
                break
            self._part(giver, entry)
            self._pair(judge, entry)
            changed.add(giver)
            judge, step = giver, came_from[giver]
        for one in sorted(changed):
            self._push(one)
