"""What is to be planned, as arrays: places of entries, room of judges, and the pairs that may be made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from judging.domain.planned import JudgeSlot, Pair, Wishes
from judging.domain.planning.arrays import Flags, Floats, Ints, Nodes


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Entries, judges and pairs by number, in the order of their aliases.

    A row is a group of places of one entry (`row_entry`): `need` must be filled, `wish` should be if anything is left.
    Rows of one entry have no judge in common. `row` and `judge` are the pairs that may be made, by row and judge,
    `value` what each is worth. `held_entry` and `held_judge` are pairs that exist; `load` counts them, and those on
    entries that are not planned here.
    """

    entries: tuple[str, ...]
    panels: tuple[str, ...]
    judges: tuple[str, ...]
    wanted: int
    row_entry: Ints
    need: Ints
    wish: Ints
    room: Ints
    load: Ints
    least: Ints
    row: Nodes
    judge: Nodes
    value: Floats
    held_entry: Ints
    held_judge: Ints
    held_value: Floats

    @property
    def entry(self) -> Ints:
        """The entry of each pair that may be made."""
        return self.row_entry[self.row]

    @property
    def is_valued(self) -> bool:
        """Whether one pair is worth more than another."""
        return bool(self.value.size) and bool(np.ptp(self.value) > 0)


class _Numbers:
    """The numbers behind aliases."""

    def __init__(self, entries: Sequence[tuple[str, str]], judges: Sequence[JudgeSlot]) -> None:
        self.entry = {alias: number for number, (alias, _) in enumerate(entries)}
        self.judge = {slot.alias: number for number, slot in enumerate(judges)}

    def codes(self, pairs: Iterable[Pair]) -> Ints:
        """The pairs of known entries and judges, each as one number, rising."""
        entry, judge, count = self.entry, self.judge, len(self.judge)
        known = [entry[e] * count + judge[j] for j, e in pairs if e in entry and j in judge]
        return _distinct(np.array(known, dtype=np.int64))


def make_task(
    entries: Iterable[tuple[str, str]],
    judges: Iterable[JudgeSlot],
    *,
    per_entry: int,
    forbidden: AbstractSet[Pair] = frozenset(),
    existing: AbstractSet[Pair] = frozenset(),
    extra: AbstractSet[Pair] = frozenset(),
    wishes: Wishes | None = None,
) -> Task:
    """Lay out who may judge what: everybody of an entry's panel without conflict, and the pairs in `extra`.

    The order of what is given makes no difference.
    """
    wishes = wishes or Wishes()
    entries = sorted(entries)
    slots = sorted(judges, key=lambda slot: slot.alias)
    numbers = _Numbers(entries, slots)
    held = numbers.codes(existing)
    barred = _distinct(np.concatenate([numbers.codes(forbidden), held]))
    groups = panel_groups(entries, slots)
    codes = _candidates(entries, groups, len(slots))
    if extra:
        codes = _distinct(np.concatenate([codes, numbers.codes(extra)]))
    codes = codes[~_in_sorted(codes, barred)]
    load = np.zeros(len(slots), dtype=np.int64)
    for judge, _ in existing:
        if judge in numbers.judge:
            load[numbers.judge[judge]] += 1
    # Readings by judges who are not planned here any more count for their entry all the same.
    fixed = np.zeros(len(entries), dtype=np.int64)
    for _, entry in existing:
        if entry in numbers.entry:
            fixed[numbers.entry[entry]] += 1
    capacity = np.array([slot.capacity for slot in slots], dtype=np.int64)
    count = max(len(slots), 1)
    value = _Values(entries, slots, numbers, wishes)
    return Task(
        entries=tuple(alias for alias, _ in entries),
        panels=tuple(panel for _, panel in entries),
        judges=tuple(slot.alias for slot in slots),
        wanted=per_entry,
        row_entry=np.arange(len(entries), dtype=np.int64),
        need=np.maximum(per_entry - fixed, 0),
        wish=np.zeros(len(entries), dtype=np.int64),
        room=np.maximum(capacity - load, 0),
        load=load,
        least=np.array([slot.least for slot in slots], dtype=np.int64),
        row=(codes // count).astype(np.int32),
        judge=(codes % count).astype(np.int32),
        value=value.of(codes),
        held_entry=held // count,
        held_judge=held % count,
        held_value=value.of(held),
    )


def panel_groups(entries: Sequence[tuple[str, str]], slots: Sequence[JudgeSlot]) -> dict[str, Ints]:
    """The judges of each panel, by number; a judge without panels is of every one."""
    return {
        panel: np.array(
            [number for number, slot in enumerate(slots) if not slot.panels or panel in slot.panels], dtype=np.int64
        )
        for panel in sorted({panel for _, panel in entries})
    }


def _candidates(entries: Sequence[tuple[str, str]], groups: Mapping[str, Ints], judges: int) -> Ints:
    parts = [number * judges + groups[panel] for number, (_, panel) in enumerate(entries)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _distinct(codes: Ints) -> Ints:
    """The numbers rising, each once."""
    rising = np.sort(codes)
    first = np.ones(rising.size, dtype=bool)
    first[1:] = rising[1:] != rising[:-1]
    return rising[first]


def _in_sorted(codes: Ints, rising: Ints) -> Flags:
    if not rising.size:
        return np.zeros(codes.size, dtype=bool)
    at = np.minimum(np.searchsorted(rising, codes), rising.size - 1)
    found: Flags = rising[at] == codes
    return found


class _Values:
    """What pairs are worth, looked up by their numbers."""

    def __init__(
        self, entries: Sequence[tuple[str, str]], slots: Sequence[JudgeSlot], numbers: _Numbers, wishes: Wishes
    ) -> None:
        self.judges = max(len(slots), 1)
        self.codes, self.values = _looked_up(wishes.affinity or {}, numbers)
        self.score = wishes.score
        self.expertise: Floats | None = None
        if wishes.expertise:
            named = wishes.categories or {}
            keys = [named.get(alias, panel) for alias, panel in entries]
            number = {key: at for at, key in enumerate(sorted(set(keys)))}
            self.category = np.array([number[key] for key in keys], dtype=np.int64)
            self.expertise = np.zeros((len(slots), len(number)))
            for (judge, key), value in wishes.expertise.items():
                if judge in numbers.judge and key in number:
                    self.expertise[numbers.judge[judge], number[key]] = value

    def of(self, codes: Ints) -> Floats:
        """The values of pairs."""
        values = np.zeros(codes.size)
        if self.codes.size and codes.size:
            at = np.minimum(np.searchsorted(self.codes, codes), self.codes.size - 1)
            values = np.where(self.codes[at] == codes, self.values[at], 0.0)
        if self.expertise is not None and codes.size:
            values = values + self.expertise[codes % self.judges, self.category[codes // self.judges]]
        if self.score is not None and codes.size:
            values = values + self.score(codes // self.judges, codes % self.judges)
        return values


def _looked_up(affinity: Mapping[Pair, float], numbers: _Numbers) -> tuple[Ints, Floats]:
    entry, judge, count = numbers.entry, numbers.judge, len(numbers.judge)
    known = [(entry[e] * count + judge[j], value) for (j, e), value in affinity.items() if e in entry and j in judge]
    codes = np.array([code for code, _ in known], dtype=np.int64)
    values = np.array([value for _, value in known], dtype=np.float64)
    order = np.argsort(codes)
    return codes[order], values[order]
