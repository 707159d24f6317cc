"""Uploads under way, the parts of them that have arrived, and how much a contest takes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.models.entry import Entry
from judging.db.types import Instant, new_id


class Upload(Base):
    """A file that arrives in parts. `received` of its `length` bytes are stored; it is `open` until one end is reached.

    The ends: `finished` (in the dossier as `file_id`), `refused`, `cancelled`, `expired`. `received` is moved on only
    by whoever names its present value, so that of two who send the same bytes one is refused.
    """

    __tablename__ = "upload"
    __table_args__ = (
        Index("ix_upload_entry_state", "entry_id", "state"),
        Index("ix_upload_contest_state", "contest_id", "state"),
        Index("ix_upload_state_expires", "state", "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(60))
    filename: Mapped[str] = mapped_column(String(255))
    length: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(20), default="open")
    file_id: Mapped[str | None] = mapped_column(String(36))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    account: Mapped[Account] = relationship()
    entry: Mapped[Entry] = relationship()
    parts: Mapped[list[UploadPart]] = relationship(
        order_by="UploadPart.start", cascade="all, delete-orphan", passive_deletes=True
    )


class UploadPart(Base):
    """Bytes of an upload from `start` on, in the file store under `key`."""

    __tablename__ = "upload_part"
    __table_args__ = (UniqueConstraint("upload_id", "start"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    upload_id: Mapped[str] = mapped_column(ForeignKey("upload.id", ondelete="CASCADE"))
    start: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200))


class UploadLimit(Base):
    """How much the files of a contest may take, where its organiser has set it; megabytes of 1,000,000 bytes."""

    __tablename__ = "upload_limit"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
    entry_megabytes: Mapped[int]
    contest_megabytes: Mapped[int]
    most_open: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Instant)
