"""Hearings: a team meets all its judges at once, in a room that hears its panel.

Fewest slots for such meetings is graph colouring, for which no quick exact way is known. Slots are therefore filled one
after the other with those whose judges, people or rooms have most left to do, in several orders that chance does not
choose, until a bound is reached that no timetable can beat: with a panel to each room that happens at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from random import Random

from judging.domain.timetable.model import ABSENT, NO_ROOM, TOO_FEW_SLOTS, Place, Room, Team, Timetable, Unplaced

_ORDERS = 40
_MOST_TEAMS_TRIED = 2400


def plan_hearings(
    teams: Sequence[Team],
    rooms: Sequence[Room],
    *,
    slots: int,
    absent: Mapping[str, AbstractSet[int]] | None = None,
) -> Timetable:
    """Place teams in rooms and slots (numbered from 0), in as few slots as is found.

    `absent` names the slots in which a judge is away. A team that finds no place is named with the reason.
    """
    away = absent or {}
    able = [team for team in teams if any(room.takes(team.panel) for room in rooms)]
    homeless = [Unplaced(team.entry, team.judges, NO_ROOM) for team in teams if team not in able]
    fewest = _bound(able, rooms)
    best: Timetable | None = None
    # A hundred teams are tried in many orders, a thousand in two: a page waits for the answer.
    for number in range(max(1, min(_ORDERS, _MOST_TEAMS_TRIED // max(len(able), 1)))):
        # Other orders, the same each time; the first is the order in which the teams were given.
        mix = Random(number) if number else None  # noqa: S311 - an order that anyone can repeat, not a secret
        found = _Hall(able, rooms, slots, away, mix).fill()
        if best is None or (len(found.unplaced), found.used) < (len(best.unplaced), best.used):
            best = found
        if not best.unplaced and best.used <= fewest:
            break
    places = best.places if best else ()
    unplaced = best.unplaced if best else ()
    return Timetable(places=places, unplaced=(*homeless, *unplaced), fewest=fewest)


def _bound(teams: Sequence[Team], rooms: Sequence[Room]) -> int:
    """The most that a judge, a person, or a set of rooms that hears the same panels has to do."""
    busy = Counter(f"judge {judge}" for team in teams for judge in team.judges)
    busy.update(f"person {who}" for team in teams for who in team.people)
    heard: dict[frozenset[str], int] = {}
    for team in teams:
        where = frozenset(room.key for room in rooms if room.takes(team.panel))
        heard[where] = heard.get(where, 0) + 1
    shares = [
        -(-sum(count for inner, count in heard.items() if inner <= where) // len(where)) for where in heard if where
    ]
    return max([*busy.values(), *shares], default=0)


class _Hall:
    """One filling of all slots, in one order of the teams."""

    def __init__(
        self,
        teams: Sequence[Team],
        rooms: Sequence[Room],
        slots: int,
        absent: Mapping[str, AbstractSet[int]],
        mix: Random | None,
    ) -> None:
        self.rooms = rooms
        self.slots = slots
        self.absent = absent
        self.left = list(teams)
        self.tie = {team.entry: mix.random() if mix else float(index) for index, team in enumerate(teams)}
        self.busy: Counter[str] = Counter()
        for team in teams:
            self.busy.update(_needs(team))
        self.last_room: dict[str, str] = {}
        self.places: list[Place] = []

    def fill(self) -> Timetable:
        for slot in range(self.slots):
            if not self.left:
                break
            self._fill_slot(slot)
        return Timetable(places=tuple(sorted(self.places)), unplaced=tuple(map(self._why, self.left)))

    def _fill_slot(self, slot: int) -> None:
        taken: set[str] = set()
        seated: dict[str, Team] = {}
        for team in sorted(self.left, key=self._urgency):
            if len(seated) == len(self.rooms):
                break
            needs = _needs(team)
            if taken.isdisjoint(needs) and not self._is_away(team, slot) and self._seat(team, seated, set()):
                taken |= needs
        for key, team in seated.items():
            self.places.append(Place(slot, key, team.entry, team.judges))
            self.last_room.update(dict.fromkeys(team.judges, key))
            self.busy.subtract(_needs(team))
        gone = {team.entry for team in seated.values()}
        self.left = [team for team in self.left if team.entry not in gone]

    def _urgency(self, team: Team) -> tuple[int, int, int, float]:
        most = max((self.busy[need] for need in _needs(team)), default=0)
        choices = sum(room.takes(team.panel) for room in self.rooms)
        return (-most, choices, -sum(self.busy[need] for need in _needs(team)), self.tie[team.entry])

    def _seat(self, team: Team, seated: dict[str, Team], asked: set[str]) -> bool:
        """Find the team a room; another team moves to a room of its own choice where that makes place."""
        stays = {self.last_room.get(judge) for judge in team.judges}
        for room in sorted(self.rooms, key=lambda one: one.key not in stays):
            if room.takes(team.panel) and room.key not in asked:
                asked.add(room.key)
                if room.key not in seated or self._seat(seated[room.key], seated, asked):
                    seated[room.key] = team
                    return True
        return False

    def _is_away(self, team: Team, slot: int) -> bool:
        return any(slot in self.absent.get(judge, ()) for judge in team.judges)

    def _why(self, team: Team) -> Unplaced:
        never = all(self._is_away(team, slot) for slot in range(self.slots))
        return Unplaced(team.entry, team.judges, ABSENT if never and self.slots else TOO_FEW_SLOTS)


def _needs(team: Team) -> frozenset[str]:
    """Everybody whom the hearing needs, judges and people apart by a prefix."""
    return frozenset({*(f"j {judge}" for judge in team.judges), *(f"p {who}" for who in team.people)})
