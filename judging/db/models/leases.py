"""Live rounds without a timetable: for how long a booth is kept, where booths stand, and who has one until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.contest import Judge
from judging.db.models.entry import Entry
from judging.db.models.scoring import Assignment
from judging.db.types import Instant, new_id

_STANDING = text("ended_at IS NULL")


class LeaseRound(Base):
    """For how many minutes a judge has a booth in a round; without a row, or with 0, nobody is led to booths there.

    Whoever gives a booth to a judge holds this row, so that two who ask at once are told of different booths.
    """

    __tablename__ = "lease_round"
    __table_args__ = (UniqueConstraint("contest_id", "round"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(60))
    minutes: Mapped[int] = mapped_column(default=0)


class Booth(Base):
    """Where an entry stands in a live round, in the office's words: “Hall B, 14”."""

    __tablename__ = "booth"
    __table_args__ = (UniqueConstraint("entry_id", "round"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))


class BoothLease(Base):
    """A booth kept for a judge until a moment. `state` is `standing`, then a LeaseEnd, written with `ended_at`.

    Before that a lease is over by itself once its time is, its sheet is submitted (`sheet_version` was the number of
    the newest version when it began), or the judge has set the entry aside or is off it: `db.queries.leases` says which
    are in force. Two indexes keep what must hold whatever happens: one judge at a booth, one booth for a judge.
    """

    __tablename__ = "booth_lease"
    __table_args__ = (
        Index(
            "ix_booth_lease_entry", "entry_id", "round", unique=True, sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index(
            "ix_booth_lease_judge", "judge_id", "round", unique=True, sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_booth_lease_contest_round", "contest_id", "round"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(60))
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    judge_id: Mapped[str] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"))
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    minutes: Mapped[int]
    sheet_version: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(20), default="standing")

    entry: Mapped[Entry] = relationship()
    judge: Mapped[Judge] = relationship()
    assignment: Mapped[Assignment] = relationship()
