"""The clock of a room: one for all devices, kept by the server, moved by whoever is at work in the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import LiveRoom, LiveRound
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Role
from judging.domain.pitch_clock import ClockAct, ClockPart, PitchClock, move_clock
from judging.errors import N_, NotAllowed, NotFound
from judging.errors import Conflict as Hindered
from judging.services.audit import record_event

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor

_MOVERS = (Role.ORGANISER, Role.SECRETARY, Role.JUDGE, Role.CHAIR)


def find_room(session: Session, *, contest: Contest, room_id: str, lock: bool = False) -> LiveRoom:
    """A room of the contest; with `lock` nobody else moves its clock until the unit of work ends. Raises NotFound."""
    query = select(LiveRoom).where(LiveRoom.id == room_id, LiveRoom.contest_id == contest.id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found


def clock_of(room: LiveRoom) -> PitchClock:
    """The clock as it stands."""
    return PitchClock(part=ClockPart(room.part), since=room.since, spent_ms=room.spent_ms)


def slot_minutes(session: Session, *, contest: Contest, round_key: str) -> int:
    """How long a slot of the round lasts, in minutes; 0 where no hours are recorded."""
    query = select(LiveRound.minutes).where(LiveRound.contest_id == contest.id, LiveRound.round == round_key)
    return session.scalar(query) or 0


def act_on_clock(
    session: Session, *, contest: Contest, room_id: str, act: ClockAct, version: int, actor: Actor, now: datetime
) -> LiveRoom:
    """Start, pause or set the clock of a room, or begin the time for questions.

    `version` is the one that the device showed. Raises NotAllowed, NotFound, and Conflict if another device was first.
    """
    if not actor.has(*_MOVERS) or contest.phase != ContestPhase.JUDGING:
        raise NotAllowed(N_("The clock belongs to the judges and the office while the round is judged."))
    room = find_room(session, contest=contest, room_id=room_id, lock=True)
    if room.clock_version != version:
        raise Hindered(N_("Another device moved the clock at the same moment. See how it stands now."))
    clock = move_clock(clock_of(room), act, now=now)
    room.part, room.since, room.spent_ms = clock.part.value, clock.since, clock.spent_ms
    room.clock_version += 1
    record_event(
        session, action="clock-moved", subject="live-room", subject_id=room.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"act": act.value}, now=now,
    )  # fmt: skip
    session.flush()
    return room
