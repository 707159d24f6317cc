"""The archive of the data of the token's owner: asked for, looked after, fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Response, url_for

from judging.errors import N_, NotFound
from judging.services.access.api_tokens import ENTRIES, READ
from judging.services.privacy.my_data.exports import READY, ask_export, find_export, list_exports
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.my_data import DataExportAnswer, DataExportList
from judging.web.archives import archive_answer
from judging.web.context import account, now
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import DataExport

_TAG = "The token's owner"


@blueprint.post("/me/data-exports")
@operation(tag=_TAG, answer=DataExportAnswer, status=201, scopes=(ENTRIES,), fails=(409,), location=True)
def create_data_export() -> Any:
    """Have an archive made of all that is kept of the token's owner. It is ready within minutes."""
    made = ask_export(db(), account=account(), now=now())
    return _shown(made), 201, {"Location": url_for("api.list_data_exports")}


@blueprint.get("/me/data-exports")
@operation(tag=_TAG, answer=DataExportList, scopes=(READ, ENTRIES))
def list_data_exports() -> DataExportList:
    """List the archives that have not run out."""
    return DataExportList(items=[_shown(one) for one in list_exports(db(), account=account(), now=now())])


@blueprint.get("/me/data-exports/<export_id>/file")
@operation(tag=_TAG, scopes=(ENTRIES,), fails=(404,), media="application/zip")
def get_data_export_file(export_id: str) -> Response:
    """Read the archive, a ZIP file. Nobody but its owner gets it."""
    found = find_export(db(), account=account(), export_id=export_id, now=now())
    if found.state != READY:
        raise NotFound(N_("There is nothing here."))
    return archive_answer(found)


def _shown(one: DataExport) -> DataExportAnswer:
    ready = one.state == READY
    return DataExportAnswer(
        id=one.id, state=cast("Any", one.state), asked_at=one.asked_at, ready_at=one.ready_at,
        expires_at=one.expires_at, size=one.size, sha256=one.sha256,
        url=url_for("api.get_data_export_file", export_id=one.id) if ready else None,
    )  # fmt: skip
