"""The judge's own notes about an entry, kept while one types and shown to nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.services.sheet_notes import keep_note
from judging.web.context import actor, contest, now
from judging.web.formats import clock
from judging.web.judge.blueprint import blueprint
from judging.web.judge.repeat_door import with_twin
from judging.web.judge.sheet import own_reading
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/sheets/<assignment_id>/note")
@policy("judge")
@with_twin
def note(assignment_id: str) -> ResponseReturnValue:
    """Keep the note: an answer for the script that saves it as one types, the page again without one."""
    keep_note(db(), reading=own_reading(), actor=actor(), text=request.form.get("note", ""), now=now())
    if request.accept_mimetypes.best == "application/json":
        return jsonify({"saved_at": now().isoformat(), "time": clock(now(), contest().zone, seconds=True)})
    flash(_("Your note is kept. Nobody else sees it."), "info")
    return redirect(url_for("judge.sheet", assignment_id=assignment_id, _anchor="note"))
