"""Ending uploads before they are files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from judging.db.models import Entry, Upload, UploadPart
from judging.errors import N_, Conflict
from judging.services.files.uploads.states import CANCELLED, FINISHED, OPEN, require_present


def cancel_upload(session: Session, *, upload: Upload, now: datetime) -> Sequence[str]:
    """End the upload and return the keys of its parts, to be deleted after the commit.

    Raises Conflict when it has become a file, and UploadGone when it is over already.
    """
    session.refresh(upload, ["state", "received"], with_for_update=True)
    require_present(upload)
    if upload.state == FINISHED:
        raise Conflict(N_("The upload is finished and its file is in the dossier. Remove it there."))
    return _end(session, upload, CANCELLED, now=now)


def end_uploads(session: Session, *, entry: Entry, now: datetime) -> Sequence[str]:
    """End all uploads of an entry whose people are erased, and forget every name; returns the keys of their parts."""
    keys: list[str] = []
    for upload in session.scalars(select(Upload).where(Upload.entry_id == entry.id).with_for_update()).all():
        if upload.state == OPEN:
            keys += _end(session, upload, CANCELLED, now=now)
        upload.filename = ""
    session.flush()
    return keys


def _end(session: Session, upload: Upload, state: str, *, now: datetime) -> list[str]:
    upload.state, upload.filename, upload.ended_at = state, "", now
    session.flush()
    removed = delete(UploadPart).where(UploadPart.upload_id == upload.id).returning(UploadPart.key)
    return list(session.scalars(removed))
