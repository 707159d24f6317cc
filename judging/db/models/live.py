"""Live rounds: the hours and rooms in which teams are heard, who is where and when, and the clock of each room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.contest import Judge
from judging.db.models.entry import Entry
from judging.db.types import Instant, Json, new_id


class LiveRound(Base):
    """How a round is heard: hours and the length of a slot with the change after it, in minutes.

    `windows` holds pairs of UTC moments in ISO form. `way` is `hearing` (a team before all its judges) or `visit` (each
    judge to each team). `applied_at` is when the timetable that stands was made; None before that.
    """

    __tablename__ = "live_round"
    __table_args__ = (UniqueConstraint("contest_id", "round"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(60))
    way: Mapped[str] = mapped_column(String(10))
    windows: Mapped[list[list[str]]] = mapped_column(Json, default=list)
    minutes: Mapped[int]
    change: Mapped[int] = mapped_column(default=0)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)


class LiveRoom(Base):
    """A room of a live round, with its clock: `part` is a ClockPart, `since` when it runs, `spent_ms` what ran before.

    `panels` lists ids of the panels heard in it, all if empty. `clock_version` counts acts on the clock.
    """

    __tablename__ = "live_room"
    __table_args__ = (Index("ix_live_room_contest_round", "contest_id", "round"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    panels: Mapped[list[str]] = mapped_column(Json, default=list)
    part: Mapped[str] = mapped_column(String(20), default="idle")
    since: Mapped[datetime | None] = mapped_column(Instant)
    spent_ms: Mapped[int] = mapped_column(default=0)
    clock_version: Mapped[int] = mapped_column(default=0)


class LivePlace(Base):
    """A team in a room for a slot. On visits `judge_id` names whose; at a hearing all the entry's judges are there."""

    __tablename__ = "live_place"
    __table_args__ = (Index("ix_live_place_contest_round", "contest_id", "round", "starts_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(60))
    room_id: Mapped[str] = mapped_column(ForeignKey("live_room.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    judge_id: Mapped[str | None] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)

    room: Mapped[LiveRoom] = relationship()
    entry: Mapped[Entry] = relationship()
    judge: Mapped[Judge | None] = relationship()


class LiveAbsence(Base):
    """When a judge is not there on the days of a live round: the hours outside of which nothing is planned for them."""

    __tablename__ = "live_absence"
    __table_args__ = (UniqueConstraint("contest_id", "round", "judge_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(60))
    judge_id: Mapped[str] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), index=True)
    comes_at: Mapped[datetime | None] = mapped_column(Instant)
    leaves_at: Mapped[datetime | None] = mapped_column(Instant)

    judge: Mapped[Judge] = relationship()
