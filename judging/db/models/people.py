"""People who are asked about an entry: consents with their proof, the links that ask, and a contest's rule for it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.types import Instant, new_id

if TYPE_CHECKING:
    from judging.db.models.account import Account
    from judging.db.models.entry import Entry, EntryMember

_STANDING = text("withdrawn_at IS NULL")


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


class ConsentText(Base):
    """The words of a consent as they were shown, once for each wording, by their SHA-256."""

    __tablename__ = "consent_text"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    locale: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)


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


class PeopleRule(Base):
    """Who must agree in one contest: the country's profile, and whether co-authors must have confirmed."""

    __tablename__ = "people_rule"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
    profile: Mapped[str] = mapped_column(String(20), default="vn")
    coauthors_must: Mapped[bool] = mapped_column(default=False)
