"""Score sheets that come on paper: what each of two helpers typed off one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.models.scoring import Assignment
from judging.db.types import Instant, Json, new_id


class PaperTyping(Base):
    """A sheet as one helper typed it off the paper, for the version that it is to become.

    `marks`, `comments` and `comment` are as in `Assignment`. Two typings that do not differ make the version; both
    stay, so that one can see who typed what.
    """

    __tablename__ = "paper_typing"
    __table_args__ = (
        UniqueConstraint("assignment_id", "version", "account_id"),
        Index("ix_paper_typing_contest_round", "contest_id", "round"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(60))
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"))
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    version: Mapped[int]
    marks: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    comments: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)

    assignment: Mapped[Assignment] = relationship()
    account: Mapped[Account] = relationship()
