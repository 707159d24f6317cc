"""Watching over children's data: whose age was checked, who opened what, and what was done about a breach."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.models.entry import EntryMember
from judging.db.sealed import SealedText
from judging.db.types import Instant, new_id


class AgeCheck(Base):
    """The office has seen a proof of an author's age. All that stays of the proof is this.

    `person_sha256` is over name and birth date as they were: a check holds only for the person that was checked.
    It lies sealed: there are so few birth dates that a plain hash would tell it.
    """

    __tablename__ = "age_check"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("entry_member.id", ondelete="CASCADE"), unique=True)
    person_sha256: Mapped[str] = mapped_column(SealedText("age-check"))
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    by: Mapped[Account] = relationship()
    member: Mapped[EntryMember] = relationship()


class DataRead(Base):
    """Somebody opened data of children: `what` is dossier, file or list. Kept for 90 days.

    Ids without references, so that a row can be written cheaply and outlives what it speaks of.
    """

    __tablename__ = "data_read"
    __table_args__ = (Index("ix_data_read_at", "at"), Index("ix_data_read_entry_id", "entry_id", "at"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[str] = mapped_column(String(36))
    contest_id: Mapped[str] = mapped_column(String(36))
    entry_id: Mapped[str | None] = mapped_column(String(36))
    what: Mapped[str] = mapped_column(String(10))
    file_id: Mapped[str | None] = mapped_column(String(36))


class Breach(Base):
    """A breach of personal data: from `noticed_at` on there are 72 hours to tell the authority."""

    __tablename__ = "breach"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    noticed_at: Mapped[datetime] = mapped_column(Instant)
    what: Mapped[str] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    conclusion: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[Account] = relationship()
