"""Where the data leave judges in parts: the cheapest set of extra readings that would join them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from judging.domain.planned import JudgeSlot, Link, Pair
from judging.domain.planning.arrays import Flags, Floats, Ints
from judging.domain.planning.graph import parts_of, readings
from judging.domain.planning.task import Task

_MOST = 5_000_000
"""Judges times entries up to which every judge is asked; above, those of each part with most room."""

_ASKED = 30
_OUTSIDE, _BEYOND = 4.0, 2.0


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class _Offer:
    price: float
    judge: int
    entry: int


def missing_links(
    task: Task, chosen: Flags, scope: Flags, *, slots: Sequence[JudgeSlot], forbidden: AbstractSet[Pair]
) -> list[Link]:
    """One reading for each gap between the parts of a scope, none with a conflict; none where there is no gap.

    Cheap is within the judge's panels before outside, with room before beyond it, then of great value (Kruskal's
    spanning tree over the parts). A gap that only conflicts could close stays open.
    """
    label, parts = parts_of(task, chosen, scope)
    if parts.size < 2:
        return []
    desk = _Desk(task, chosen, scope, label=label, slots=slots, forbidden=forbidden)
    joined = {int(part): int(part) for part in parts}

    def root(part: int) -> int:
        while joined[part] != part:
            part = joined[part]
        return part

    links: list[Link] = []
    for offer in sorted(desk.offers()):
        first, second = root(int(label[offer.judge])), root(int(desk.part[offer.entry]))
        if first != second:
            joined[first] = second
            links.append(desk.link(offer))
    return links


class _Desk:
    """What an extra reading would cost."""

    def __init__(
        self,
        task: Task,
        chosen: Flags,
        scope: Flags,
        *,
        label: Ints,
        slots: Sequence[JudgeSlot],
        forbidden: AbstractSet[Pair],
    ) -> None:
        self.task, self.label, self.slots = task, label, slots
        self.room = task.room - np.bincount(task.judge[chosen], minlength=len(task.judges))
        entry, judge = readings(task, chosen, scope)
        self.part = np.full(len(task.entries), -1, dtype=np.int64)
        self.part[entry] = label[judge]
        self.read = np.flatnonzero(self.part >= 0)
        self.read = self.read[np.argsort(self.part[self.read], kind="stable")]
        self.parts, self.starts = np.unique(self.part[self.read], return_index=True)
        names = sorted(set(task.panels))
        self.panel = np.array([names.index(one) for one in task.panels], dtype=np.int64)
        self.sits = np.array([[not one.panels or name in one.panels for name in names] for one in slots], dtype=bool)
        number = {alias: at for at, alias in enumerate(task.entries)}
        self.barred: dict[str, list[int]] = {}
        for judge_alias, alias in forbidden:
            if alias in number:
                self.barred.setdefault(judge_alias, []).append(number[alias])
        self.by_judge = np.argsort(task.judge, kind="stable")
        self.first = np.searchsorted(task.judge[self.by_judge], np.arange(len(task.judges) + 1))
        self.greatest = float(np.abs(task.value).max()) if task.is_valued else 1.0

    def offers(self) -> Iterator[_Offer]:
        """For each judge who is asked and each other part, the cheapest reading there."""
        for judge in self._asked():
            price = self._prices(judge)
            for part, start, end in zip(
                self.parts.tolist(), self.starts.tolist(), [*self.starts[1:].tolist(), self.read.size], strict=True
            ):
                if part != self.label[judge]:
                    best = start + int(np.argmin(price[start:end]))
                    if np.isfinite(price[best]):
                        yield _Offer(price=float(price[best]), judge=judge, entry=int(self.read[best]))

    def _asked(self) -> list[int]:
        reading = np.flatnonzero(np.isin(self.label, self.parts))
        if len(self.slots) * len(self.task.entries) <= _MOST:
            return list(reading.tolist())
        order = reading[np.lexsort((reading, -self.room[reading], self.label[reading]))]
        place = np.arange(order.size) - np.searchsorted(self.label[order], self.label[order])
        return list(order[place < _ASKED].tolist())

    def _prices(self, judge: int) -> Floats:
        """What the judge's reading of each entry that is read would cost, in the order of `read`."""
        price = np.where(self.sits[judge][self.panel], 0.0, _OUTSIDE) + (_BEYOND if self.room[judge] < 1 else 0.0)
        own = self.by_judge[self.first[judge] : self.first[judge + 1]]
        if self.task.is_valued:
            price[self.task.entry[own]] -= self.task.value[own] / self.greatest
        price[self.barred.get(self.slots[judge].alias, [])] = np.inf
        found: Floats = price[self.read]
        return found

    def link(self, offer: _Offer) -> Link:
        """The offer in words."""
        return Link(
            judge=self.task.judges[offer.judge],
            entry=self.task.entries[offer.entry],
            outside_panel=not self.sits[offer.judge, self.panel[offer.entry]],
            beyond_room=bool(self.room[offer.judge] < 1),
        )
