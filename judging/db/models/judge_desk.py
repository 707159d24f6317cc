"""The judge's desk: notes for oneself, entries set aside, second looks at first sheets, and who was told of work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.scoring import Assignment
from judging.db.types import Instant, new_id


class SheetNote(Base):
    """What a judge wrote down about an entry for themselves: no part of the sheet, and shown to nobody else."""

    __tablename__ = "sheet_note"

    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(Instant)


class SheetAside(Base):
    """An entry that its judge set aside, with the reason; it stands at the end of the judge's order until it ends.

    It ends when the judge takes it up again, when the office answers that it can be judged now (`ended_by_id` is not
    the judge then, and `answer` what was said), or by itself when a sheet is submitted: `sheet_version` is the number
    of the newest submitted version when it was set aside, and a higher one ends it.
    """

    __tablename__ = "sheet_aside"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    sheet_version: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(Text, default="")

    assignment: Mapped[Assignment] = relationship()


class SecondLook(Base):
    """That a judge looked again at one of their first sheets of a round: kept as it was, or opened to be revised."""

    __tablename__ = "second_look"

    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), primary_key=True)
    kept: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Instant)


class ToldOfWork(Base):
    """Up to when a judge has been told of the entries of a round that were given to them."""

    __tablename__ = "told_of_work"

    judge_id: Mapped[str] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), primary_key=True)
    round: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
