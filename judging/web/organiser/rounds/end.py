"""The end of a round: set or moved with a look at who is told, and the sheets that came after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.queries import office_running as queries
from judging.db.queries.round_end import list_extensions, list_late_sheets
from judging.domain.lifecycle import ContestPhase
from judging.domain.message_kinds import ROUND_END, find_kind
from judging.domain.policy import policy
from judging.domain.round_end import can_move_end
from judging.domain.values import Problem
from judging.errors import N_, Refused
from judging.services.contests.deadlines import grace_of
from judging.services.letters import written_letter
from judging.services.messages.texts import Text, own_template
from judging.services.rounds.end.late import take_late
from judging.services.rounds.end.moving import EndPlan, end_letter, plan_end, set_end
from judging.services.rounds.entries import judged_round, round_row
from judging.web.context import actor, assignment, contest, now, platform, rules
from judging.web.formats import problem_sentence
from judging.web.organiser.acts import REFUSED, refusals_of, require_progress
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.judges.timetable_form import read_moment
from judging.web.organiser.rounds.tabs import round_tabs
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from judging.db.models import ContestRound, Judge

_FIELDS = ("until", "judge", "reason")


@blueprint.get("/<slug>/rounds/<round_key>/end")
@policy("organiser")
def round_end(slug: str, round_key: str) -> str:
    """Until when sheets are taken, how that came about, and what came later."""
    del slug
    return _page(round_key, {})


@blueprint.post("/<slug>/rounds/<round_key>/end")
@policy("organiser")
def move_round_end(slug: str, round_key: str) -> ResponseReturnValue:
    """Look at what another end means, or set it and tell the judges."""
    require_progress()
    judged_round(rules(), round_key)
    typed = {name: request.form.get(name, "") for name in _FIELDS}
    until, judge = read_moment(typed["until"], contest().zone), _judge(typed["judge"])
    if until is None or (typed["judge"] and judge is None):
        return _page(round_key, typed, problems=_unreadable(until)), REFUSED
    stage = round_row(db(), contest=contest(), round_key=round_key)
    plan = plan_end(
        db(), contest=contest(), stage=stage, judge=judge, until=until, reason=typed["reason"], actor=actor(), now=now()
    )
    if plan.problems:
        return _page(round_key, typed, problems=plan.problems), REFUSED
    # What is done is what was looked at: a judge who got work in between is shown first.
    if request.form.get("act") != "apply" or request.form.get("seen") != _seen(plan):
        return _page(round_key, typed, plan=plan, until=until)
    try:
        with db().begin_nested():
            set_end(
                db(), registry=platform().registry, settings=platform().settings, contest=contest(),
                round_key=round_key, until=until, reason=typed["reason"], actor=actor(), now=now(), judge=judge,
            )  # fmt: skip
    except Refused as refused:
        return _page(round_key, typed, problems=refused.problems), REFUSED
    _flash_told(len(plan.told))
    return redirect(url_for("organiser.round_end", slug=slug, round_key=round_key))


@blueprint.post("/assignments/<assignment_id>/late")
@policy("organiser")
def take_late_sheet(assignment_id: str) -> ResponseReturnValue:
    """Take a sheet that came after the end: its judge is told to hand it in again."""
    del assignment_id
    found = assignment()
    refused = refusals_of(
        lambda: take_late(
            db(), settings=platform().settings, assignment=found, actor=actor(),
            reason=request.form.get("reason", ""), now=now(),
        )
    )  # fmt: skip
    for sentence in refused:
        flash(sentence, "error")
    if not refused:
        flash(_("The sheet is taken: its judge is told to hand it in again."), "info")
    return redirect(url_for("organiser.round_end", slug=contest().slug, round_key=found.round, _anchor="late"))


def end_context(stage: ContestRound | None) -> dict[str, Any]:
    """What the page of the progress says of the round's end: the sheets that came late, and whether it may be moved."""
    is_open = stage is not None and stage.state == "open"
    late = list_late_sheets(db(), contest_id=contest().id, round_key=stage.key) if stage and is_open else []
    return {
        "late_count": sum(one.taken_at is None for one in late),
        "may_move_end": can_move_end(actor(), phase=ContestPhase(contest().phase)),
        "end_passed": bool(stage and stage.ends_at is not None and stage.ends_at <= now()),
    }


def _flash_told(count: int) -> None:
    if count:
        told = ngettext("The end is set. %(num)s judge is told.", "The end is set. %(num)s judges are told.", count)
    else:
        told = _("The end is set.")
    flash(told, "info")


def _judge(judge_id: str) -> Judge | None:
    return next((one for one in queries.list_judges(db(), contest()) if one.id == judge_id), None)


def _unreadable(until: datetime | None) -> Sequence[Problem]:
    if until is None:
        message = N_("Write the day and the time, such as 2026-11-20 17:00.")
        return (Problem(code="date", where="until", message=message),)
    message = N_("That judge is not there any more. Choose another one.")
    return (Problem(code="gone", where="judge", message=message),)


def _seen(plan: EndPlan | None) -> str:
    return ",".join(one.alias for one in plan.told) if plan is not None else ""


def _letter(plan: EndPlan, stage: ContestRound, *, until: datetime, reason: str) -> Text | None:
    """What the first of the judges who are told would read."""
    if not plan.told:
        return None
    first, kind = plan.told[0], find_kind(ROUND_END)
    own = own_template(db(), contest_id=contest().id, kind=ROUND_END, locale=first.account.locale)
    params = end_letter(
        platform().registry, platform().settings, contest=contest(), judge=first, stage=stage, until=until,
        reason=reason,
    )  # fmt: skip
    template = None if own is None else Text(own.subject, own.text)
    return written_letter(to=first.account, template=template, subject=kind.subject, text=kind.text, params=params)


def _page(
    round_key: str,
    typed: Mapping[str, str],
    *,
    problems: Sequence[Problem] = (),
    plan: EndPlan | None = None,
    until: datetime | None = None,
) -> str:
    require_progress()
    judged = judged_round(rules(), round_key)
    stage = round_row(db(), contest=contest(), round_key=round_key)
    held = contest()
    letter = None
    if plan is not None and until is not None:
        letter = _letter(plan, stage, until=until, reason=typed["reason"])
    return render_template(
        "organiser/rounds/end.html",
        contest=held,
        rules=rules(),
        judged=judged,
        stage=stage,
        tabs=round_tabs("organiser.round_end", round_key),
        typed=typed,
        errors={one.where: problem_sentence(one) for one in reversed(problems)},
        plan=plan,
        until=until,
        letter=letter,
        seen=_seen(plan),
        grace=int(grace_of(db(), held).total_seconds()) // 60,
        judges=[(one.id, one.account.name) for one in queries.list_judges(db(), held) if one.is_active],
        extensions=list_extensions(db(), contest_id=held.id, round_key=round_key),
        late=list_late_sheets(db(), contest_id=held.id, round_key=round_key),
        may_move=can_move_end(actor(), phase=ContestPhase(held.phase)) and stage.state in ("pending", "open"),
        now=now(),
    )
