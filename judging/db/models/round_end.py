"""The end of a round: how it was moved, and the sheets that came after it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.models.contest import Judge
from judging.db.models.scoring import Assignment
from judging.db.types import Instant, new_id


class RoundExtension(Base):
    """The end of a round as it was set or moved: for everybody, for one judge, or for one sheet alone.

    `old_at` is None for the first end of a round, `new_at` where a sheet is taken until the round is closed.
    """

    __tablename__ = "round_extension"
    __table_args__ = (
        Index("ix_round_extension_contest_round", "contest_id", "round"),
        Index("ix_round_extension_judge_round", "judge_id", "round"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(60))
    judge_id: Mapped[str | None] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"))
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    old_at: Mapped[datetime | None] = mapped_column(Instant)
    new_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    by: Mapped[Account] = relationship()
    judge: Mapped[Judge | None] = relationship()


class LateSheet(Base):
    """A sheet that was handed in after the end of its round and not taken: when first and last, and how often.

    Nothing of what it said is kept here. `taken_at` once the organiser decided to take it all the same.
    """

    __tablename__ = "late_sheet"
    __table_args__ = (Index("ix_late_sheet_contest_round", "contest_id", "round"),)

    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(60))
    received_at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
    tries: Mapped[int]
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))

    assignment: Mapped[Assignment] = relationship()
