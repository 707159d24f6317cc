"""Which judges have entries to judge that they were not told of yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, case, func, join, or_, select

from judging.db.models import Assignment, Contest, ContestRound, Judge, ToldOfWork
from judging.db.queries.conflict_gate import clashing
from judging.domain.lifecycle import ContestPhase, SheetState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Join
    from sqlalchemy.orm import Session

OPEN = "open"
_UNFINISHED = (SheetState.ASSIGNED.value, SheetState.DRAFT.value)


class NewWork(NamedTuple):
    """How many entries a judge was given in a round since they were last told, and when the newest was."""

    judge_id: str
    round: str
    entries: int
    newest: datetime


def contests_with_news(session: Session, *, settled: datetime, overdue: datetime) -> Sequence[tuple[str, datetime]]:
    """The contests in which somebody is to be told, each with the moment of its newest piece of work.

    While work is still being given out it is waited for: until the newest piece is older than `settled`, or the oldest
    older than `overdue`.
    """
    given = _given_at()
    query = (
        select(Assignment.contest_id, func.max(given))
        .select_from(_sources())
        .where(_untold())
        .group_by(Assignment.contest_id)
        .having(or_(func.max(given) <= settled, func.min(given) <= overdue))
    )
    return [(contest_id, newest) for contest_id, newest in session.execute(query)]


def new_work(session: Session, *, contest_id: str) -> Sequence[NewWork]:
    """What there is to tell in a contest, by judge and round."""
    query = (
        select(Assignment.judge_id, Assignment.round, func.count(), func.max(_given_at()))
        .select_from(_sources())
        .where(Assignment.contest_id == contest_id, _untold())
        .group_by(Assignment.judge_id, Assignment.round)
        .order_by(Assignment.round, Assignment.judge_id)
    )
    return [NewWork(*row) for row in session.execute(query)]


def _given_at() -> ColumnElement[datetime]:
    """When an entry could be judged: when it was assigned, or its round opened, whichever came later."""
    opened_later = and_(ContestRound.opened_at.is_not(None), ContestRound.opened_at > Assignment.assigned_at)
    return case((opened_later, ContestRound.opened_at), else_=Assignment.assigned_at)


def _sources() -> Join:
    """Readings with their contest, round, judge and up to when the judge was told."""
    here = and_(ContestRound.contest_id == Assignment.contest_id, ContestRound.key == Assignment.round)
    told = and_(ToldOfWork.judge_id == Assignment.judge_id, ToldOfWork.round == Assignment.round)
    found = join(Assignment, Contest, Contest.id == Assignment.contest_id).join(ContestRound, here)
    return found.join(Judge, Judge.id == Assignment.judge_id).outerjoin(ToldOfWork, told)


def _untold() -> ColumnElement[bool]:
    return and_(
        Contest.phase == ContestPhase.JUDGING.value,
        ContestRound.state == OPEN,
        Judge.is_active,
        Assignment.state.in_(_UNFINISHED),
        ~clashing(),
        or_(ToldOfWork.at.is_(None), _given_at() > ToldOfWork.at),
    )
