"""The copies that judges of the demo year get: its files were drawn here and tell of nobody, so they are their own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid5

from judging.db.models import FileCopy, FilePicture
from judging.domain.copy_states import CopyState

if TYPE_CHECKING:
    from judging.db.models import EntryFile
    from judging.demo.blobs import Blob
    from judging.demo.rows import Rows


def add_copy(rows: Rows, file: EntryFile, blob: Blob) -> None:
    """Keep the rows of the copy of a file and of its pages, whose bytes are shared by all files of the same paper."""
    rows.add(
        FileCopy(
            file_id=file.id, state=CopyState.READY.value, findings=[], scan="", media_type=blob.media_type,
            size=blob.stored.size, sha256=blob.stored.sha256, key=blob.stored.key, made_at=file.uploaded_at,
        )
    )  # fmt: skip
    for place, page in enumerate(blob.drawn, start=1):
        rows.add(
            FilePicture(
                # Made of the file's own, so that the draw of everything else stays as it was.
                id=str(uuid5(NAMESPACE_OID, f"{file.id}-{place}")), file_id=file.id, place=place, small=False,
                width=blob.size[0], height=blob.size[1], media_type="image/png", size=page.size, sha256=page.sha256,
                key=page.key,
            )
        )  # fmt: skip
