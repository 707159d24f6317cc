"""What entries are found by when another looks like them, what was found, and what the office said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.account import Account
from judging.db.models.entry import Entry
from judging.db.types import Instant, Json, new_id


class SimilarDocument(Base):
    """An entry as it is compared: its texts without its people's names, how its pictures look, its files' hashes.

    `looks` holds [file id, two numbers and grey values in hexadecimal], `files` [file id, SHA-256].
    `prints` counts the rows of SimilarPrint that stand for phrases.
    """

    __tablename__ = "similar_document"

    # A short number, because it stands in each of some hundred prints.
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), unique=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    prints: Mapped[int]
    looks: Mapped[list[Any]] = mapped_column(Json, default=list)
    files: Mapped[list[Any]] = mapped_column(Json, default=list)
    indexed_at: Mapped[datetime] = mapped_column(Instant)

    entry: Mapped[Entry] = relationship()


class SimilarPrint(Base):
    """A number that a document has in common with others: see judging.domain.similarity.prints."""

    __tablename__ = "similar_print"
    __table_args__ = ({"sqlite_with_rowid": False},)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("similar_document.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class SimilarPair(Base):
    """Two entries that were found to look alike, the one with the lesser id first.

    `score` is in thousandths. `evidence` holds what was found: `text`, `usual`, `order`, `order_usual` and `title` in
    thousandths (`order` is 0 where it tells nothing, and missing in old rows), `pictures` as [file of the first, file
    of the second, bits that differ], `files` as [file of the first, file of the second].
    `reasons` names which of them count: text, title, picture, file, with a comma between.
    """

    __tablename__ = "similar_pair"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    first_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    score: Mapped[int]
    reasons: Mapped[str] = mapped_column(String(60))
    evidence: Mapped[dict[str, Any]] = mapped_column(Json)
    found_at: Mapped[datetime] = mapped_column(Instant)


class SimilarDecision(Base):
    """What the office said of two entries, the one with the lesser id first: the same work, or not.

    It stays when the pair is found anew.
    """

    __tablename__ = "similar_decision"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    first_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    is_same: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    by: Mapped[Account] = relationship()
