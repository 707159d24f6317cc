"""Files of an entry: sent by plain post, shown to those who may see them, removed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import BinaryIO, cast
from urllib.parse import quote

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage

from judging.db.models import Account, Contest, Entry
from judging.domain.fields import DossierItem
from judging.domain.policy import policy
from judging.errors import JudgingError, Refused
from judging.services.entry_drafts import must_edit
from judging.services.entry_files import attach_file, find_file, find_item
from judging.services.entry_files import remove_file as remove_entry_file
from judging.services.file_checks import Checked, check_file, is_image
from judging.storage import StoredFile
from judging.web.context import account, actor, entry, now, platform, rules
from judging.web.entrant.blueprint import blueprint
from judging.web.entrant.step_list import FILES
from judging.web.formats import problem_sentence
from judging.web.transaction import db, unit

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 20


@blueprint.post("/entries/<entry_id>/files")
@policy("contestant")
def upload(**_address: str) -> ResponseReturnValue:
    """Keep the files that may be kept, and say of each other one why not and what to do."""
    must_edit(entry(), actor())
    item = find_item(rules(), request.form.get("item", ""))
    sent = [each for each in request.files.getlist("file") if each.filename][:_MOST_AT_ONCE]
    if not sent:
        flash(_("No file was chosen. Choose one first, then press the button."), "attention")
    kept = 0
    for checked, stored in _receive(sent, item):
        try:
            attach_file(
                db(), entry=entry(), actor=actor(), item=item, checked=checked, stored=stored, now=now()
            )  # fmt: skip
            kept += 1
        except JudgingError as error:
            platform().files.delete(stored.key)
            if not isinstance(error, Refused):
                raise
            _flash_refusal(error)
    if kept:
        flash(_("Files recorded: %(count)s.", count=kept), "info")
    return redirect(url_for("entrant.step", entry_id=entry().id, step=FILES, _anchor=f"item-{item.key}"))


@blueprint.get("/entries/<entry_id>/files/<file_id>")
@policy("contestant", "judge", "chair", "secretary", "organiser", "committee", "auditor")
def file(file_id: str, **_address: str) -> ResponseReturnValue:
    """The bytes of a file. Pictures open in the page; anything else is a download that no page can run."""
    shown = find_file(db(), entry=entry(), file_id=file_id, actor=actor(), rules=rules())
    kept = shown.file
    answer = Response(platform().files.stream(kept.key), mimetype=kept.media_type)
    answer.content_length = kept.size
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "no-store"
    way = "inline" if is_image(kept.media_type) else "attachment"
    answer.headers["Content-Disposition"] = _disposition(way, shown.filename)
    return answer


@blueprint.post("/entries/<entry_id>/files/<file_id>/remove")
@policy("contestant")
def remove_file(file_id: str, **_address: str) -> ResponseReturnValue:
    """Take a file out of the dossier; its bytes go once that is recorded."""
    key = remove_entry_file(db(), entry=entry(), file_id=file_id, actor=actor(), now=now())
    unit().after_commit(partial(_forget, platform().files.delete, key))
    flash(_("The file is removed."), "info")
    return redirect(url_for("entrant.step", entry_id=entry().id, step=FILES))


def _receive(sent: list[FileStorage], item: DossierItem) -> list[tuple[Checked, StoredFile]]:
    """Check and store the files outside the write transaction: on SQLite every other writer would wait for it."""
    entry_id, account_id = entry().id, account().id
    unit().abandon()
    received: list[tuple[Checked, StoredFile]] = []
    refusals: list[Refused] = []
    for each in sent:
        stream = cast("BinaryIO", each.stream)
        try:
            checked = check_file(stream, filename=each.filename or "", item=item)
            received.append((checked, platform().files.put(stream)))
        except Refused as refused:
            refusals.append(refused)
    g.account = db().get_one(Account, account_id)
    g.entry = (
        db()
        .scalars(
            select(Entry)
            .where(Entry.id == entry_id)
            .options(joinedload(Entry.contest).joinedload(Contest.organisation))
            .with_for_update(of=Entry)
        )
        .one()
    )
    g.contest = g.entry.contest
    # Told only now: the words depend on the person's language, which is read from the account.
    for refusal in refusals:
        _flash_refusal(refusal)
    return received


def _flash_refusal(refused: Refused) -> None:
    for problem in refused.problems:
        flash(problem_sentence(problem), "error")


def _forget(delete: Callable[[str], None], key: str) -> None:
    try:
        delete(key)
    except JudgingError:
        # The row is gone, so nobody is shown the file; the check command lists what is left over.
        log.exception("a removed file stays in the store: %s", key)


def _disposition(way: str, filename: str) -> str:
    """The header of RFC 6266: a plain name for old programs, the real one for the others."""
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\%' else "_" for sign in filename)
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
