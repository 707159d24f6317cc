"""Files of an entry's dossier."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from flask import Response, url_for

from judging.errors import JudgingError
from judging.services.access.api_tokens import ENTRIES, JUDGE, OFFICE, READ
from judging.services.entries.drafts import must_edit
from judging.services.entries.files import attach_file, find_item, remove_file
from judging.services.files.access import find_file
from judging.services.upkeep.disk_guard import require_room_for_files
from judging.web.api.blueprint import blueprint
from judging.web.api.hidden_entries import find_hidden_file, hidden_reading
from judging.web.api.operations import operation
from judging.web.api.schemas.entries import EntryFile, FileForm
from judging.web.api.shown_entries import show_entry, show_file
from judging.web.context import actor, entry, now, platform, rules
from judging.web.received_files import forget_file, outside_the_transaction, receive_file
from judging.web.served_files import file_answer
from judging.web.transaction import db, unit

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

_TAG = "Entries"


@blueprint.post("/entries/<entry_id>/files")
@operation(
    tag=_TAG, answer=EntryFile, status=201, roles=("contestant",), scopes=(ENTRIES,), fails=(404, 409, 507),
    form=FileForm, location=True,
)  # fmt: skip
def create_file(entry_id: str, form: FileForm) -> Any:
    """Attach a file to an item of the dossier. What it really is, its content tells."""
    must_edit(entry(), actor())
    require_room_for_files(platform().files)
    item = find_item(rules(), form.item)
    with outside_the_transaction():
        checked, stored = receive_file(cast("FileStorage", form.file), item=item)
    try:
        made = attach_file(db(), entry=entry(), actor=actor(), item=item, checked=checked, stored=stored, now=now())
    except JudgingError:
        forget_file(stored.key)
        raise
    address = url_for("api.get_file", entry_id=entry_id, file_id=made.id)
    return show_file(made, filename=made.filename), 201, {"Location": address}


@blueprint.get("/entries/<entry_id>/files/<file_id>")
@operation(
    tag=_TAG, scopes=(READ, ENTRIES, JUDGE, OFFICE), fails=(404, 409), media="application/octet-stream",
    roles=("contestant", "judge", "chair", "secretary", "organiser", "committee", "auditor"),
)  # fmt: skip
def get_file(entry_id: str, file_id: str) -> Response:
    """Read the bytes of a file."""
    del entry_id
    reading = hidden_reading()
    if reading is not None:
        return file_answer(find_hidden_file(reading, file_id))
    # Whoever may not see the entry, or not with this token, is refused before the file is looked for.
    show_entry()
    return file_answer(find_file(db(), entry=entry(), file_id=file_id, actor=actor(), rules=rules()))


@blueprint.delete("/entries/<entry_id>/files/<file_id>")
@operation(tag=_TAG, status=204, roles=("contestant",), scopes=(ENTRIES,), fails=(404, 409))
def delete_file(entry_id: str, file_id: str) -> Response:
    """Take a file out of the dossier."""
    del entry_id
    key = remove_file(db(), entry=entry(), file_id=file_id, actor=actor(), now=now())
    unit().after_commit(partial(forget_file, key))
    return Response(status=204)
