"""What programs need: personal tokens, and the answers that a repeated request gets again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.sealed import SealedText
from judging.db.types import Instant, Json, new_id


class ApiToken(Base):
    """A person's key for programs. Only its SHA-256 is stored; `hint` is its start, so that people tell keys apart.

    `scopes` narrows what the person may do, and never widens it.
    """

    __tablename__ = "api_token"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    hint: Mapped[str] = mapped_column(String(12))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    account: Mapped[Account] = relationship(lazy="joined")


class IdempotentAnswer(Base):
    """What a request with an `Idempotency-Key` was answered, stored in the transaction of its effect.

    `request_sha256` tells a repetition from another request under the same key.
    Both lie sealed: a birth date may be in the answer, and could be guessed by the hash of what was sent.
    """

    __tablename__ = "idempotent_answer"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(100))
    request_sha256: Mapped[str] = mapped_column(SealedText("request-hash"))
    status: Mapped[int]
    headers: Mapped[dict[str, Any]] = mapped_column(Json)
    body: Mapped[str] = mapped_column(SealedText("answer"))
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
