"""Judges who are contestants of the same contest: nobody reads the entry of somebody who reads theirs.

Chains of two and of three are avoided where that leaves no more places empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

import numpy as np

from judging.domain.planning.arrays import Flags, Ints
from judging.domain.planning.costs import mixture
from judging.domain.planning.search import Draft, cheapest_first
from judging.domain.planning.task import Task

Edge = tuple[int, int]
_CUTS = 12
_SMALL = 120
_SEARCHED = 100
_RINGS = 3


class Authors:
    """Which judges stand behind which entries."""

    def __init__(self, task: Task, authors: Mapping[str, AbstractSet[str]]) -> None:
        entry = {alias: number for number, alias in enumerate(task.entries)}
        judge = {alias: number for number, alias in enumerate(task.judges)}
        self.task = task
        self.owners: dict[int, list[int]] = {}
        for alias, own in authors.items():
            for one in own:
                if alias in judge and one in entry:
                    self.owners.setdefault(entry[one], []).append(judge[alias])
        self.people = {owner for owners in self.owners.values() for owner in owners}
        self.pairs: dict[Edge, list[int]] = {}
        entries = task.entry
        between = np.isin(task.judge, sorted(self.people)) & np.isin(entries, sorted(self.owners))
        for pair in np.flatnonzero(between).tolist():
            for owner in self.owners[int(entries[pair])]:
                self.pairs.setdefault((int(task.judge[pair]), owner), []).append(pair)
        self.held = {
            (reader, owner)
            for number, reader in zip(task.held_entry.tolist(), task.held_judge.tolist(), strict=True)
            if reader in self.people
            for owner in self.owners.get(number, ())
        }

    def edges(self, chosen: Flags) -> set[Edge]:
        """Who reads whom."""
        return self.held | {edge for edge, pairs in self.pairs.items() if chosen[pairs].any()}


def short_cycles(edges: AbstractSet[Edge]) -> list[tuple[Edge, ...]]:
    """All cycles of two and three, each once, from its smallest judge on."""
    out: dict[int, set[int]] = {}
    for reader, owner in edges:
        if reader != owner:
            out.setdefault(reader, set()).add(owner)
    found: list[tuple[Edge, ...]] = []
    for first in sorted(out):
        for second in sorted(one for one in out[first] if one in out):
            if second > first and first in out[second]:
                found.append(((first, second), (second, first)))
            if second > first:
                found += [
                    ((first, second), (second, third), (third, first))
                    for third in sorted(out[second])
                    if third > first and third != second and first in out.get(third, ())
                ]
    return found


def avoid_cycles(draft: Draft, authors: Authors) -> Draft:
    """The same with the fewest short cycles that were found: the cheapest edges are cut, else all read along a ring."""

    def faults(one: Draft) -> int:
        return len(short_cycles(authors.edges(one.solution.chosen)))

    if not faults(draft):
        return draft
    found = [draft, _cut(draft, authors)]
    if faults(found[-1]):
        found += _rings(draft, authors)
    best = min(found, key=lambda one: (faults(one), one.solution.rank))
    if faults(best) and draft.task.row.size <= _SMALL:
        return cheapest_first(best, faults=faults, branches=_brancher(authors), most=_SEARCHED, is_exact=False)
    return best


def _without(draft: Draft, authors: Authors, edges: Iterable[Edge]) -> Draft | None:
    banned = np.zeros(draft.task.row.size, dtype=bool)
    for edge in edges:
        banned[authors.pairs.get(edge, [])] = True
    return draft.again(banned=banned)


def _brancher(authors: Authors) -> Callable[[Draft], Iterator[Draft]]:
    def branches(draft: Draft) -> Iterator[Draft]:
        cycle = short_cycles(authors.edges(draft.solution.chosen))[0]
        for edge in cycle:
            if edge not in authors.held:
                branch = _without(draft, authors, [edge])
                if branch is not None:
                    yield branch

    return branches


def _cut(start: Draft, authors: Authors) -> Draft:
    """Rule out one edge of every cycle, and plan anew, until none is left or a place would stay empty."""
    best = draft = start
    for _ in range(_CUTS):
        cycles = short_cycles(authors.edges(draft.solution.chosen))
        if not cycles:
            return draft
        cut: set[Edge] = set()
        for cycle in cycles:
            able = [edge for edge in cycle if edge not in authors.held]
            if able and not cut.intersection(cycle):
                cut.add(max(able, key=lambda edge: (_cost(draft, authors, edge), edge)))
        tried = _without(draft, authors, cut)
        if not cut or tried is None or not tried.is_as_full_as(start):
            return best
        draft = tried
        if len(short_cycles(authors.edges(draft.solution.chosen))) < len(
            short_cycles(authors.edges(best.solution.chosen))
        ):
            best = draft
    return best


def _cost(draft: Draft, authors: Authors, edge: Edge) -> int:
    pairs = np.array(authors.pairs[edge])
    return int(draft.costs.pair[pairs[draft.solution.chosen[pairs]]].sum())


def _rings(draft: Draft, authors: Authors) -> Iterator[Draft]:
    """Set contestants in a ring, each reading only of the third of it that follows: no two and no three then close."""
    people = np.array(sorted(authors.people), dtype=np.int64)
    mixed = mixture(draft.task)
    for turn in range(_RINGS):
        order = np.lexsort((people, _drawn(people, mixed, turn))) if turn else np.arange(people.size)
        place = {int(judge): int(at) for at, judge in enumerate(people[order])}
        backwards = [
            (reader, owner)
            for reader, owner in authors.pairs
            if not 0 < 3 * ((place[owner] - place[reader]) % people.size) < people.size
        ]
        ring = _without(draft, authors, backwards)
        if ring is not None and ring.is_as_full_as(draft):
            yield ring


def _drawn(people: Ints, mixed: Ints, turn: int) -> Ints:
    """Another order of the same people in every turn, drawn from the mixture of aliases."""
    start = int(mixed[: people.size].sum()) + 1
    return (people + start) * (2 * turn + 1) * 7919 % 104_729
