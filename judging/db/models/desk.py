"""The screening desk: its settings, extended deadlines, checks, opinions, returns and signed lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.types import Instant, Json, new_id


class IntakeSettings(Base):
    """How a contest takes entries and screens them; a contest without a row has the defaults.

    `checklist` are sentences that a screener ticks, `reasons` texts to begin a reason with.
    """

    __tablename__ = "intake_settings"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
    grace_minutes: Mapped[int] = mapped_column(default=0)
    two_persons: Mapped[bool] = mapped_column(default=False)
    return_days: Mapped[int] = mapped_column(default=7)
    checklist: Mapped[list[str]] = mapped_column(Json, default=list)
    reasons: Mapped[list[str]] = mapped_column(Json, default=list)


class DeadlineExtension(Base):
    """A deadline moved to later, for everybody (`whole`) or for the entries that had a draft open then."""

    __tablename__ = "deadline_extension"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    old_at: Mapped[datetime] = mapped_column(Instant)
    new_at: Mapped[datetime] = mapped_column(Instant)
    whole: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class ExtendedEntry(Base):
    """An entry with a deadline of its own, by an extension."""

    __tablename__ = "extended_entry"
    __table_args__ = (UniqueConstraint("extension_id", "entry_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    extension_id: Mapped[str] = mapped_column(ForeignKey("deadline_extension.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    until: Mapped[datetime] = mapped_column(Instant)


class DossierTick(Base):
    """A point of the checklist that somebody looked at and found in order."""

    __tablename__ = "dossier_tick"
    __table_args__ = (UniqueConstraint("entry_id", "key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    by: Mapped[Account] = relationship()


class DossierHold(Base):
    """Who has a dossier in hand, and until when; others see it and may take it over."""

    __tablename__ = "dossier_hold"

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    until: Mapped[datetime] = mapped_column(Instant)

    by: Mapped[Account] = relationship()


class ScreeningOpinion(Base):
    """One person's word in a two-person check; `closed_at` once a decision was taken or the dossier was returned."""

    __tablename__ = "screening_opinion"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    by: Mapped[Account] = relationship()


class ReturnTerm(Base):
    """Until when a returned dossier may come back, and what is to be mended: places and sentences."""

    __tablename__ = "return_term"

    screening_id: Mapped[str] = mapped_column(ForeignKey("screening.id", ondelete="CASCADE"), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    until: Mapped[datetime] = mapped_column(Instant)
    items: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)


class EligibleList(Base):
    """The eligible entries as somebody confirmed them, with the SHA-256 of the canonical JSON in `content`.

    It names entries by number and alias and fixes each dossier by its receipt's hash, so that it holds nothing about
    people. Versions are never changed: a later decision makes a new one.
    """

    __tablename__ = "eligible_list"
    __table_args__ = (UniqueConstraint("contest_id", "version"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    by: Mapped[Account] = relationship()
