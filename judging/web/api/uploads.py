"""Resumable uploads for programs, by the protocol tus 1.0.0: any client of it can send a file of a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request, url_for

from judging.domain.policy import policy
from judging.domain.tus import BODY, VERSION, Unreadable, read_metadata
from judging.errors import N_
from judging.services.access.api_tokens import ENTRIES
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import HeaderTaken, operation
from judging.web.bearer import SCOPES
from judging.web.policing import enter_entry
from judging.web.tus.exchange import cancel, create, go_on, show, show_abilities
from judging.web.tus.own import own_upload
from judging.web.tus.protocol import require_version

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_TAG = "Entries"
_FAILS = (404, 409, 410, 412, 413, 415, 460, 507)
_VERSION = HeaderTaken(name="Tus-Resumable", text="The version of the protocol.", example=VERSION)
_CHECKSUM = HeaderTaken(
    name="Upload-Checksum", text="sha1, sha256 or md5 and the digest of this body in base64.",
    example="sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=",
)  # fmt: skip
_BEGINNING = (
    _VERSION,
    HeaderTaken(name="Upload-Length", text="How many bytes the whole file has.", example="26214400"),
    HeaderTaken(
        name="Upload-Metadata", text="entry, item and filename, each with its value in base64, between commas.",
        example="entry MDE5MGYzYTItMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAx,item dmlkZW8=,filename dmlkZW8ubXA0",
    ),
    _CHECKSUM,
)  # fmt: skip
_GOING_ON = (
    _VERSION,
    HeaderTaken(name="Upload-Offset", text="At which byte of the file this body begins.", example="0"),
    _CHECKSUM,
)


@blueprint.route("/uploads", methods=["OPTIONS"], provide_automatic_options=False)
@policy("public")
def upload_options() -> Response:
    """What of the upload protocol is spoken here."""
    return show_abilities()


@blueprint.post("/uploads", provide_automatic_options=False)
@operation(
    tag=_TAG, status=201, scopes=(ENTRIES,), fails=_FAILS, location=True, takes=_BEGINNING, body=BODY, gives=True
)  # fmt: skip
def create_upload() -> Response:
    """Begin a resumable upload to an item of an entry; the first bytes may come along."""
    require_version()
    named = read_metadata(request.headers.get("Upload-Metadata"))
    if missing := [key for key in ("entry", "item", "filename") if not named.get(key)]:
        raise Unreadable(N_("Upload-Metadata lacks %(missing)s."), missing=", ".join(missing))
    enter_entry(named["entry"], "contestant")
    return create(item=named["item"], filename=named["filename"], address_of=_address)


def _for_programs(view: Callable[..., Any]) -> Callable[..., Any]:
    setattr(view, SCOPES, (ENTRIES,))
    return view


@blueprint.route("/uploads/<upload_id>", methods=["HEAD"])
@policy("contestant")
@_for_programs
def head_upload(upload_id: str) -> Response:
    """How much of an upload has arrived."""
    return show(own_upload(upload_id))


@blueprint.patch("/uploads/<upload_id>")
@operation(
    tag=_TAG, status=204, roles=("contestant",), scopes=(ENTRIES,), fails=_FAILS, takes=_GOING_ON, body=BODY, gives=True
)  # fmt: skip
def patch_upload(upload_id: str) -> Response:
    """Send the next bytes of an upload. With the last of them the file is checked and joins the dossier."""
    return go_on(own_upload(upload_id))


@blueprint.delete("/uploads/<upload_id>")
@operation(
    tag=_TAG, status=204, roles=("contestant",), scopes=(ENTRIES,), fails=(404, 409, 410, 412), takes=(_VERSION,)
)  # fmt: skip
def delete_upload(upload_id: str) -> Response:
    """Cancel an upload; nothing of it stays."""
    return cancel(own_upload(upload_id))


def _address(upload_id: str) -> str:
    # Whole, for clients that take it as it stands.
    return url_for("api.patch_upload", upload_id=upload_id, _external=True)
