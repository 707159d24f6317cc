"""How long things are kept: the terms of a contest, what is held back, and what outlives the data it speaks of."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.models.contest import Contest
from judging.db.models.entry import Entry
from judging.db.types import Instant, new_id


class RetentionTerms(Base):
    """How long a contest keeps files, where that differs from the usual. `archive_years` is 0 without a regulation."""

    __tablename__ = "retention_terms"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
    loser_months: Mapped[int]
    winner_months: Mapped[int]
    archive_years: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))


class LegalHold(Base):
    """Keeps everything of a contest, or of one entry of it, from being deleted by age; until a day, or until lifted."""

    __tablename__ = "legal_hold"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[date | None] = mapped_column(Date)
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    lifted_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)

    contest: Mapped[Contest] = relationship()
    entry: Mapped[Entry | None] = relationship()
    by: Mapped[Account] = relationship(foreign_keys=[by_id])


class ConsentTrace(Base):
    """That a consent was given, when, and whose word it was: what is left of it once the data it covered are gone.

    Ids stand for people of whom nothing is known any more. Kept for three years from `data_gone_at`.
    """

    __tablename__ = "consent_trace"
    __table_args__ = (Index("ix_consent_trace_data_gone_at", "data_gone_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(String(36))
    entry_id: Mapped[str] = mapped_column(String(36))
    member_id: Mapped[str] = mapped_column(String(36))
    purpose: Mapped[str] = mapped_column(String(30))
    given_by: Mapped[str] = mapped_column(String(10))
    given_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    data_gone_at: Mapped[datetime] = mapped_column(Instant)


class AuditHorizon(Base):
    """Up to which moment the database lets acts be deleted from the audit log. There is a row only while that happens.

    The database itself refuses a moment that is less than five years past by its own clock.
    """

    __tablename__ = "audit_horizon"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    before: Mapped[datetime] = mapped_column(Instant)
