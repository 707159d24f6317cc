"""The score log: leaves that are only ever added, the tree over them, and the documents that they name by hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from judging.db.base import Base
from judging.db.types import Instant, new_id

HASH = LargeBinary(32)


class LogHead(Base):
    """One log: a contest's, of one epoch. Locked by whoever appends, so that leaves stand one after the other.

    `peaks` are the hashes of the complete subtrees that the tree of `size` leaves consists of, the largest first.
    """

    __tablename__ = "log_head"
    __table_args__ = (UniqueConstraint("contest_id", "epoch"), UniqueConstraint("origin"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"))
    epoch: Mapped[int]
    origin: Mapped[str] = mapped_column(String(300))
    size: Mapped[int] = mapped_column(default=0)
    root: Mapped[bytes] = mapped_column(HASH)
    peaks: Mapped[bytes] = mapped_column(LargeBinary)
    last_t: Mapped[str] = mapped_column(String(24), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)


class LogLeaf(Base):
    """A leaf. The database refuses to delete it and to change anything of it but `entry` and `text_salt` to NULL.

    `entry` holds the exact bytes, NULL once they were erased; `hash` stays. `text_salt` opens the commitment that the
    leaf makes to a text, and goes with that text. `subject_id` names the row that the leaf records: of a sheet, its
    version.
    """

    __tablename__ = "log_leaf"
    __table_args__ = (Index("ix_log_leaf_subject", "log_id", "subject_id"),)

    log_id: Mapped[str] = mapped_column(ForeignKey("log_head.id"), primary_key=True)
    idx: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(HASH)
    entry: Mapped[bytes | None] = mapped_column(LargeBinary)
    text_salt: Mapped[bytes | None] = mapped_column(HASH)
    subject_id: Mapped[str | None] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(Instant)


class LogNode(Base):
    """A complete subtree of 2**level leaves, from level 1 up: the hashes of level 0 are those of the leaves."""

    __tablename__ = "log_node"

    log_id: Mapped[str] = mapped_column(ForeignKey("log_head.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    idx: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(HASH)


class LogCheckpoint(Base):
    """A signed checkpoint that was published or quoted, so that it can be shown even when the key is gone."""

    __tablename__ = "log_checkpoint"

    log_id: Mapped[str] = mapped_column(ForeignKey("log_head.id"), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class LogDocument(Base):
    """The exact bytes of a document whose SHA-256 stands in a leaf: rules, rubrics, judges, plan, plugins, ranking."""

    __tablename__ = "log_document"

    log_id: Mapped[str] = mapped_column(ForeignKey("log_head.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
