"""How a round is to be planned, what judges would rather read, and readings lent to a stand-in for a while."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.scoring import Assignment
from judging.db.types import Instant, new_id


class RoundPlan(Base):
    """What the office asks of the plan of a round; without a row it asks the usual.

    `common` entries of each panel are read by all its judges, `across` entries of each panel by a judge of every other
    panel too. `even` puts even loads before preferred categories; `preferences` says whether these count at all. Every
    judge should get `least` entries.
    """

    __tablename__ = "round_plan"
    __table_args__ = (UniqueConstraint("contest_id", "round"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(60))
    common: Mapped[int] = mapped_column(default=0)
    across: Mapped[int] = mapped_column(default=0)
    even: Mapped[bool] = mapped_column(default=True)
    preferences: Mapped[bool] = mapped_column(default=True)
    least: Mapped[int] = mapped_column(default=0)


class JudgePreference(Base):
    """A category that a judge knows best and would rather read."""

    __tablename__ = "judge_preference"
    __table_args__ = (UniqueConstraint("judge_id", "category"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    judge_id: Mapped[str] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"))
    category: Mapped[str] = mapped_column(String(60))


class ReadingLoan(Base):
    """A reading of a live round lent to a stand-in until a moment; unfinished then, it goes back by itself.

    `lent_id` is the reading of the judge who lends, `reading_id` that of the stand-in. `state` is one of `open`,
    `done` (the stand-in submitted), `returned` (the time was up) and `ended` (something else happened to it).
    """

    __tablename__ = "reading_loan"
    __table_args__ = (UniqueConstraint("reading_id"), Index("ix_reading_loan_contest_state", "contest_id", "state"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    lent_id: Mapped[str] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    reading_id: Mapped[str] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"))
    by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10), default="open")
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    lent: Mapped[Assignment] = relationship(foreign_keys=[lent_id])
    reading: Mapped[Assignment] = relationship(foreign_keys=[reading_id])
