"""The index: one document for each entry that was handed in, and the prints by which it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, or_, select

from judging.db.models import SimilarDecision, SimilarDocument, SimilarPair, SimilarPrint
from judging.domain.similarity.pictures import Look
from judging.domain.similarity.prints import number_of, phrases_of, prints_of
from judging.domain.similarity.words import forms_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from judging.services.entries.similar.contents import Contents

_STORE = insert(SimilarPrint.metadata.tables[SimilarPrint.__tablename__])


def write_document(
    session: Session, *, entry_id: str, organisation_id: str, contents: Contents, now: datetime
) -> SimilarDocument:
    """Put the entry into the index in place of what the index had of it."""
    session.execute(delete(SimilarDocument).where(SimilarDocument.entry_id == entry_id))
    phrases = prints_of(organisation_id, phrases_of(forms_of(contents.text)))
    document = SimilarDocument(
        entry_id=entry_id,
        organisation_id=organisation_id,
        title=contents.title,
        text=contents.text,
        prints=len(phrases),
        looks=[[file_id, f"{look.across:x}", f"{look.down:x}", look.fine.hex()] for file_id, look in contents.looks],
        files=[list(one) for one in contents.files],
        indexed_at=now,
    )
    session.add(document)
    session.flush()
    numbers = sorted({*phrases, *other_prints(document)})
    if numbers:
        session.connection().execute(
            _STORE, [{"number": number, "document_id": document.id} for number in numbers]
        )  # fmt: skip
    return document


def other_prints(document: SimilarDocument) -> list[int]:
    """The prints of a document's title, pictures and files."""
    space = document.organisation_id
    title = " ".join(sorted(forms_of(document.title)))
    numbers = [number_of(space, "title", title)] if title else []
    for _, look in looks_of(document):
        numbers += [number_of(space, "look", band) for band in look.bands()]
    numbers += [number_of(space, "file", sha256) for _, sha256 in document.files]
    return numbers


def looks_of(document: SimilarDocument) -> Sequence[tuple[str, Look]]:
    """The looks of a document's pictures by the file's id."""
    return [
        (file_id, Look(int(across, 16), int(down, 16), bytes.fromhex(fine)))
        for file_id, across, down, fine in document.looks
    ]


def find_document(session: Session, entry_id: str) -> SimilarDocument | None:
    """What the index has of an entry."""
    return session.scalar(select(SimilarDocument).where(SimilarDocument.entry_id == entry_id))


def forget_pairs(session: Session, entry_id: str) -> None:
    """Take away what was found of the entry, from either side."""
    session.execute(delete(SimilarPair).where(_names(SimilarPair, entry_id)))


def forget_entry(session: Session, entry_id: str) -> None:
    """Take the entry out of the index, with all that was found of it and all that the office said of it."""
    session.execute(delete(SimilarDocument).where(SimilarDocument.entry_id == entry_id))
    forget_pairs(session, entry_id)
    session.execute(delete(SimilarDecision).where(_names(SimilarDecision, entry_id)))


def _names(table: type[SimilarPair | SimilarDecision], entry_id: str) -> ColumnElement[bool]:
    return or_(table.first_id == entry_id, table.second_id == entry_id)
