"""Stepping back from an entry, in one click from its sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from judging.domain.conflicts import DECLARABLE, ConflictKind
from judging.domain.policy import policy
from judging.errors import Conflict, Refused
from judging.services.judges.conflicts.recusals import recuse
from judging.web.context import actor, assignment, contest, now
from judging.web.formats import error_sentence, problem_sentence
from judging.web.judge.blueprint import blueprint
from judging.web.judge.repeat_door import with_twin
from judging.web.judge.sheet import own_reading
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/sheets/<assignment_id>/recusal", endpoint="recuse")
@policy("judge")
@with_twin
def step_back(assignment_id: str) -> ResponseReturnValue:
    """Take the judge off the entry, which they no longer see from now on."""
    own_reading()
    asked = request.form.get("kind", "")
    if asked not in set(DECLARABLE):
        flash(_("Nothing was changed. Choose what kind of conflict it is."), "attention")
        return redirect(url_for("judge.sheet", assignment_id=assignment_id))
    try:
        recuse(
            db(),
            assignment=assignment(),
            actor=actor(),
            kind=ConflictKind(asked),
            reason=request.form.get("reason", "")[:2000],
            now=now(),
        )
    except Refused as refused:
        flash(problem_sentence(refused.problems[0]), "attention")
        return redirect(url_for("judge.sheet", assignment_id=assignment_id))
    except Conflict as closed:
        flash(error_sentence(closed), "error")
        return redirect(url_for("judge.sheet", assignment_id=assignment_id))
    flash(_("You are off this entry. The office knows, and you no longer see it."), "info")
    return redirect(url_for("judge.contest", slug=contest().slug))
