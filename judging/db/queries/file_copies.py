"""What was made of an entry's files, for the pages that show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Entry, EntryFile, FileCopy, FilePicture


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeOf:
    """The copy of a file and the pictures of it: its pages in order, and the small one of the first."""

    copied: FileCopy
    pages: tuple[FilePicture, ...]
    small: FilePicture | None


def made_of_files(session: Session, entry: Entry) -> Mapping[str, MadeOf]:
    """By the id of the file, in two queries."""
    copies = session.scalars(
        select(FileCopy).join(EntryFile, EntryFile.id == FileCopy.file_id).where(EntryFile.entry_id == entry.id)
    ).all()
    pictures = session.scalars(
        select(FilePicture)
        .join(EntryFile, EntryFile.id == FilePicture.file_id)
        .where(EntryFile.entry_id == entry.id)
        .order_by(FilePicture.file_id, FilePicture.place)
    ).all()
    return {
        one.file_id: MadeOf(
            copied=one,
            pages=tuple(each for each in pictures if each.file_id == one.file_id and not each.small),
            small=next((each for each in pictures if each.file_id == one.file_id and each.small), None),
        )
        for one in copies
    }
