"""Entries that judges have set aside: whether one stands aside, as an expression, and those of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import contains_eager

from judging.db.models import Assignment, Entry, Judge, SheetAside
from judging.domain.lifecycle import SheetState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

_UNFINISHED = (SheetState.ASSIGNED.value, SheetState.DRAFT.value, SheetState.REOPENED.value)


def _stands() -> ColumnElement[bool]:
    return and_(
        SheetAside.assignment_id == Assignment.id,
        SheetAside.ended_at.is_(None),
        SheetAside.sheet_version == Assignment.sheet_version,
    )


def is_aside() -> ColumnElement[bool]:
    """Whether the reading of the query's row is set aside now: still to be judged, and nobody has ended it."""
    return and_(Assignment.state.in_(_UNFINISHED), exists().where(_stands()))


def standing_aside(session: Session, *, assignment: Assignment) -> SheetAside | None:
    """What the judge gave as the reason, where the reading is set aside now."""
    return session.scalar(
        select(SheetAside)
        .join(Assignment, _stands())
        .where(Assignment.id == assignment.id, Assignment.state.in_(_UNFINISHED))
    )


def newest_answer(session: Session, *, assignment: Assignment) -> SheetAside | None:
    """The reading's newest time aside that somebody else than its judge has ended: the office's answer."""
    return session.scalar(
        select(SheetAside)
        .join(Assignment, SheetAside.assignment_id == Assignment.id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(
            Assignment.id == assignment.id,
            SheetAside.ended_at.is_not(None),
            SheetAside.ended_by_id != Judge.account_id,
            SheetAside.sheet_version == Assignment.sheet_version,
        )
        .order_by(SheetAside.ended_at.desc())
        .limit(1)
    )


def asides_of_round(session: Session, *, contest_id: str, round_key: str) -> Sequence[SheetAside]:
    """What stands aside in a round with entry and judge, the longest waiting first; always one query."""
    query = (
        select(SheetAside)
        .join(Assignment, _stands())
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.contest_id == contest_id, Assignment.round == round_key, Assignment.state.in_(_UNFINISHED))
        .options(
            contains_eager(SheetAside.assignment).contains_eager(Assignment.entry),
            contains_eager(SheetAside.assignment).joinedload(Assignment.judge).joinedload(Judge.account),
        )
        .order_by(SheetAside.at, SheetAside.id)
    )
    return session.scalars(query).all()
