"""Returned dossiers and the dates until which they may be completed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from judging.db.models import Contest, Entry, ReturnTerm, Screening
from judging.domain.lifecycle import EntryState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


def is_standing() -> ColumnElement[bool]:
    """Whether a term belongs to the newest decision on its entry: an older one says nothing any more."""
    mine, later = aliased(Screening), aliased(Screening)
    newer = exists().where(
        mine.id == ReturnTerm.screening_id,
        later.entry_id == mine.entry_id,
        (later.at > mine.at) | ((later.at == mine.at) & (later.id > mine.id)),
    )
    return ~newer


def standing_term(session: Session, entry: Entry) -> ReturnTerm | None:
    """The date of the entry's newest return; None where that set none."""
    return session.scalars(select(ReturnTerm).where(ReturnTerm.entry_id == entry.id, is_standing())).first()


def overdue_entries(now: datetime) -> Select[str]:
    """Ids of the returned entries whose date has passed."""
    return (
        select(ReturnTerm.entry_id)
        .join(Entry, Entry.id == ReturnTerm.entry_id)
        .where(Entry.state == EntryState.RETURNED.value, ReturnTerm.until < now, is_standing())
    )


def count_overdue(session: Session, contest: Contest, *, now: datetime) -> int:
    """How many returned dossiers of the contest have not come back until their date."""
    query = select(func.count()).select_from(Entry)
    return session.scalar(query.where(Entry.contest_id == contest.id, Entry.id.in_(overdue_entries(now)))) or 0


def terms_of(session: Session, entry_ids: Collection[str]) -> Mapping[str, datetime]:
    """Until when each of these may come back, where a date stands."""
    query = select(ReturnTerm).where(ReturnTerm.entry_id.in_(entry_ids), is_standing())
    return {term.entry_id: term.until for term in session.scalars(query)}


def terms_before(
    session: Session, *, phases: Collection[str], now: datetime, last: datetime
) -> Sequence[tuple[ReturnTerm, Screening, Entry]]:
    """The terms that end after `now` and until `last`, of dossiers that are still with their authors."""
    query = (
        select(ReturnTerm, Screening, Entry)
        .join(Screening, Screening.id == ReturnTerm.screening_id)
        .join(Entry, Entry.id == ReturnTerm.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(
            Entry.state == EntryState.RETURNED.value, Contest.phase.in_(phases), ReturnTerm.until > now,
            ReturnTerm.until <= last, is_standing(),
        )
        .options(joinedload(Entry.contest), joinedload(Entry.owner))
        .order_by(ReturnTerm.until, ReturnTerm.screening_id)
    )  # fmt: skip
    return [(term, screening, entry) for term, screening, entry in session.execute(query)]
