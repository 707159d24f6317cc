"""The versions of a draft's fields, and texts that wait for a person's word."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from judging.db.base import Base
from judging.db.sealed import SealedText
from judging.db.types import Instant, new_id


class DraftText(Base):
    """One text of one field of a draft: a version of it, a text that cannot be read yet, or one that waits.

    `field` is named as in services.entries.texts. `number` counts the texts of a field from 1. `state` is `version`,
    `unread` (typed, but no answer: it is shown again and not counted) or `waiting` (typed while another device changed
    the field too). `page` is the page on which it was typed, so that a device never clashes with itself. The rows go
    when the entry is handed in. The texts lie sealed: birth dates are among them.
    """

    __tablename__ = "draft_text"
    __table_args__ = (UniqueConstraint("entry_id", "field", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(160))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(SealedText("draft"))
    page: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Instant)
