"""Accounts, their sessions, and the organisations whose contests they run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.types import Instant, new_id


class Organisation(Base):
    """Who runs contests: a science department, a youth union, a university."""

    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Account(Base):
    """A person who can sign in. `email_key` is the address as it is compared; `email` as letters are sent to it.

    An empty `password_hash` means that no password opens the account: its owner was invited and has set none.
    """

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(10), default="vi")
    is_administrator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class LoginSession(Base):
    """A sign-in on one device. Only the SHA-256 of its token is stored; the token lives in the device's cookie.

    `method` says how the person came in, `is_strong` whether a second factor was shown, and `proved_at` when the person
    last proved who they are, which acts upon the account itself ask for anew.
    """

    __tablename__ = "login_session"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    method: Mapped[str] = mapped_column(String(20), default="password", server_default="password")
    is_strong: Mapped[bool] = mapped_column(default=False, server_default=false())
    proved_at: Mapped[datetime | None] = mapped_column(Instant)

    account: Mapped[Account] = relationship(lazy="joined")


class LoginFailure(Base):
    """A refused sign-in or another act that is counted to slow down guessing and floods of letters.

    `source` is the client's address, `email_key` what was tried, `act` what was counted.
    """

    __tablename__ = "login_failure"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    source: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    act: Mapped[str] = mapped_column(String(20), default="sign-in", server_default="sign-in")


class OrganisationRole(Base):
    """A right over all contests of an organisation: organiser, secretary, committee or auditor."""

    __tablename__ = "organisation_role"
    __table_args__ = (UniqueConstraint("organisation_id", "account_id", "role"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Instant)

    account: Mapped[Account] = relationship()
