"""Entries from tables: a table that waits for its preview to be confirmed, and which entry a row became."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from judging.db.base import Base
from judging.db.sealed import SealedJson
from judging.db.types import Instant, Json, new_id


class ImportSheet(Base):
    """A table that somebody brought along, until it is applied or dropped, and for a day at most.

    `head` and `rows` hold its texts, each row after its number in the file; `columns` what each column is.
    The rows lie sealed: birth dates are among them.
    """

    __tablename__ = "import_sheet"
    __table_args__ = (UniqueConstraint("contest_id", "account_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    filename: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    encoding: Mapped[str] = mapped_column(String(20), default="")
    head: Mapped[list[str]] = mapped_column(Json)
    rows: Mapped[list[Any]] = mapped_column(SealedJson("import"))
    columns: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant)


class ImportedEntry(Base):
    """An entry that a table brought, and the number that it has in the office's own list, if the table said one."""

    __tablename__ = "imported_entry"
    __table_args__ = (UniqueConstraint("contest_id", "key"),)

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    key: Mapped[str | None] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(Instant)
