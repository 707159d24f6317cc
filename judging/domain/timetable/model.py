"""What a timetable is made of, and the check that nobody is in two places at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from judging.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room, or a row of stands, with the panels that are heard in it: all of them if it names none."""

    key: str
    panels: frozenset[str] = frozenset()

    def takes(self, panel: str) -> bool:
        """Whether teams of the panel are heard here."""
        return not self.panels or panel in self.panels


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """An entry with the judges who read it, and the people who present it: an author of two entries stands in both."""

    entry: str
    panel: str
    judges: tuple[str, ...]
    people: frozenset[str] = frozenset()


class Place(NamedTuple):
    """A team in a slot (by number) and a room, with the judges who are there."""

    slot: int
    room: str
    entry: str
    judges: tuple[str, ...]


class Unplaced(NamedTuple):
    """A team, or a visit to it, that found no place, and an msgid that says why and what would help."""

    entry: str
    judges: tuple[str, ...]
    reason: str


class Clash(NamedTuple):
    """Somebody, or a room, that a timetable has twice in a slot. `what` is `judge`, `person` or `room`."""

    slot: int
    what: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Places in the order of slots and rooms, what found none, and how few slots could do.

    `fewest` is a bound that no timetable can go below; `used` is how many slots this one needs.
    """

    places: tuple[Place, ...]
    unplaced: tuple[Unplaced, ...] = ()
    fewest: int = 0

    @property
    def used(self) -> int:
        """The number of slots up to the last one in use."""
        return max((place.slot for place in self.places), default=-1) + 1


ABSENT = N_("One of the judges is away in every slot that is left. Have another judge read this entry, or add slots.")
NO_ROOM = N_("No room hears this panel. Add a room for it.")
TOO_FEW_SLOTS = N_("There are too few slots. Add rooms, or hours.")
JUDGE_TOO_BUSY = N_("A judge has more visits than there are slots. Add hours, or give the entry to another judge.")


def find_clashes(
    places: Iterable[Place], people: Mapping[str, frozenset[str]], *, shared_rooms: bool = False
) -> tuple[Clash, ...]:
    """Who is in two places at a time. `people` names those who present each entry.

    With `shared_rooms` several teams stand in one room, as on visits.
    """
    return tuple(_clashes(places, people, shared_rooms=shared_rooms))


def _clashes(places: Iterable[Place], people: Mapping[str, frozenset[str]], *, shared_rooms: bool) -> Iterator[Clash]:
    by_slot: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        by_slot[place.slot].append(place)
    for slot, here in sorted(by_slot.items()):
        yield from _twice(slot, "judge", (judge for place in here for judge in place.judges))
        yield from _twice(slot, "person", (who for place in here for who in people.get(place.entry, frozenset())))
        if not shared_rooms:
            yield from _twice(slot, "room", (place.room for place in here))


def _twice(slot: int, what: str, names: Iterable[str]) -> Iterator[Clash]:
    seen: set[str] = set()
    told: set[str] = set()
    for name in names:
        if name in seen and name not in told:
            told.add(name)
            yield Clash(slot, what, name)
        seen.add(name)
