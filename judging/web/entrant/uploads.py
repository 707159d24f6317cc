"""Resumable uploads from the page of the files: as for programs, with the cookie and a form's token."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.domain.tus import read_metadata
from judging.errors import JudgingError, StoreUnavailable
from judging.services.files.uploads.ending import cancel_upload
from judging.services.files.uploads.receiving import forget_keys
from judging.web.context import entry, now, platform
from judging.web.entrant.blueprint import blueprint
from judging.web.entrant.step_list import FILES
from judging.web.problems import answer, told_of
from judging.web.transaction import db, unit
from judging.web.tus.exchange import cancel, create, go_on, show
from judging.web.tus.own import own_upload
from judging.web.tus.protocol import require_version

View = Callable[..., Any]


def _told_to_script(view: View) -> View:
    """Tell refusals as programs are told them: a script reads the sentence and shows it beside the file."""

    @wraps(view)
    def called(**address: str) -> Any:
        try:
            return view(**address)
        except StoreUnavailable:
            # It is logged where all of them are.
            raise
        except JudgingError as error:
            unit().abandon()
            return answer(told_of(error))

    return called


@blueprint.post("/entries/<entry_id>/uploads", provide_automatic_options=False)
@policy("contestant")
@_told_to_script
def create_upload(**_address: str) -> Response:
    """Begin a resumable upload to an item of the entry."""
    require_version()
    named = read_metadata(request.headers.get("Upload-Metadata"))
    return create(item=named.get("item", ""), filename=named.get("filename", ""), address_of=_address_of)


@blueprint.route("/entries/<entry_id>/uploads/<upload_id>", methods=["HEAD"])
@policy("contestant")
@_told_to_script
def head_upload(upload_id: str, **_address: str) -> Response:
    """How much of an upload has arrived."""
    return show(own_upload(upload_id))


@blueprint.patch("/entries/<entry_id>/uploads/<upload_id>")
@policy("contestant")
@_told_to_script
def patch_upload(upload_id: str, **_address: str) -> Response:
    """Send the next bytes of an upload."""
    return go_on(own_upload(upload_id))


@blueprint.delete("/entries/<entry_id>/uploads/<upload_id>")
@policy("contestant")
@_told_to_script
def delete_upload(upload_id: str, **_address: str) -> Response:
    """Cancel an upload; nothing of it stays."""
    return cancel(own_upload(upload_id))


@blueprint.post("/entries/<entry_id>/uploads/<upload_id>/cancel")
@policy("contestant")
def give_up_upload(upload_id: str, **_address: str) -> ResponseReturnValue:
    """Cancel an unfinished upload from the page, without a script."""
    keys = cancel_upload(db(), upload=own_upload(upload_id), now=now())
    unit().after_commit(partial(forget_keys, platform().files, keys))
    flash(_("The unfinished upload is cancelled; nothing of it is kept."), "info")
    return redirect(url_for("entrant.step", entry_id=entry().id, step=FILES))


def _address_of(upload_id: str) -> str:
    return url_for("entrant.patch_upload", entry_id=entry().id, upload_id=upload_id)
