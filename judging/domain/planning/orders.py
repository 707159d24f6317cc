"""The order in which each judge reads: counterbalanced, so that no entry is always the first or the last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from judging.domain.planned import JudgeSlot, Pair


def order_readings(pairs: Iterable[Pair], judges: Iterable[JudgeSlot]) -> dict[str, tuple[str, ...]]:
    """Each judge's entries in a counterbalanced order: judges begin at different entries, every other one backwards."""
    lists: dict[str, list[str]] = {}
    for judge, entry in pairs:
        lists.setdefault(judge, []).append(entry)
    colleagues = Counter(slot.panels for slot in judges if slot.alias in lists)
    seen: Counter[frozenset[str]] = Counter()
    firsts: Counter[str] = Counter()
    orders = {}
    for slot in sorted(judges, key=lambda one: one.alias):
        own = lists.get(slot.alias)
        if own is None:
            continue
        index = seen[slot.panels]
        seen[slot.panels] += 1
        wanted = index * len(own) // colleagues[slot.panels]
        turns = [(wanted + turn) % len(own) for turn in range(len(own))]
        start = min(turns, key=lambda turn: firsts[own[turn]])
        firsts[own[start]] += 1
        forwards = own[start:] + own[:start]
        orders[slot.alias] = tuple(forwards if index % 2 == 0 else [forwards[0], *reversed(forwards[1:])])
    return orders
