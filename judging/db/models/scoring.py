"""Who judges what, and what the judges wrote."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.models.contest import Judge
from judging.db.models.entry import Entry
from judging.db.types import Instant, Json, new_id


class Conflict(Base):
    """Why a judge may not score an entry. Stays when it is withdrawn, so that the history can be read.

    Only db.queries.conflict_gate and the conflicts of the services read it: everybody else asks the gate. `bars` is
    false where the contest counts the kind as a hint. `evidence` is what the data showed, `unseen_at` since when they
    no longer do; `statement_id` the word on a whole unit that it follows from, `forced_id` the decision of two persons
    that lifts it. Withdrawn is what somebody set aside (`withdrawn_by_id`), with the reason.
    """

    __tablename__ = "conflict"
    __table_args__ = (
        UniqueConstraint("judge_id", "entry_id", "kind"),
        Index("ix_conflict_contest_judge", "contest_id", "judge_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    judge_id: Mapped[str] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"))
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    source: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    bars: Mapped[bool] = mapped_column(default=True, server_default=true())
    evidence: Mapped[str] = mapped_column(Text, default="", server_default="")
    unseen_at: Mapped[datetime | None] = mapped_column(Instant)
    statement_id: Mapped[str | None] = mapped_column(ForeignKey("conflict_statement.id", ondelete="SET NULL"))
    forced_id: Mapped[str | None] = mapped_column(ForeignKey("forced_assignment.id", ondelete="SET NULL"))
    withdrawn_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    judge: Mapped[Judge] = relationship()
    entry: Mapped[Entry] = relationship()


class Assignment(Base):
    """One judge's reading of one entry in one round, and the draft of the sheet.

    `state` is a SheetState. `marks`, `comments` and `comment` are the draft; `draft_version` counts its saves. What was
    submitted lies in `SheetVersion`; `sheet_version` is the number of the newest one, 0 before the first.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("round", "entry_id", "judge_id"),
        Index("ix_assignment_contest_round", "contest_id", "round", "state"),
        Index("ix_assignment_judge", "judge_id", "round"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"))
    round: Mapped[str] = mapped_column(String(60))
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    judge_id: Mapped[str] = mapped_column(ForeignKey("judge.id"))
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(20), default="assigned")
    marks: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    comments: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    comment: Mapped[str] = mapped_column(Text, default="")
    draft_version: Mapped[int] = mapped_column(default=0)
    sheet_version: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    assigned_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)

    judge: Mapped[Judge] = relationship()
    entry: Mapped[Entry] = relationship()
    sheets: Mapped[list[SheetVersion]] = relationship(
        back_populates="assignment", order_by="SheetVersion.number", viewonly=True
    )


class SheetVersion(Base):
    """A submitted score sheet: never changed and never deleted. A change is a new version; the highest number counts.

    `marks` holds decimal strings by mark key, `total` the sheet's total as a decimal string with 6 places. The database
    lets an erasure empty the comments, and marks with total (`total` is "" then and only then); nothing fills them.
    """

    __tablename__ = "sheet_version"
    __table_args__ = (UniqueConstraint("assignment_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id"), index=True)
    number: Mapped[int]
    marks: Mapped[dict[str, str]] = mapped_column(Json)
    comments: Mapped[dict[str, str]] = mapped_column(Json)
    comment: Mapped[str] = mapped_column(Text, default="")
    total: Mapped[str] = mapped_column(String(40))
    rubric_digest: Mapped[str] = mapped_column(String(64))
    consensus: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    submitted_by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    code: Mapped[str] = mapped_column(String(64))

    assignment: Mapped[Assignment] = relationship(back_populates="sheets")


class ChairVote(Base):
    """A recorded vote that parts entries which nothing else parts: the higher number stands first."""

    __tablename__ = "chair_vote"
    __table_args__ = (UniqueConstraint("round", "entry_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    round: Mapped[str] = mapped_column(String(60))
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    by: Mapped[Account] = relationship()


class SheetOverride(Base):
    """A decision of two people over a submitted sheet: other marks for it, or its exclusion. The sheet itself stays.

    `state` is proposed, approved, replaced, rejected or withdrawn. Of a version at most one is proposed and at most one
    approved: another one that is approved makes the earlier one `replaced`. The approved one counts as long as its
    version is the newest of the sheet.
    """

    __tablename__ = "sheet_override"
    __table_args__ = (Index("ix_sheet_override_sheet_id", "sheet_id", "state"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    sheet_id: Mapped[str] = mapped_column(ForeignKey("sheet_version.id"))
    exclude: Mapped[bool] = mapped_column(default=False)
    marks: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)

    sheet: Mapped[SheetVersion] = relationship()
    by: Mapped[Account] = relationship(foreign_keys=[by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
