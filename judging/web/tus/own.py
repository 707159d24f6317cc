"""The upload that an address names, to whom it belongs."""

from __future__ import annotations

from sqlalchemy import select

from judging.db.models import Upload
from judging.errors import N_, NotFound
from judging.web.context import account, entry
from judging.web.transaction import db


def own_upload(upload_id: str) -> Upload:
    """The person's own upload to the entry of this request. Raises NotFound for another's as for none."""
    found = db().scalar(
        select(Upload).where(
            Upload.id == upload_id, Upload.entry_id == entry().id, Upload.account_id == account().id
        )
    )  # fmt: skip
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found
