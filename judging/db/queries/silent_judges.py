"""Whether a judge who was called silent has stirred since, or has nothing left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from judging.db.models import Assignment, SentMessage
from judging.domain.lifecycle import SheetState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

_UNFINISHED = (SheetState.ASSIGNED.value, SheetState.DRAFT.value, SheetState.REOPENED.value)


def has_stirred(session: Session, *, judge_id: str, round_key: str, since: datetime) -> bool:
    """Whether one of the judge's sheets of the round changed since then, or none is awaited any more."""
    mine = (Assignment.judge_id == judge_id, Assignment.round == round_key)
    last = session.scalar(select(func.max(Assignment.changed_at)).where(*mine))
    waiting = session.scalar(select(func.count(Assignment.id)).where(*mine, Assignment.state.in_(_UNFINISHED)))
    return not waiting or (last is not None and last > since)


def kept_keys(session: Session, *, contest_id: str, keys: Collection[str]) -> frozenset[str]:
    """Those of the keys under which a letter about the contest is in the log."""
    query = select(SentMessage.key).where(SentMessage.contest_id == contest_id, SentMessage.key.in_(keys))
    return frozenset(session.scalars(query))
