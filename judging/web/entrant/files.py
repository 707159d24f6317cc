"""Files of an entry: sent by plain post, shown to those who may see them, removed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from judging.domain.fields import DossierItem
from judging.domain.permissions import Role
from judging.domain.policy import policy
from judging.errors import JudgingError, Refused
from judging.services.entries.drafts import must_edit
from judging.services.entries.files import attach_file, find_item
from judging.services.entries.files import remove_file as remove_entry_file
from judging.services.files.access import find_file, find_picture
from judging.services.files.checks import Checked
from judging.services.upkeep.disk_guard import require_room_for_files
from judging.storage import StoredFile
from judging.web.context import account, actor, entry, now, platform, rules
from judging.web.entrant.blueprint import blueprint
from judging.web.entrant.step_list import FILES
from judging.web.formats import entry_code, problem_sentence
from judging.web.reading_names import goes_by_code
from judging.web.received_files import forget_file, outside_the_transaction, receive_file
from judging.web.served_files import file_answer, picture_answer
from judging.web.transaction import db, unit

_MOST_AT_ONCE = 20


@blueprint.post("/entries/<entry_id>/files")
@policy("contestant")
def upload(**_address: str) -> ResponseReturnValue:
    """Keep the files that may be kept, and say of each other one why not and what to do."""
    must_edit(entry(), actor())
    require_room_for_files(platform().files)
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
    """The bytes of a file, to whoever may have it."""
    found = find_file(db(), entry=entry(), file_id=file_id, actor=actor(), rules=rules())
    if actor().has(Role.JUDGE, Role.CHAIR) and goes_by_code(entry(), account()):
        # Its name begins with the number, which is withheld while the entry goes by a code.
        number = f"{entry_code(entry().number, rules().prefix)}-"
        found = replace(found, filename=found.filename.removeprefix(number))
    return file_answer(found)


@blueprint.get("/entries/<entry_id>/pictures/<picture_id>")
@policy("contestant", "judge", "chair", "secretary", "organiser", "committee", "auditor")
def picture(picture_id: str, **_address: str) -> ResponseReturnValue:
    """A picture drawn of a file, to whoever may have the file."""
    return picture_answer(find_picture(db(), entry=entry(), picture_id=picture_id, actor=actor(), rules=rules()))


@blueprint.post("/entries/<entry_id>/files/<file_id>/remove")
@policy("contestant")
def remove_file(file_id: str, **_address: str) -> ResponseReturnValue:
    """Take a file out of the dossier; its bytes go once that is recorded."""
    key = remove_entry_file(db(), entry=entry(), file_id=file_id, actor=actor(), now=now())
    unit().after_commit(partial(forget_file, key))
    flash(_("The file is removed."), "info")
    return redirect(url_for("entrant.step", entry_id=entry().id, step=FILES))


def _receive(sent: list[FileStorage], item: DossierItem) -> list[tuple[Checked, StoredFile]]:
    """Check and store the files, and tell of each one that is refused."""
    received: list[tuple[Checked, StoredFile]] = []
    refusals: list[Refused] = []
    with outside_the_transaction():
        for each in sent:
            try:
                received.append(receive_file(each, item=item))
            except Refused as refused:
                refusals.append(refused)
            except JudgingError:
                # The whole request fails, so that the files before this one get no rows either.
                for _checked, stored in received:
                    forget_file(stored.key)
                raise
    # Told only now: the words depend on the person's language, which is read from the account.
    for refusal in refusals:
        _flash_refusal(refusal)
    return received


def _flash_refusal(refused: Refused) -> None:
    for problem in refused.problems:
        flash(problem_sentence(problem), "error")
