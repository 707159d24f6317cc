"""A room with a clock, and each entry's place in it, for the world that the leak tests compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from judging.db.models import Booth, LeaseRound, LivePlace, LiveRoom, LiveRound
from tests.factories import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Entry

SLOT = timedelta(minutes=20)


def hold_live_round(session: Session, contest: Contest, round_key: str, entries: Mapping[str, Entry]) -> str:
    """Make the timetable of a morning with one team after the other; returns the room's id."""
    return add_places(session, contest, round_key, [entry.id for entry in entries.values()])


def add_places(session: Session, contest: Contest, round_key: str, entry_ids: Iterable[str]) -> str:
    """A room in which these entries are heard one after the other; returns its id."""
    until = NOW + timedelta(hours=3)
    session.add(
        LiveRound(
            contest_id=contest.id, round=round_key, way="hearing", minutes=20, applied_at=NOW,
            windows=[[NOW.isoformat(), until.isoformat()]],
        )
    )  # fmt: skip
    room = LiveRoom(contest_id=contest.id, round=round_key, position=0, name="Phòng mẫu")
    session.add(room)
    session.flush()
    session.add_all(
        LivePlace(
            contest_id=contest.id, round=round_key, room_id=room.id, entry_id=entry_id,
            starts_at=NOW + number * SLOT, ends_at=NOW + (number + 1) * SLOT,
        )
        for number, entry_id in enumerate(entry_ids)
    )  # fmt: skip
    session.flush()
    return room.id


def add_booths(session: Session, contest: Contest, round_key: str, entry_ids: Iterable[str]) -> None:
    """Let the round lead its judges from booth to booth, each entry at a booth with a name."""
    session.add(LeaseRound(contest_id=contest.id, round=round_key, minutes=15))
    session.add_all(
        Booth(entry_id=entry_id, round=round_key, name=f"zq-booth-{number}")
        for number, entry_id in enumerate(entry_ids)
    )
    session.flush()
