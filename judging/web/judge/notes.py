"""The judge's own notes about an entry, kept while one types, without a network too, and shown to nobody else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _

from judging.domain.draft_merge import Outcome
from judging.domain.policy import policy
from judging.errors import N_
from judging.services.sheets.drafts import stored_draft
from judging.services.sheets.notes import keep_note
from judging.services.sheets.readings import hold_reading
from judging.web.context import actor, assignment, contest, now, platform
from judging.web.formats import clock
from judging.web.i18n import locale
from judging.web.judge.beside import ShownNote
from judging.web.judge.blueprint import blueprint
from judging.web.judge.repeat_door import with_twin
from judging.web.judge.sheet import sheet_page
from judging.web.problems import ApiError, answer, told_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.services.sheets.notes import NoteMerge

_CONFLICT = 409
_MOST_SENT = 16
_BOTH_CHANGED = N_("This note was changed on another device. Yours was not recorded; look at both.")


@blueprint.post("/sheets/<assignment_id>/note")
@policy("judge")
@with_twin
def note(assignment_id: str) -> ResponseReturnValue:
    """Keep the note: an answer for the device that sends it, the page again without one.

    Where another device changed it too, nothing is written and both texts are shown.
    """
    reading = hold_reading(db(), registry=platform().registry, assignment=assignment(), actor=actor())
    typed = request.form.get("note", "")
    base = request.form.get("note-base") or None
    kept = keep_note(db(), reading=reading, actor=actor(), text=typed, base=base, sent=sent_versions(), now=now())
    if request.accept_mimetypes.best == "application/json":
        return note_told(kept)
    if kept.outcome is Outcome.CLASH:
        draft = stored_draft(reading.judged, assignment(), locale=locale())
        shown = both_notes(kept, typed)
        return sheet_page(reading, draft, problems=draft.problems, note=shown), _CONFLICT
    flash(_("Your note is kept. Nobody else sees it."), "info")
    return redirect(url_for("judge.sheet", assignment_id=assignment_id, _anchor="note"))


def note_told(kept: NoteMerge) -> ResponseReturnValue:
    """What the device is told: when the note was kept, its version, and the text when it is another device's."""
    if kept.outcome is Outcome.CLASH:
        standing = {"text": kept.text, "version": kept.version}
        return answer(told_of(ApiError(412, "stale", _BOTH_CHANGED, more={"note": standing})))
    return jsonify(
        {
            "saved_at": now().isoformat(),
            "time": clock(now(), contest().zone, seconds=True),
            "version": kept.version,
            **({"brought": kept.text} if kept.outcome is Outcome.STANDING else {}),
        }
    )


def both_notes(kept: NoteMerge, typed: str) -> ShownNote:
    """What was typed in the field and the other text above it: keeping it again is a choice made."""
    return ShownNote(text=typed, version=kept.version, other=kept.text, is_clash=True)


def sent_versions() -> list[str]:
    """Versions of what the device sent and never had an answer to; nothing when they cannot be read."""
    try:
        versions = json.loads(request.form.get("sent", "[]"))
    except (ValueError, RecursionError):
        return []
    if not isinstance(versions, list):
        return []
    return [version for version in versions[:_MOST_SENT] if isinstance(version, str)]
