"""Setting an entry aside from its sheet, and taking it up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.errors import Conflict, Refused
from judging.services.sheets.desk import find_place
from judging.services.sheets.setting_aside import set_aside, take_up
from judging.web.context import actor, assignment, contest, now, platform
from judging.web.formats import error_sentence, problem_sentence
from judging.web.judge.blueprint import blueprint
from judging.web.judge.following import following_url
from judging.web.judge.repeat_door import with_twin
from judging.web.judge.sheet import own_reading
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/sheets/<assignment_id>/aside")
@policy("judge")
@with_twin
def put_aside(assignment_id: str) -> ResponseReturnValue:
    """Leave the entry for later, with the reason that the office reads."""
    reading = own_reading()
    try:
        set_aside(
            db(),
            registry=platform().registry,
            assignment=assignment(),
            actor=actor(),
            kind=request.form.get("aside-kind", ""),
            words=request.form.get("aside-words", ""),
            now=now(),
        )
    except Refused as refused:
        flash(f"{_('Nothing was changed.')} {problem_sentence(refused.problems[0])}", "attention")
        return redirect(url_for("judge.sheet", assignment_id=assignment_id, _anchor="aside"))
    except Conflict as closed:
        flash(error_sentence(closed), "attention")
        return redirect(url_for("judge.sheet", assignment_id=assignment_id))
    flash(_("Set aside. The office reads the reason, and the entry comes back at the end of your list."), "info")
    following = following_url(reading, find_place(db(), reading=reading).next_id)
    return redirect(following or url_for("judge.contest", slug=contest().slug, round=reading.judged.key))


@blueprint.post("/sheets/<assignment_id>/aside/end")
@policy("judge")
@with_twin
def end_aside(assignment_id: str) -> ResponseReturnValue:
    """Put an entry that was set aside back into its place."""
    own_reading()
    try:
        take_up(db(), registry=platform().registry, assignment=assignment(), actor=actor(), now=now())
    except Conflict as closed:
        flash(error_sentence(closed), "attention")
    else:
        flash(_("The entry stands in its place again."), "info")
    return redirect(url_for("judge.sheet", assignment_id=assignment_id))
