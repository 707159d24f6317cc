"""A first fair plan of who judges what.

The plan is a maximum flow from entries to judges with convex costs on a judge's load, found by augmenting paths: first
every entry gets one judge, then every entry a second, and so on, so that a shortage falls on all alike; then loads are
evened along cost-reducing paths until none is left (Harvey, Ladner, Lovász, Tamir: "Semi-matchings for bipartite graphs
and load balancing", 2006). Nothing is drawn by lot: the same input gives the same plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from judging.domain.assignment_network import AssignmentNetwork, JudgeSlot, Pair, Unfilled

__all__ = ["JudgeSlot", "Pair", "Plan", "Unfilled", "plan_assignment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """New pairs to make, each judge's order for them, every judge's load with what they had, and who falls short."""

    pairs: tuple[Pair, ...]
    order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    load: Mapping[str, int] = field(default_factory=dict)
    unfilled: tuple[Unfilled, ...] = ()


def plan_assignment(
    entries: Sequence[tuple[str, str]],
    judges: Sequence[JudgeSlot],
    *,
    per_entry: int,
    forbidden: AbstractSet[Pair] = frozenset(),
    existing: AbstractSet[Pair] = frozenset(),
) -> Plan:
    """Plan judges for entries (alias and panel or category), so many for each.

    Pairs in `existing` stay and count; pairs in `forbidden` are never made. As many places as possible are filled, no
    judge gets more than their capacity or an entry twice, and no exchange of places would even the loads further.
    """
    network = AssignmentNetwork(sorted(entries), sorted(judges, key=lambda judge: judge.alias), forbidden, existing)
    network.fill(per_entry)
    network.even_out()
    pairs = tuple(network.new_pairs())
    return Plan(
        pairs=pairs,
        order=_orders(pairs, judges),
        load={judge.alias: load for judge, load in zip(network.judges, network.load, strict=True)},
        unfilled=tuple(network.unfilled(per_entry)),
    )


def _orders(pairs: Iterable[Pair], judges: Iterable[JudgeSlot]) -> dict[str, tuple[str, ...]]:
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
