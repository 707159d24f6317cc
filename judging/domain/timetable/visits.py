"""Visits: each judge goes to the teams one by one, and a team receives one judge at a time.

Without absences the fewest slots are the most visits that a judge makes or a team receives (Kőnig 1916), reached here
by colouring the edges of the graph of judges and teams: each visit takes a slot that both have free, and where they
have none in common, two slots change places along a path. With absences slots are given greedily.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from judging.domain.timetable.model import (
    ABSENT,
    JUDGE_TOO_BUSY,
    NO_ROOM,
    TOO_FEW_SLOTS,
    Place,
    Room,
    Team,
    Timetable,
    Unplaced,
)

_Visit = tuple[str, str]
"""A judge and an entry."""


def plan_visits(
    teams: Sequence[Team],
    rooms: Sequence[Room],
    *,
    slots: int,
    absent: Mapping[str, AbstractSet[int]] | None = None,
) -> Timetable:
    """Place each judge's visit to each of their teams in a slot (numbered from 0).

    Entries that share a person count as one stand: nobody can receive two judges at a time. A team stands in the first
    room that takes its panel. A visit that finds no slot is named with the reason.
    """
    where = {team.entry: next((room.key for room in rooms if room.takes(team.panel)), None) for team in teams}
    stand = _stands(teams)
    visits = [(judge, team.entry) for team in teams if where[team.entry] is not None for judge in team.judges]
    load = Counter(f"j {judge}" for judge, _ in visits)
    load.update(f"s {stand[entry]}" for _, entry in visits)
    fewest = max(load.values(), default=0)
    away = {judge: gone for judge, gone in (absent or {}).items() if gone}
    given = _greedy(visits, stand, load, slots, away) if away else _coloured(visits, stand, fewest)
    places = [
        Place(slot, where[entry] or "", entry, (judge,)) for (judge, entry), slot in given.items() if slot < slots
    ]
    placed = {(place.judges[0], place.entry) for place in places}
    unplaced = [Unplaced(team.entry, team.judges, NO_ROOM) for team in teams if where[team.entry] is None]
    unplaced += [
        Unplaced(visit[1], (visit[0],), _reason(visit, load, slots, away)) for visit in visits if visit not in placed
    ]
    return Timetable(places=tuple(sorted(places)), unplaced=tuple(unplaced), fewest=fewest)


def _reason(visit: _Visit, load: Mapping[str, int], slots: int, away: Mapping[str, AbstractSet[int]]) -> str:
    if load[f"j {visit[0]}"] > slots:
        return JUDGE_TOO_BUSY
    return ABSENT if visit[0] in away else TOO_FEW_SLOTS


def _stands(teams: Sequence[Team]) -> dict[str, str]:
    """For each entry the stand it belongs to: entries joined by a person, however many steps away, are one."""
    root = {team.entry: team.entry for team in teams}

    def find(entry: str) -> str:
        while root[entry] != entry:
            root[entry] = root[root[entry]]
            entry = root[entry]
        return entry

    first: dict[str, str] = {}
    for team in teams:
        for who in sorted(team.people):
            root[find(team.entry)] = find(first.setdefault(who, team.entry))
    return {team.entry: find(team.entry) for team in teams}


class _Colouring:
    """Slots of visits, no two of a judge or of a stand alike. A node is a judge or a stand, an edge a visit."""

    def __init__(self, stand: Mapping[str, str], colours: int) -> None:
        self.stand = stand
        self.colours = colours
        self.slot_of: dict[_Visit, int] = {}
        self.at: dict[str, dict[int, _Visit]] = {}

    def add(self, visit: _Visit) -> None:
        """Give the visit a slot that the judge has free, having made it free at the stand too."""
        judge, stand = self._ends(visit)
        wanted, other = self._free(judge), self._free(stand)
        if wanted in self.at[stand]:
            self._swap(stand, wanted, other)
        self._give(visit, wanted)

    def _swap(self, node: str, one: int, two: int) -> None:
        """Exchange two slots along the path from `node` on which they alternate.

        The graph has judges on one side and stands on the other, so the path never comes back to the visit's judge.
        """
        path: list[_Visit] = []
        colour = one
        while (visit := self.at[node].get(colour)) is not None:
            path.append(visit)
            judge, stand = self._ends(visit)
            node = stand if node == judge else judge
            colour = two if colour == one else one
        for visit in path:
            for end in self._ends(visit):
                del self.at[end][self.slot_of[visit]]
        for visit in path:
            self._give(visit, two if self.slot_of[visit] == one else one)

    def _give(self, visit: _Visit, slot: int) -> None:
        self.slot_of[visit] = slot
        for end in self._ends(visit):
            self.at[end][slot] = visit

    def _ends(self, visit: _Visit) -> tuple[str, str]:
        return f"j {visit[0]}", f"s {self.stand[visit[1]]}"

    def _free(self, node: str) -> int:
        used = self.at.setdefault(node, {})
        return next(colour for colour in range(self.colours) if colour not in used)


def _coloured(visits: Sequence[_Visit], stand: Mapping[str, str], colours: int) -> dict[_Visit, int]:
    """A slot below `colours` for each visit, where `colours` is the most that any judge or stand has."""
    colouring = _Colouring(stand, colours)
    for visit in visits:
        colouring.add(visit)
    return colouring.slot_of


def _greedy(
    visits: Sequence[_Visit],
    stand: Mapping[str, str],
    load: Mapping[str, int],
    slots: int,
    away: Mapping[str, AbstractSet[int]],
) -> dict[_Visit, int]:
    """Slot after slot, the judges who have most left to do in the slots in which they are there come first."""
    left = list(visits)
    todo = Counter(load)
    given: dict[_Visit, int] = {}
    for slot in range(slots):
        taken: set[str] = set()

        def urgency(visit: _Visit, slot: int = slot) -> tuple[int, int]:
            judge, entry = visit
            room = slots - slot - sum(gone >= slot for gone in away.get(judge, ()))
            return room - todo[f"j {judge}"], -todo[f"s {stand[entry]}"]

        for visit in sorted(left, key=urgency):
            ends = {f"j {visit[0]}", f"s {stand[visit[1]]}"}
            if taken.isdisjoint(ends) and slot not in away.get(visit[0], ()):
                taken |= ends
                given[visit] = slot
                todo.subtract(ends)
        left = [visit for visit in left if visit not in given]
    return given
