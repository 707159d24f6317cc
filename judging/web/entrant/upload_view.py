"""What the page of the files shows of uploads: those that are unfinished, and how much room there is."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import select

from judging.db.models import Entry, Upload
from judging.services.files.uploads.limits import limits_of, usage_of
from judging.services.files.uploads.states import OPEN
from judging.web.context import account
from judging.web.formats import megabytes
from judging.web.transaction import db


def uploads_context(entry: Entry) -> dict[str, Any]:
    """The person's unfinished uploads by item, and the room of the entry."""
    rows = db().scalars(
        select(Upload)
        .where(Upload.entry_id == entry.id, Upload.account_id == account().id, Upload.state == OPEN)
        .order_by(Upload.begun_at, Upload.id)
    )
    unfinished: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        unfinished.setdefault(row.item, []).append(_shown(row))
    limits = limits_of(db(), contest_id=entry.contest_id)
    used = usage_of(db(), contest_id=entry.contest_id, entry_id=entry.id).entry
    return {
        "unfinished": unfinished,
        "room": {"used": megabytes(used) if used else "0 MB", "of": megabytes(limits.entry_bytes)},
    }


def _shown(upload: Upload) -> dict[str, Any]:
    return {
        "name": upload.filename,
        "size": upload.length,
        "done": megabytes(upload.received) if upload.received else "0 MB",
        "total": megabytes(upload.length),
        "url": url_for("entrant.patch_upload", entry_id=upload.entry_id, upload_id=upload.id),
        "cancel": url_for("entrant.give_up_upload", entry_id=upload.entry_id, upload_id=upload.id),
        "expires_at": upload.expires_at,
    }
