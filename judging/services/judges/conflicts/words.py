"""A word on one judge and one entry, by the judge or the office, kept as a row that bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from judging.db.models import Conflict, ForcedAssignment

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Entry, Judge
    from judging.domain.conflicts import ConflictKind


def keep_word(
    session: Session,
    *,
    judge: Judge,
    entry: Entry,
    kind: ConflictKind,
    source: str,
    reason: str,
    by_id: str | None,
    now: datetime,
) -> Conflict:
    """Let a conflict stand that somebody has named. One that was found, set aside or lifted before stands again."""
    found = session.scalar(
        select(Conflict).where(
            Conflict.judge_id == judge.id, Conflict.entry_id == entry.id, Conflict.kind == kind.value
        )
    )
    if found is None:
        found = Conflict(
            contest_id=entry.contest_id, judge_id=judge.id, entry_id=entry.id, kind=kind.value, evidence=""
        )
        session.add(found)
    found.source, found.reason, found.by_id, found.at = source, reason.strip(), by_id, now
    found.withdrawn_at = found.withdrawn_by_id = found.forced_id = found.unseen_at = None
    found.bars, found.withdrawn_reason = True, ""
    session.flush()
    return found


def forget_texts(session: Session, entry: Entry) -> None:
    """Empty what was written about the conflicts of an entry that is erased; that there were some stays."""
    emptied = update(Conflict).where(Conflict.entry_id == entry.id)
    session.execute(emptied.values(reason="", evidence="", withdrawn_reason=""))
    session.execute(update(ForcedAssignment).where(ForcedAssignment.entry_id == entry.id).values(reason=""))
