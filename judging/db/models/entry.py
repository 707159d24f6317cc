"""Entries, their people, consents and files, receipts, and the secretariat's decisions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.models.contest import Contest
from judging.db.sealed import SealedDay, SealedJson
from judging.db.types import Amount, Instant, Json, new_id

_STANDING = text("withdrawn_at IS NULL")


class Entry(Base):
    """What is judged. `number` is the office's running number; `alias` (`e-…`) stands for it where people are blind.

    Once `erased_at` is set, nothing about people is left of it: see services.privacy.erasure.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        UniqueConstraint("contest_id", "alias"),
        Index("ix_entry_contest_state", "contest_id", "state"),
        Index("ix_entry_contest_category", "contest_id", "category"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    number: Mapped[int]
    alias: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300), default="")
    category: Mapped[str] = mapped_column(String(60), default="")
    division: Mapped[str | None] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(20), default="draft")
    round: Mapped[str | None] = mapped_column(String(60))
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    contest: Mapped[Contest] = relationship()
    owner: Mapped[Account] = relationship()
    members: Mapped[list[EntryMember]] = relationship(
        back_populates="entry", order_by="EntryMember.position", cascade="all, delete-orphan"
    )
    files: Mapped[list[EntryFile]] = relationship(
        back_populates="entry", order_by="EntryFile.uploaded_at, EntryFile.id", cascade="all, delete-orphan"
    )
    links: Mapped[list[EntryLink]] = relationship(
        back_populates="entry", order_by="EntryLink.added_at, EntryLink.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own spelling


class EntryMember(Base):
    """A person of an entry. `share` is the contribution in per cent; the first is the lead author.

    `born` lies sealed in the database: see db.sealed.
    """

    __tablename__ = "entry_member"
    __table_args__ = (UniqueConstraint("entry_id", "position"), Index("ix_entry_member_name_key", "name_key"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), default="")
    born: Mapped[date | None] = mapped_column(SealedDay("birth"))
    email: Mapped[str] = mapped_column(String(254), default="")
    unit: Mapped[str] = mapped_column(String(200), default="")
    share: Mapped[Decimal | None] = mapped_column(Amount)
    is_lead: Mapped[bool] = mapped_column(default=False)

    entry: Mapped[Entry] = relationship(back_populates="members")
    consents: Mapped[list[Consent]] = relationship(
        back_populates="member", order_by="Consent.given_at, Consent.id", cascade="all, delete-orphan"
    )
    links: Mapped[list[PeopleLink]] = relationship(
        back_populates="member", order_by="PeopleLink.asked_at, PeopleLink.id", cascade="all, delete-orphan"
    )


class Consent(Base):
    """A consent for one purpose, by the person's own word (`self`) or the `guardian`'s, with the proof of it.

    A row is written once; taking back fills `withdrawn_at` and how, and giving again is another row. `text_sha256`
    names the very words that were shown (ConsentText); rows from before texts were kept have none, and the method
    `earlier`.
    `by_name` is who said so, `by_account_id` the account that recorded it: of the office where it came on paper.
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "ix_consent_standing", "member_id", "purpose", "given_by", unique=True, sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    member_id: Mapped[str] = mapped_column(ForeignKey("entry_member.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(30))
    given_by: Mapped[str] = mapped_column(String(10))
    given_at: Mapped[datetime] = mapped_column(Instant)
    method: Mapped[str] = mapped_column(String(20), default="earlier", server_default="earlier")
    text_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
    by_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    by_account_id: Mapped[str | None] = mapped_column(String(36))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_method: Mapped[str] = mapped_column(String(20), default="", server_default="")
    withdrawn_by: Mapped[str] = mapped_column(String(200), default="", server_default="")

    member: Mapped[EntryMember] = relationship(back_populates="consents")


class PeopleLink(Base):
    """Somebody who is asked about an entry: co-author, guardian of a member, mentor, or school.

    Only the SHA-256 of tokens are stored. `token_sha256` opens the question until it is answered or `expires_at`;
    `lasting_sha256` is the personal link under which the person sees what they agreed to, and takes it back.
    """

    __tablename__ = "people_link"
    __table_args__ = (Index("ix_people_link_entry_role", "entry_id", "role"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    member_id: Mapped[str | None] = mapped_column(ForeignKey("entry_member.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    locale: Mapped[str] = mapped_column(String(10), default="vi")
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    lasting_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(String(20), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_name: Mapped[str] = mapped_column(String(200), default="")
    method: Mapped[str] = mapped_column(String(20), default="")
    text_sha256: Mapped[str] = mapped_column(String(64), default="")
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)

    entry: Mapped[Entry] = relationship()
    member: Mapped[EntryMember | None] = relationship(back_populates="links")
    account: Mapped[Account | None] = relationship()


class EntryFile(Base):
    """A file of the dossier. The bytes lie in the file store under `key`; `sha256` is over those bytes."""

    __tablename__ = "entry_file"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    item: Mapped[str] = mapped_column(String(60))
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200))
    pages: Mapped[int | None]
    uploaded_at: Mapped[datetime] = mapped_column(Instant)

    entry: Mapped[Entry] = relationship(back_populates="files")
    # A FileCopy or None, and FilePictures: named by words, since their module imports this one.
    copied: Mapped[Any] = relationship("FileCopy", back_populates="file", cascade="all, delete-orphan", uselist=False)
    pictures: Mapped[list[Any]] = relationship(
        "FilePicture", back_populates="file", order_by="FilePicture.small, FilePicture.place",
        cascade="all, delete-orphan",
    )  # fmt: skip


class EntryLink(Base):
    """An address given as an item of the dossier: https only, shown as text."""

    __tablename__ = "entry_link"
    __table_args__ = (UniqueConstraint("entry_id", "item", "url"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    item: Mapped[str] = mapped_column(String(60))
    url: Mapped[str] = mapped_column(String(500))
    added_at: Mapped[datetime] = mapped_column(Instant)

    entry: Mapped[Entry] = relationship(back_populates="links")


class Receipt(Base):
    """Proof of a submission: number, time and the SHA-256 of the canonical JSON in `content`, which lies sealed."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson("receipt"))


class Screening(Base):
    """A decision of the secretariat on a dossier: eligible, returned or rejected, with its reason."""

    __tablename__ = "screening"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    by: Mapped[Account] = relationship()
