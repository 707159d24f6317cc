"""The shared clock of a room as pages show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for

from judging.db.queries.live import place_of_reading
from judging.domain.lifecycle import ContestPhase
from judging.domain.pitch_clock import ClockPart
from judging.domain.rules import RoundMode
from judging.services.judges.live.clocks import clock_of, slot_minutes
from judging.services.rounds.entries import judged_round
from judging.web.context import contest, now, rules
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import LiveRoom
    from judging.services.sheets.readings import Reading


def clock_values(room: LiveRoom) -> dict[str, Any]:
    """What a page needs to show the clock of a room, and to go on by itself."""
    judged = judged_round(rules(), room.round)
    stand = clock_of(room)
    # Where the rules name no time for presenting, a team has its slot.
    presenting = judged.minutes or slot_minutes(db(), contest=contest(), round_key=room.round)
    minutes = judged.question_minutes if stand.part is ClockPart.QUESTIONS else presenting
    return {
        "room": room,
        "judged": judged,
        "part": stand.part.value,
        "running": stand.since is not None,
        "presenting": presenting,
        "seconds_left": minutes * 60 - int(stand.passed(now()).total_seconds()),
        "may_move": contest().phase == ContestPhase.JUDGING,
        "url": url_for("judge.clock", slug=contest().slug, room_id=room.id),
    }


def clock_of_reading(reading: Reading) -> dict[str, Any] | None:
    """The clock of the room in which the judge meets the team, or None where nobody meets anybody."""
    if reading.judged.mode is RoundMode.DOSSIER:
        return None
    place = place_of_reading(db(), reading.assignment)
    return clock_values(place.room) if place is not None else None
