"""Reads of the office's page on one entry."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from judging.db.models import (
    Account,
    Assignment,
    AuditEvent,
    Entry,
    EntryFile,
    EntryMember,
    Judge,
    Prize,
    Receipt,
    Screening,
)

_MOST_EVENTS = 200


def list_members(session: Session, entry: Entry) -> Sequence[EntryMember]:
    """The people of the entry with their consents."""
    query = (
        select(EntryMember)
        .where(EntryMember.entry_id == entry.id)
        .options(selectinload(EntryMember.consents))
        .order_by(EntryMember.position)
    )
    return session.scalars(query).all()


def list_files(session: Session, entry: Entry) -> Sequence[EntryFile]:
    """The files of the dossier."""
    query = select(EntryFile).where(EntryFile.entry_id == entry.id).order_by(EntryFile.uploaded_at, EntryFile.id)
    return session.scalars(query).all()


def list_receipts(session: Session, entry: Entry) -> Sequence[Receipt]:
    """The receipts of the entry's submissions, the first one first."""
    return session.scalars(select(Receipt).where(Receipt.entry_id == entry.id).order_by(Receipt.at)).all()


def list_screenings(session: Session, entry: Entry) -> Sequence[Screening]:
    """The secretariat's decisions with who took them, the first one first."""
    query = select(Screening).where(Screening.entry_id == entry.id).options(joinedload(Screening.by))
    return session.scalars(query.order_by(Screening.at, Screening.id)).all()


def list_readings(session: Session, entry: Entry) -> Sequence[Assignment]:
    """All assignments of the entry, of every round, with judges and submitted versions."""
    query = (
        select(Assignment)
        .where(Assignment.entry_id == entry.id)
        .options(joinedload(Assignment.judge).joinedload(Judge.account), selectinload(Assignment.sheets))
        .order_by(Assignment.round, Assignment.assigned_at, Assignment.id)
    )
    return session.scalars(query).all()


def list_prizes_of(session: Session, entry: Entry) -> Sequence[Prize]:
    """The prizes given to the entry."""
    return session.scalars(select(Prize).where(Prize.entry_id == entry.id).order_by(Prize.id)).all()


def list_history(session: Session, entry: Entry) -> list[tuple[AuditEvent, str | None]]:
    """What was done with the entry, with who did it, the newest first; the 200 newest acts."""
    query = (
        select(AuditEvent, Account.name)
        .outerjoin(Account, Account.id == AuditEvent.actor_id)
        .where(AuditEvent.contest_id == entry.contest_id, AuditEvent.subject_id == entry.id)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(_MOST_EVENTS)
    )
    return [(event, name) for event, name in session.execute(query)]
