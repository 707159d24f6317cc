"""Prizes and what was published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.entry import Entry
from judging.db.types import Instant, Json, new_id


class Prize(Base):
    """A prize given to an entry. `level` is the award's key, `board` the category or division it was given in."""

    __tablename__ = "prize"
    __table_args__ = (UniqueConstraint("contest_id", "entry_id", "level"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    level: Mapped[str] = mapped_column(String(60))
    board: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    entry: Mapped[Entry] = relationship()


class Publication(Base):
    """The standings as they were at the moment of publication. The newest not withdrawn is what the public sees.

    `ranking` is canonical JSON: rounds with standings (alias, rank, score, what decided) and prizes; people's names are
    read live, so that a withdrawn consent takes effect at once.
    """

    __tablename__ = "publication"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    ranking: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
