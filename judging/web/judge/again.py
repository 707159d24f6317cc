"""Looking again at one's first sheets of a round, once everything else is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.errors import N_, Conflict, NotFound
from judging.services.sheets.desk import list_desk
from judging.services.sheets.warm_up import keep_first_sheet, reopen_first_sheet
from judging.web.context import account, actor, assignment, contest, now, platform, rules
from judging.web.formats import error_sentence
from judging.web.judge.blueprint import blueprint
from judging.web.judge.home import own_seat
from judging.web.judge.sheet import own_reading
from judging.web.reading_names import name_rows
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_ACTS = {
    "keep": (keep_first_sheet, N_("Kept as it is.")),
    "revise": (reopen_first_sheet, N_("The sheet is open with your marks. What you submitted is kept.")),
}


@blueprint.get("/<slug>/again")
@policy("judge")
def again(slug: str) -> ResponseReturnValue:
    """The first sheets that are to be kept or revised."""
    own_seat()
    desk = [one for one in list_desk(db(), registry=platform().registry, account=account()) if one.again]
    work = next((one for one in desk if one.contest.id == contest().id), None)
    if work is None:
        flash(_("There is nothing to look at again now."), "info")
        return redirect(url_for("judge.contest", slug=slug))
    return render_template(
        "judge/again.html",
        work=work,
        rows=work.again,
        names=name_rows(work.again, rules=work.rules, contest_id=work.contest.id, round_key=work.stage.key),
        category_labels={category.key: category.label for category in rules().categories},
    )


@blueprint.post("/sheets/<assignment_id>/again")
@policy("judge")
def look_again(assignment_id: str) -> ResponseReturnValue:
    """Keep the sheet as it is, or open it to be revised."""
    own_reading()
    asked = request.form.get("act", "")
    if asked not in _ACTS:
        raise NotFound(N_("There is nothing here."))
    act, told = _ACTS[asked]
    try:
        act(db(), registry=platform().registry, assignment=assignment(), actor=actor(), now=now())
    except Conflict as closed:
        flash(error_sentence(closed), "attention")
        return redirect(url_for("judge.receipt", assignment_id=assignment_id))
    flash(_(told), "info")
    if asked == "revise":
        return redirect(url_for("judge.sheet", assignment_id=assignment_id))
    return redirect(url_for("judge.again", slug=contest().slug))
