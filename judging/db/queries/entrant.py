"""What the people of an entry read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from judging.db.models import Contest, Entry, Screening


def list_own_entries(session: Session, *, account_id: str, offset: int, limit: int) -> tuple[Sequence[Entry], int]:
    """The person's entries in all contests, the newest change first, each with its contest; and how many there are."""
    mine = Entry.owner_id == account_id
    query = (
        select(Entry)
        .where(mine)
        .options(joinedload(Entry.contest).joinedload(Contest.organisation))
        .order_by(Entry.changed_at.desc(), Entry.id)
        .offset(offset)
        .limit(limit)
    )
    return session.scalars(query).all(), session.scalar(select(func.count()).select_from(Entry).where(mine)) or 0


def list_entries_in_contest(session: Session, *, contest: Contest, account_id: str) -> Sequence[Entry]:
    """The person's entries in one contest, the newest first; at most twenty."""
    query = (
        select(Entry)
        .where(Entry.contest_id == contest.id, Entry.owner_id == account_id)
        .order_by(Entry.created_at.desc(), Entry.id)
        .limit(20)
    )
    return session.scalars(query).all()


def list_screenings(session: Session, *, entry: Entry) -> Sequence[Screening]:
    """The office's decisions on the dossier, the newest first."""
    query = select(Screening).where(Screening.entry_id == entry.id).order_by(Screening.at.desc(), Screening.id)
    return session.scalars(query).all()
