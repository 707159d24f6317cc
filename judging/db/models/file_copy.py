"""What is made of a file of the dossier: the copy that judges get, and the pictures that pages show."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.db.base import Base
from judging.db.models.entry import EntryFile
from judging.db.types import Instant, Json, new_id


class FileCopy(Base):
    """The copy of a file, its state (`domain.copy_states`), and what the check of the file found.

    While there is no copy its media type, key and digest are none. `scan` is what the scanner said, empty without one.
    """

    __tablename__ = "file_copy"

    file_id: Mapped[str] = mapped_column(ForeignKey("entry_file.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    findings: Mapped[list[str]] = mapped_column(Json, default=list)
    seconds: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    scan: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str | None] = mapped_column(String(100))
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[datetime | None] = mapped_column(Instant)

    file: Mapped[EntryFile] = relationship(back_populates="copied")


class FilePicture(Base):
    """A picture drawn of a file: of its pages from 1 on, to be read, and a small one to be found again."""

    __tablename__ = "file_picture"
    __table_args__ = (UniqueConstraint("file_id", "place", "small"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    file_id: Mapped[str] = mapped_column(ForeignKey("entry_file.id", ondelete="CASCADE"), index=True)
    place: Mapped[int]
    small: Mapped[bool] = mapped_column(default=False)
    width: Mapped[int]
    height: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200))

    file: Mapped[EntryFile] = relationship(back_populates="pictures")
