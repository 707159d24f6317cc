"""What stands behind conflicts of interest: words on units, what bars in a contest, decisions of two persons."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.models.contest import Judge
from judging.db.models.entry import Entry
from judging.db.types import Instant, Json, new_id


class ConflictStatement(Base):
    """A judge's tie to a school or unit, said by the judge or the office: it bars from all its entries, later ones too.

    `unit_key` is the name as it is compared. Only the office withdraws one, with a reason.
    """

    __tablename__ = "conflict_statement"
    __table_args__ = (Index("ix_conflict_statement_contest_id", "contest_id", "judge_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    judge_id: Mapped[str] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), index=True)
    unit: Mapped[str] = mapped_column(String(200))
    unit_key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(30))
    source: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")

    judge: Mapped[Judge] = relationship()


class UnitsAnswer(Base):
    """That a judge was asked for ties to schools and units, and when they last answered."""

    __tablename__ = "units_answer"

    judge_id: Mapped[str] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class ConflictTerms(Base):
    """Which of the kinds that the data give away a contest counts as hints only. Without a row, none."""

    __tablename__ = "conflict_terms"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
    hints: Mapped[list[str]] = mapped_column(Json, default=list)


class ForcedAssignment(Base):
    """An entry given to a judge in spite of a conflict: proposed by one person with a reason, approved by another.

    `state` is a ForceState, `kinds` the conflicts that both looked at. Approving lifts those and no later one.
    """

    __tablename__ = "forced_assignment"
    __table_args__ = (Index("ix_forced_assignment_contest_id", "contest_id", "round"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(60))
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    judge_id: Mapped[str] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), index=True)
    kinds: Mapped[list[str]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)

    entry: Mapped[Entry] = relationship()
    judge: Mapped[Judge] = relationship()
    by: Mapped[Account] = relationship(foreign_keys=[by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
