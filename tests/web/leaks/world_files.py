"""Files of the world's entries, what is made of them for judges, and uploads that have only begun."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from judging.db.models import EntryFile, FileCopy, FilePicture, Upload
from tests.factories import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Entry
    from judging.storage import FileStore


def add_files(session: Session, store: FileStore, entry: Entry) -> tuple[list[str], list[str]]:
    """A summary and a proof of age; returns their ids, and those of their pictures."""
    files, pictures = [], []
    for item, name, content in (
        # As it was handed in, a file tells who made it; what is made of it does not.
        ("summary", "zq-file-of-author.pdf", b"%PDF-1.7 zq-bytes-of-summary zq-author-name"),
        ("proof_of_age", "zq-birth-certificate.png", b"\x89PNG zq-bytes-of-certificate zq-author-name"),
    ):
        stored = store.put(content)
        kind = "application/pdf" if item == "summary" else "image/png"
        made = EntryFile(
            entry_id=entry.id, item=item, filename=name, media_type=kind, size=stored.size, sha256=stored.sha256,
            key=stored.key, pages=1, uploaded_at=NOW,
        )  # fmt: skip
        session.add(made)
        session.flush()
        files.append(made.id)
        pictures.append(_add_what_is_made_of(session, store, made, content.replace(b" zq-author-name", b""), kind))
    return files, pictures


def _add_what_is_made_of(session: Session, store: FileStore, file: EntryFile, content: bytes, kind: str) -> str:
    """A copy for judges and a picture of the first page; returns the picture's id."""
    copied = store.put(content)
    drawn = store.put(content.replace(b"zq-bytes", b"zq-picture"))
    picture = FilePicture(
        file_id=file.id, place=1, width=9, height=9, media_type="image/webp", size=drawn.size, sha256=drawn.sha256,
        key=drawn.key,
    )  # fmt: skip
    session.add(picture)
    session.add(
        FileCopy(
            file_id=file.id, state="ready", findings=["script"], media_type=kind, size=copied.size,
            sha256=copied.sha256, key=copied.key, made_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    return picture.id


def add_upload(session: Session, entry: Entry) -> str:
    """An upload of which nothing has come in yet; returns its id."""
    made = Upload(
        account_id=entry.owner_id, contest_id=entry.contest_id, entry_id=entry.id, item="summary",
        filename="zq-upload-of-author.pdf", length=1000, received=0, begun_at=NOW,
        expires_at=NOW + timedelta(days=365 * 20),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id
