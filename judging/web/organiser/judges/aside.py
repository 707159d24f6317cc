"""What judges have set aside in a round: the reasons, and the word that an entry can be judged now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from judging.db.queries.asides import asides_of_round
from judging.db.queries.warm_up import count_sheets_to_see_again
from judging.domain.asides import ASIDE_LABELS, can_answer_aside
from judging.domain.lifecycle import ContestPhase
from judging.domain.policy import policy
from judging.services.sheets.setting_aside import answer_aside
from judging.web.context import actor, assignment, contest, now
from judging.web.organiser.acts import DESK, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.domain.rules import Round


def aside_context(judged: Round, *, is_open: bool) -> dict[str, Any]:
    """What the progress page's part about these entries, and about sheets to be looked at again, needs."""
    round_key, looks = judged.key, 0
    if is_open and judged.warm_up:
        looks = count_sheets_to_see_again(db(), contest_id=contest().id, round_key=round_key, most=judged.warm_up)
    found = asides_of_round(db(), contest_id=contest().id, round_key=round_key) if is_open else []
    may_answer = can_answer_aside(actor(), phase=ContestPhase(contest().phase))
    return {"asides": found, "aside_labels": ASIDE_LABELS, "may_answer_asides": may_answer, "looks": looks}


@blueprint.post("/assignments/<assignment_id>/aside", endpoint="answer_aside")
@policy(*DESK)
def tell_judge(assignment_id: str) -> ResponseReturnValue:
    """Say that an entry which its judge set aside can be judged now; the judge is told by letter."""
    del assignment_id
    found = assignment()
    refused = refusals_of(
        lambda: answer_aside(db(), assignment=found, actor=actor(), answer=request.form.get("answer", ""), now=now())
    )
    for sentence in refused:
        flash(sentence, "error")
    if not refused:
        flash(_("The judge is told, and the entry stands in its place again."), "info")
    where = url_for("organiser.progress", slug=contest().slug, round_key=found.round, _anchor="aside")
    return redirect(where)
