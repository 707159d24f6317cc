"""Letters about a contest as they were sent, the organiser's texts of them, and messages to many people at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.models.entry import Entry
from judging.db.types import Instant, Json, new_id


class SentMessage(Base):
    """A letter to one person, from its queueing on. Its `id` is also that of the job which carries it away.

    `key` names what it tells and to whom: there is never a second one of the same key in a contest. `text` is what the
    reader gets, with "(personal link)" in place of secrets; `sha256` is over subject and text as they are here.
    """

    __tablename__ = "sent_message"
    __table_args__ = (
        UniqueConstraint("contest_id", "key"),
        Index("ix_sent_message_contest_state", "contest_id", "state"),
        Index("ix_sent_message_contest_kind", "contest_id", "kind"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    kind: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(160))
    locale: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    leaves_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)

    entry: Mapped[Entry | None] = relationship()
    account: Mapped[Account | None] = relationship()


class MessageTemplate(Base):
    """The organiser's text of a kind of letter in one language, in place of the catalogue's."""

    __tablename__ = "message_template"
    __table_args__ = (UniqueConstraint("contest_id", "kind", "locale"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    locale: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))


class MessageRules(Base):
    """When a contest sends letters: quiet hours by its clock, and reminders by hours before the deadline.

    A contest without a row goes by the defaults of `domain.quiet_hours` and `domain.reminders`.
    """

    __tablename__ = "message_rules"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
    quiet_from: Mapped[str] = mapped_column(String(5))
    quiet_until: Mapped[str] = mapped_column(String(5))
    reminders: Mapped[list[int]] = mapped_column(Json)


class Announcement(Base):
    """A message of the organiser to people that were chosen. `key` is the form's own: sent twice, it is one."""

    __tablename__ = "announcement"
    __table_args__ = (UniqueConstraint("contest_id", "key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    key: Mapped[str] = mapped_column(String(100))
    texts: Mapped[dict[str, Any]] = mapped_column(Json)
    recipients: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
