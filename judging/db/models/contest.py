"""Contests: one edition of a kind, with its settings, rounds, panels and people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account, Organisation
from judging.db.types import Instant, Json, new_id


class Contest(Base):
    """One edition of a contest kind.

    `settings` holds the organiser's differences from the kind's rules. When the contest opens, the rules in force are
    kept in `rules` and their digest in `rules_digest`, with the digest of the kind's own rules in `kind_digest`.
    `version` counts changes for optimistic locking.
    """

    __tablename__ = "contest"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    year: Mapped[int]
    edition: Mapped[int] = mapped_column(default=1)
    zone: Mapped[str] = mapped_column(String(60), default="Asia/Ho_Chi_Minh")
    phase: Mapped[str] = mapped_column(String(30), default="draft", index=True)
    resume_phase: Mapped[str | None] = mapped_column(String(30))
    settings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    rules: Mapped[dict[str, Any] | None] = mapped_column(Json)
    rules_digest: Mapped[str | None] = mapped_column(String(64))
    kind_digest: Mapped[str | None] = mapped_column(String(64))
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    judging_starts_at: Mapped[datetime | None] = mapped_column(Instant)
    judging_ends_at: Mapped[datetime | None] = mapped_column(Instant)
    publishes_at: Mapped[datetime | None] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    decision: Mapped[str] = mapped_column(String(100), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)

    organisation: Mapped[Organisation] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own spelling


class ContestRole(Base):
    """A right over one contest: organiser, secretary, committee or auditor. Judges have rows of their own."""

    __tablename__ = "contest_role"
    __table_args__ = (UniqueConstraint("contest_id", "account_id", "role"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Instant)

    account: Mapped[Account] = relationship()


class Amendment(Base):
    """A change of the rules after the contest opened: who, when, why, and both digests. Everybody concerned sees it."""

    __tablename__ = "amendment"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    changed: Mapped[list[str]] = mapped_column(Json)
    old_digest: Mapped[str] = mapped_column(String(64))
    new_digest: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    by: Mapped[Account] = relationship()


class ContestRound(Base):
    """Where a round of a contest stands: pending, open, closed or advanced.

    `advanced` names by alias who went on from it, in the order of its standings then; None before that.
    """

    __tablename__ = "contest_round"
    __table_args__ = (UniqueConstraint("contest_id", "key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="pending")
    starts_at: Mapped[datetime | None] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    advanced: Mapped[list[str] | None] = mapped_column(Json)


class Panel(Base):
    """Judges who score a set of categories. `categories` lists category keys; a category is in one panel only."""

    __tablename__ = "panel"
    __table_args__ = (UniqueConstraint("contest_id", "name"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    categories: Mapped[list[str]] = mapped_column(Json, default=list)


class Judge(Base):
    """A judge of one contest. `alias` (`j-…`) stands for the judge wherever the contest is blind."""

    __tablename__ = "judge"
    __table_args__ = (
        UniqueConstraint("contest_id", "account_id"),
        UniqueConstraint("contest_id", "alias"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    alias: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(200), default="")
    capacity: Mapped[int] = mapped_column(default=60)
    is_active: Mapped[bool] = mapped_column(default=True)
    conflicts_declared_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)

    account: Mapped[Account] = relationship()
    seats: Mapped[list[PanelSeat]] = relationship(back_populates="judge", cascade="all, delete-orphan")


class PanelSeat(Base):
    """A judge's place in a panel; the chair votes on ties."""

    __tablename__ = "panel_seat"
    __table_args__ = (UniqueConstraint("panel_id", "judge_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    panel_id: Mapped[str] = mapped_column(ForeignKey("panel.id", ondelete="CASCADE"), index=True)
    judge_id: Mapped[str] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), index=True)
    is_chair: Mapped[bool] = mapped_column(default=False)

    panel: Mapped[Panel] = relationship()
    judge: Mapped[Judge] = relationship(back_populates="seats")


class AuditEvent(Base):
    """An act that matters: who did what to which thing, when, with what. Rows are never changed or deleted."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_contest_at", "contest_id", "at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(Instant)
    contest_id: Mapped[str | None] = mapped_column(String(36))
    actor_id: Mapped[str | None] = mapped_column(String(36))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
