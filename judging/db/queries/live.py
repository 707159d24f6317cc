"""What pages of live rounds read: who is where and when."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import joinedload

from judging.db.models import Assignment, Entry, Judge, LivePlace, LiveRoom
from judging.db.queries.conflict_gate import clashing
from judging.domain.lifecycle import SheetState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Contest

_GONE = (SheetState.RECUSED.value, SheetState.REASSIGNED.value, SheetState.WRITTEN_OFF.value)


def places_of_round(session: Session, contest: Contest, *, round_key: str) -> Sequence[LivePlace]:
    """The timetable of a round, by time and room, with entries, rooms and judges of visits."""
    return session.scalars(
        select(LivePlace)
        .join(LiveRoom, LiveRoom.id == LivePlace.room_id)
        .where(LivePlace.contest_id == contest.id, LivePlace.round == round_key)
        .options(
            joinedload(LivePlace.entry),
            joinedload(LivePlace.room),
            joinedload(LivePlace.judge).joinedload(Judge.account),
        )
        .order_by(LivePlace.starts_at, LiveRoom.position, LivePlace.id)
    ).all()


def readers_of_round(session: Session, contest: Contest, *, round_key: str) -> dict[str, list[Judge]]:
    """The judges whom each entry of the round has now, by the entry's id and in the order of aliases."""
    rows = session.execute(
        select(Assignment.entry_id, Judge)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(Assignment.contest_id == contest.id, Assignment.round == round_key, Assignment.state.not_in(_GONE))
        .options(joinedload(Judge.account))
        .order_by(Assignment.entry_id, Judge.alias)
    )
    found: dict[str, list[Judge]] = defaultdict(list)
    for entry_id, judge in rows:
        found[entry_id].append(judge)
    return dict(found)


def places_of_judge(session: Session, judge: Judge) -> Sequence[tuple[LivePlace, str]]:
    """Where a judge is expected, by time, with the id of the reading. Entries that the judge is off are left out."""
    rows = session.execute(
        select(LivePlace, Assignment.id)
        .join(
            Assignment,
            and_(
                Assignment.entry_id == LivePlace.entry_id,
                Assignment.round == LivePlace.round,
                Assignment.judge_id == judge.id,
            ),
        )
        .where(
            LivePlace.contest_id == judge.contest_id,
            or_(LivePlace.judge_id.is_(None), LivePlace.judge_id == judge.id),
            Assignment.state.not_in(_GONE),
            ~clashing(),
        )
        .options(joinedload(LivePlace.entry), joinedload(LivePlace.room))
        .order_by(LivePlace.starts_at, LivePlace.id)
    )
    return [(place, assignment_id) for place, assignment_id in rows]


def has_places(session: Session, judge: Judge) -> bool:
    """Whether any round of the judge's contest has a timetable."""
    return bool(session.scalar(select(exists().where(LivePlace.contest_id == judge.contest_id))))


def place_of_reading(session: Session, assignment: Assignment) -> LivePlace | None:
    """Where the judge of a reading meets its team, with the room; the first place if there are several."""
    return session.scalars(
        select(LivePlace)
        .where(
            LivePlace.entry_id == assignment.entry_id,
            LivePlace.round == assignment.round,
            or_(LivePlace.judge_id.is_(None), LivePlace.judge_id == assignment.judge_id),
        )
        .options(joinedload(LivePlace.room))
        .order_by(LivePlace.starts_at, LivePlace.id)
        .limit(1)
    ).first()


def places_of_entry(session: Session, entry: Entry) -> Sequence[LivePlace]:
    """Where a team is expected, by time, with the rooms."""
    return session.scalars(
        select(LivePlace)
        .where(LivePlace.entry_id == entry.id)
        .options(joinedload(LivePlace.room))
        .order_by(LivePlace.starts_at, LivePlace.id)
    ).all()
