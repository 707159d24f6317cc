"""What everybody may read of contests."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from judging.db.models import Amendment, Contest
from judging.domain.lifecycle import RESULT_PUBLIC_PHASES, ContestPhase

_HIDDEN = (ContestPhase.DRAFT,)
_PAST = (*sorted(RESULT_PUBLIC_PHASES), ContestPhase.CANCELLED)
MOST_CURRENT = 100


def list_current_contests(session: Session) -> Sequence[Contest]:
    """Contests that were announced and have no result yet, those that close first standing first."""
    query = (
        select(Contest)
        .where(Contest.phase.not_in([phase.value for phase in (*_HIDDEN, *_PAST)]))
        .options(joinedload(Contest.organisation))
        .order_by(Contest.closes_at, Contest.id)
        .limit(MOST_CURRENT)
    )
    return session.scalars(query).all()


def list_past_contests(session: Session, *, offset: int, limit: int) -> tuple[Sequence[Contest], int]:
    """Contests with published results, and cancelled ones, the newest first; and how many there are."""
    past = Contest.phase.in_([phase.value for phase in _PAST])
    query = (
        select(Contest)
        .where(past)
        .options(joinedload(Contest.organisation))
        .order_by(Contest.year.desc(), Contest.published_at.desc(), Contest.id)
        .offset(offset)
        .limit(limit)
    )
    return session.scalars(query).all(), session.scalar(select(func.count()).select_from(Contest).where(past)) or 0


def list_amendments(session: Session, *, contest: Contest) -> Sequence[Amendment]:
    """Changes of the rules since the contest opened, the newest first, with who made them."""
    query = (
        select(Amendment)
        .where(Amendment.contest_id == contest.id)
        .options(joinedload(Amendment.by))
        .order_by(Amendment.at.desc(), Amendment.id)
        .limit(100)
    )
    return session.scalars(query).all()
