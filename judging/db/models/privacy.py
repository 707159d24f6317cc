"""What a person may ask for: the archive of one's own data, and the requests that the office answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.models.contest import Contest
from judging.db.models.entry import Entry
from judging.db.types import Instant, new_id


class DataExport(Base):
    """An archive of one person's data. Nobody but that account gets it, and it is gone when `expires_at` has passed.

    `state` is queued, ready or failed. `key` names the bytes in the file store once there are some.
    """

    __tablename__ = "data_export"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    locale: Mapped[str] = mapped_column(String(10), default="vi")
    state: Mapped[str] = mapped_column(String(10), default="queued")
    key: Mapped[str | None] = mapped_column(String(200))
    size: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(String(64), default="")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    ready_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)

    account: Mapped[Account] = relationship()


class PrivacyRequest(Base):
    """A person's request about their data: made on a page by `account`, or entered by the office from paper or phone.

    `answer_due` and `act_due` follow from the country profile on the day of receipt and are never moved. An erasure
    empties everything that tells of the person; number, kind, moments and steps stay as evidence.
    """

    __tablename__ = "privacy_request"
    __table_args__ = (Index("ix_privacy_request_state_act_due", "state", "act_due"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(10))
    profile: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="received")
    contest_id: Mapped[str | None] = mapped_column(ForeignKey("contest.id"), index=True)
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("entry.id"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)
    about_child: Mapped[bool] = mapped_column(default=False, server_default=false())
    person: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(254), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    identity_note: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime] = mapped_column(Instant)
    answer_due: Mapped[datetime] = mapped_column(Instant)
    act_due: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    contest: Mapped[Contest | None] = relationship()
    entry: Mapped[Entry | None] = relationship()
    account: Mapped[Account | None] = relationship()
    steps: Mapped[list[PrivacyStep]] = relationship(
        back_populates="request", order_by="PrivacyStep.at, PrivacyStep.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own spelling


class PrivacyStep(Base):
    """What was done about a request, by whom, and why: the evidence."""

    __tablename__ = "privacy_step"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    request_id: Mapped[str] = mapped_column(ForeignKey("privacy_request.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    step: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")

    request: Mapped[PrivacyRequest] = relationship(back_populates="steps")
    by: Mapped[Account | None] = relationship()
