"""Things of a dossier that are handed in at the office, and where that is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.models.entry import Entry
from judging.db.types import Instant, new_id


class Handover(Base):
    """A thing of the dossier received at the office: by whom, when, in what condition, and where it stands.

    A handover recorded by mistake is undone with a reason, and stays.
    """

    __tablename__ = "handover"
    __table_args__ = (Index("ix_handover_entry_item", "entry_id", "item"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(60))
    received_at: Mapped[datetime] = mapped_column(Instant)
    received_by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    place: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    undone_reason: Mapped[str] = mapped_column(Text, default="")

    entry: Mapped[Entry] = relationship()
    received_by: Mapped[Account] = relationship(foreign_keys=[received_by_id])


class OfficeDesk(Base):
    """How the office of a contest is reached, and where and when things are handed in. Everybody may read it."""

    __tablename__ = "office_desk"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
    contact: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(Text, default="")
    hours: Mapped[str] = mapped_column(Text, default="")
