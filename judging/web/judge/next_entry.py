"""“Where do I go next?”: in a round without a timetable a judge is led from booth to booth, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from judging.db.queries.judge import undeclared_counts
from judging.domain.asides import ASIDE_LABELS
from judging.domain.leases import LeaseEnd, Offer, Wait, minutes_until
from judging.domain.policy import policy
from judging.errors import Conflict
from judging.services.judges.leases.setting import lease_minutes
from judging.services.judges.leases.taking import AllTaken, give_free, look_ahead, take_next
from judging.services.rounds.entries import judged_round, round_row
from judging.services.sheets.readings import OPEN_ROUND
from judging.web.context import actor, assignment, contest, now, platform, rules
from judging.web.formats import error_sentence, label
from judging.web.judge.blueprint import blueprint
from judging.web.judge.home import own_seat
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.services.judges.leases.taking import Outlook


@blueprint.get("/<slug>/rounds/<round_key>/next")
@policy("judge")
def next_entry(slug: str, round_key: str) -> ResponseReturnValue:
    """The booth that the judge has now, or the button that leads to the next one. Nothing is taken by looking."""
    judge, judged = own_seat(), judged_round(rules(), round_key)
    minutes = lease_minutes(db(), contest=contest(), round_key=round_key)
    stage = round_row(db(), contest=contest(), round_key=round_key)
    if not minutes or stage.state != OPEN_ROUND:
        return redirect(url_for("judge.contest", slug=slug, round=round_key))
    if undeclared_counts(db(), judge_ids=[judge.id]):
        return redirect(url_for("judge.declare", slug=slug))
    outlook = look_ahead(db(), judge=judge, round_key=round_key, now=now())
    return render_template(
        "judge/next.html", contest=contest(), rules=rules(), judged=judged, minutes=minutes, **_values(outlook)
    )


@blueprint.post("/<slug>/rounds/<round_key>/next")
@policy("judge")
def take_booth(slug: str, round_key: str) -> ResponseReturnValue:
    """Lead the judge to the next booth, kept for them; whoever has one already is led to the same."""
    judged_round(rules(), round_key)
    back = redirect(url_for("judge.next_entry", slug=slug, round_key=round_key))
    try:
        take_next(
            db(), registry=platform().registry, contest=contest(), round_key=round_key, judge=own_seat(),
            actor=actor(), now=now(),
        )  # fmt: skip
    except AllTaken:
        # The page itself says when the first booth is free.
        return back
    except Conflict as refused:
        flash(error_sentence(refused), "attention")
    return back


@blueprint.post("/sheets/<assignment_id>/free")
@policy("judge")
def free_booth(assignment_id: str) -> ResponseReturnValue:
    """Let the booth go without having judged; what was typed on the sheet stays."""
    del assignment_id
    reading = assignment()
    if give_free(db(), registry=platform().registry, assignment=reading, actor=actor(), now=now()):
        flash(_("The place is free for other judges. The entry stays yours and comes back to you."), "info")
    else:
        flash(_("The place was not kept for you any more. The entry stays yours."), "info")
    return redirect(url_for("judge.next_entry", slug=contest().slug, round_key=reading.round))


def _values(outlook: Outlook) -> dict[str, Any]:
    """What the page shows of where the judge stands and goes."""
    own, last, step = outlook.own, outlook.last, outlook.step
    over = last is not None and last.over == LeaseEnd.EXPIRED and last.lease.entry_id in outlook.readings
    return {
        "own": own,
        "left": len(outlook.readings),
        "kept_minutes": minutes_until(own.lease.until, now()) if own is not None else None,
        "free_at": step.free_at if isinstance(step, Wait) else None,
        "free_minutes": minutes_until(step.free_at, now()) if isinstance(step, Wait) else None,
        "again": isinstance(step, Offer) and step.again,
        "expired": last if over and own is None else None,
        "kinds": [(kind.value, label(text)) for kind, text in ASIDE_LABELS.items()],
        "category_labels": {category.key: category.label for category in rules().categories},
    }
