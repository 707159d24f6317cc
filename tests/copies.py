"""Files prepared as a worker prepares them, for tests that lay them into the database themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import EntryFile, FileCopy
from judging.services.files.copies.preparing import prepare_file
from tests.factories import NOW

if TYPE_CHECKING:
    from judging.services.files.copies.scanning import Scanner
    from judging.services.platform import Platform


def prepare_files(platform: Platform, *, scanner: Scanner | None = None) -> None:
    """Make copy and pictures of every file that has none yet."""
    with platform.database.writing() as session:
        for file in session.scalars(select(EntryFile).where(~EntryFile.copied.has())).all():
            file.copied = FileCopy()
        ids = session.scalars(select(EntryFile.id).order_by(EntryFile.id)).all()
    for file_id in ids:
        prepare_file(platform.database, platform.files, file_id=file_id, scanner=scanner, attempt=2, now=NOW)
