"""Blind repeats: how many a round has, and each entry shown to a judge a second time, with its sheet.

A repeat is no Assignment and its sheet no SheetVersion: nothing that makes results, progress or the score log of
readings can meet one.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.scoring import Assignment
from judging.db.types import Instant, Json

if TYPE_CHECKING:
    from judging.db.models.contest import Judge
    from judging.db.models.entry import Entry


class RepeatPlan(Base):
    """How many repeats each judge of a round gets, and the seed from which they were drawn; without a row none."""

    __tablename__ = "repeat_plan"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
    round: Mapped[str] = mapped_column(String(60), primary_key=True)
    per_judge: Mapped[int] = mapped_column(default=0)
    seed: Mapped[str] = mapped_column(String(64))
    set_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime] = mapped_column(Instant)


class BlindRepeat(Base):
    """The second showing of a reading's entry to its judge, with the sheet: a draft until `submitted_at`, then locked.

    It stands after the reading of position `after` in the judge's order. `total`, `rubric_digest` and `code` are set
    with the submission, as in a SheetVersion. The `aside_…` columns say since when and why it waits for later.
    """

    __tablename__ = "blind_repeat"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), unique=True)
    after: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="assigned")
    marks: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    comments: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    comment: Mapped[str] = mapped_column(Text, default="")
    draft_version: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    aside_kind: Mapped[str] = mapped_column(String(20), default="")
    aside_words: Mapped[str] = mapped_column(Text, default="")
    aside_at: Mapped[datetime | None] = mapped_column(Instant)
    given_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    total: Mapped[str] = mapped_column(String(40), default="")
    rubric_digest: Mapped[str] = mapped_column(String(64), default="")
    code: Mapped[str] = mapped_column(String(64), default="")

    first: Mapped[Assignment] = relationship()

    @property
    def entry(self) -> Entry:
        """The entry that is shown again."""
        return self.first.entry

    @property
    def judge(self) -> Judge:
        """Whom it is shown to."""
        return self.first.judge

    @property
    def round(self) -> str:
        """The round in which it is shown again."""
        return self.first.round

    @property
    def judge_id(self) -> str:
        """The judge's id."""
        return self.first.judge_id

    @property
    def assigned_at(self) -> datetime:
        """When the judge was given the entry: conflicts with it are declared once."""
        return self.first.assigned_at

    @property
    def sheet_version(self) -> int:
        """How many versions were submitted: a repeat has one at most."""
        return 0 if self.submitted_at is None else 1
