"""The reading of a round: panels, judges, gaps; and the acts that end a round or a missing sheet."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Role
from judging.domain.policy import policy
from judging.errors import N_, NotFound
from judging.services.judges.leases.watching import floor_now
from judging.services.rounds.entries import judged_round, unlocked_entries
from judging.services.rounds.running import advance_round, close_round, reopen_round, start_round
from judging.services.rounds.view import progress_now
from judging.services.sheets.life import reopen_sheet, write_off_sheet
from judging.web.context import actor, assignment, contest, now, platform, rules
from judging.web.formats import label
from judging.web.link_warnings import apart_sentences
from judging.web.organiser.acts import DESK, READERS, REFUSED, refusals_of, require_progress
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.judges.aside import aside_context
from judging.web.organiser.judges.timetable_form import read_moment
from judging.web.organiser.rounds.end import end_context
from judging.web.organiser.rounds.tabs import default_round, round_tabs, stage_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

_NAMED = 60
_TAG_LENGTH = 32


@blueprint.get("/<slug>/progress")
@blueprint.get("/<slug>/rounds/<round_key>/progress")
@policy(*READERS)
def progress(slug: str, round_key: str | None = None) -> str:
    """How far the panels and judges have come, who has stopped, and where judges differ widely."""
    del slug
    return _page(round_key or default_round())


@blueprint.get("/<slug>/rounds/<round_key>/progress/live")
@policy(*READERS)
def progress_live(slug: str, round_key: str) -> Response:
    """What moves of the progress, alone; 304 as long as nothing did."""
    del slug
    require_progress()
    text = render_template("organiser/rounds/progress_live.html", **_moving(round_key))
    answer = make_response(text)
    answer.set_etag(sha256(text.encode()).hexdigest()[:_TAG_LENGTH])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@blueprint.post("/<slug>/rounds/<round_key>")
@policy("organiser")
def round(slug: str, round_key: str) -> ResponseReturnValue:  # noqa: A001 - the endpoint is named after its subject
    """Open, close, open again or end a round."""
    act = request.form.get("act", "")
    told = {
        "open": _("The round is open. The judges can begin."),
        "close": _("The round is closed. Its standings are complete."),
        "reopen": _("The round is open again. The record keeps the reason."),
        "advance": _("The round has ended. The entries that go on wait for their judges."),
    }
    if act not in told:
        raise NotFound(N_("There is nothing here."))
    judged_round(rules(), round_key)
    if refused := refusals_of(lambda: _do(act, round_key)):
        return _page(round_key, refused), REFUSED
    flash(told[act], "info")
    where = {"open": "progress", "close": "standings", "reopen": "progress", "advance": "assignment"}[act]
    following = _next_round(round_key) if act == "advance" else round_key
    return redirect(url_for(f"organiser.{where}", slug=slug, round_key=following))


@blueprint.post("/assignments/<assignment_id>/reopen")
@policy(*DESK)
def reopen(assignment_id: str) -> ResponseReturnValue:
    """Give a submitted sheet back to its judge, with a reason; what was submitted stays."""
    del assignment_id
    return _sheet_act("reopen", _("The sheet is open again. The judge is told by letter."))


@blueprint.post("/assignments/<assignment_id>/write-off")
@policy("organiser")
def write_off(assignment_id: str) -> ResponseReturnValue:
    """End a missing sheet by a named decision, with a reason."""
    del assignment_id
    return _sheet_act("write-off", _("The missing sheet is written off. The entry is judged without it."))


def _sheet_act(act: str, told: str) -> ResponseReturnValue:
    service = {"reopen": reopen_sheet, "write-off": write_off_sheet}[act]
    reason = request.form.get("reason", "")
    refused = refusals_of(lambda: service(db(), assignment=assignment(), actor=actor(), reason=reason, now=now()))
    for sentence in refused:
        flash(sentence, "error")
    if not refused:
        flash(told, "info")
    return redirect(url_for("organiser.entry", entry_id=assignment().entry_id))


def _do(act: str, round_key: str) -> None:
    registry = platform().registry
    if act == "open":
        start_round(db(), registry=registry, contest=contest(), round_key=round_key, actor=actor(), now=now())
    elif act == "close":
        close_round(db(), registry=registry, contest=contest(), round_key=round_key, actor=actor(), now=now())
    elif act == "advance":
        advance_round(db(), registry=registry, contest=contest(), round_key=round_key, actor=actor(), now=now())
    else:
        reason, until = request.form.get("reason", ""), read_moment(request.form.get("until", ""), contest().zone)
        reopen_round(
            db(), contest=contest(), round_key=round_key, actor=actor(), reason=reason, now=now(), until=until
        )  # fmt: skip


def _next_round(round_key: str) -> str:
    keys = [judged.key for judged in rules().rounds]
    return keys[min(keys.index(round_key) + 1, len(keys) - 1)]


def _page(round_key: str, refused: list[str] | None = None) -> str:
    require_progress()
    stage = stage_of(round_key)
    is_open = stage is not None and stage.state == "open"
    waiting = unlocked_entries(db(), contest=contest(), rules=rules(), round_key=round_key) if is_open else []
    return render_template(
        "organiser/rounds/progress.html",
        **_moving(round_key),
        stage=stage,
        tabs=round_tabs("organiser.progress", round_key),
        **aside_context(judged_round(rules(), round_key), is_open=is_open),
        **end_context(stage),
        waiting=waiting[:_NAMED],
        apart=apart_sentences(round_key) if is_open and not waiting else [],
        more_waiting=max(len(waiting) - _NAMED, 0),
        may_run=actor().has(Role.ORGANISER) and contest().phase == ContestPhase.JUDGING,
        is_last=round_key == rules().rounds[-1].key,
        now=now(),
        refused=refused or [],
        typed=request.form,
    )


def _moving(round_key: str) -> dict[str, Any]:
    """What the part of the page is made of that is asked for again and again. Nothing in it changes with the clock."""
    found = progress_now(db(), contest=contest(), rules=rules(), round_key=round_key, now=now())
    return {
        "contest": contest(),
        "rules": rules(),
        "judged": judged_round(rules(), round_key),
        "progress": found,
        "floor": floor_now(db(), contest=contest(), round_key=round_key, now=now()),
        "scale": max([one.total for one in found.panels], default=0),
        "judge_scale": max([one.total for one in found.judges], default=0),
        "panel_names": {one.panel.id: one.panel.name for one in found.panels if one.panel},
        "categories": {one.key: label(one.label) for one in rules().categories},
    }
