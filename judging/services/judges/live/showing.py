"""The timetable that stands, as plain rows for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from judging.db.queries.live import places_of_round, readers_of_round

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest


class TimetableRow(NamedTuple):
    """A place: the entry's number and alias, the aliases of the judges who are there now."""

    room: str
    starts_at: datetime
    ends_at: datetime
    number: int
    entry: str
    judges: tuple[str, ...]


def timetable_rows(session: Session, *, contest: Contest, round_key: str) -> list[TimetableRow]:
    """The places of a round by time and room. A judge who left an entry since is not among its judges."""
    readers = readers_of_round(session, contest, round_key=round_key)
    rows = []
    for place in places_of_round(session, contest, round_key=round_key):
        now_there = [judge.alias for judge in readers.get(place.entry_id, [])]
        judges = [alias for alias in now_there if place.judge is None or place.judge.alias == alias]
        rows.append(
            TimetableRow(
                place.room.name, place.starts_at, place.ends_at, place.entry.number, place.entry.alias, tuple(judges)
            )
        )
    return rows
