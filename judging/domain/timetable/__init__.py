"""Timetables of live rounds: teams, judges and rooms in slots, so that nobody has to be in two places at a time.

A round is heard in one of two ways. At a hearing a team meets all its judges at once, in a room. On visits each judge
goes to the teams one by one. Both leave nothing to chance: the same input gives the same timetable.
"""

from judging.domain.timetable.hearings import plan_hearings
from judging.domain.timetable.model import Clash, Place, Room, Team, Timetable, Unplaced, find_clashes
from judging.domain.timetable.slots import Slot, Window, slots_of
from judging.domain.timetable.visits import plan_visits

__all__ = [
    "Clash",
    "Place",
    "Room",
    "Slot",
    "Team",
    "Timetable",
    "Unplaced",
    "Window",
    "find_clashes",
    "plan_hearings",
    "plan_visits",
    "slots_of",
]
