"""The desk of a panel's chair: which sheets of the panel are in, and what to do about one that needs another look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries import panel as queries
from judging.domain.lifecycle import SHEET_LABELS, ContestPhase
from judging.domain.policy import policy
from judging.errors import N_, Conflict, NotFound, Refused
from judging.services.rounds.states import list_rounds
from judging.services.sheets.life import reopen_sheet, write_off_sheet
from judging.web.context import actor, contest, now, rules
from judging.web.formats import error_sentence, label, problem_sentence
from judging.web.judge.blueprint import blueprint
from judging.web.judge.home import own_seat
from judging.web.paging import page_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from judging.db.models import ContestRound, Panel

_ACTS = {
    "reopen": (reopen_sheet, N_("The sheet is open again. The judge is told by letter.")),
    "write-off": (write_off_sheet, N_("The missing sheet is written off. The entry is judged without it.")),
}


@blueprint.get("/<slug>/panel")
@policy("chair")
def panel(slug: str) -> str:
    """The sheets of the panels that the person heads, in one round: judges and states, no marks."""
    chair = own_seat()
    panels = queries.headed_panels(db(), judge=chair)
    stages = list_rounds(db(), contest=contest())
    stage = _chosen(stages)
    categories = _categories(panels)
    total, done = queries.count_sheets(db(), chair=chair, categories=categories, round_key=stage.key)
    page = page_of(total)
    labels = {judged.key: label(judged.label) for judged in rules().rounds}
    return render_template(
        "judge/panel.html",
        contest=contest(),
        rules=rules(),
        panels=panels,
        stage=stage,
        round_label=labels.get(stage.key, stage.key),
        tabs=[
            {
                "label": labels.get(one.key, one.key), "url": url_for("judge.panel", slug=slug, round=one.key),
                "current": one.key == stage.key,
            }
            for one in stages
        ],
        total=total,
        done=done,
        rows=queries.list_sheets(
            db(), chair=chair, categories=categories, round_key=stage.key, limit=page.limit, offset=page.offset
        ),
        list_page=page,
        category_labels={category.key: label(category.label) for category in rules().categories},
        state_labels=SHEET_LABELS,
        may_act=contest().phase == ContestPhase.JUDGING and stage.state == "open",
    )  # fmt: skip


@blueprint.post("/<slug>/panel/<sheet_id>")
@policy("chair")
def panel_sheet(slug: str, sheet_id: str) -> ResponseReturnValue:
    """Give a submitted sheet back to its judge, or end a missing one, with a reason that the record keeps."""
    chair = own_seat()
    categories = _categories(queries.headed_panels(db(), judge=chair))
    sheet = queries.find_sheet(db(), chair=chair, categories=categories, sheet_id=sheet_id)
    if sheet is None or request.form.get("act") not in _ACTS:
        raise NotFound(N_("There is nothing here."))
    act, told = _ACTS[request.form["act"]]
    back = redirect(url_for("judge.panel", slug=slug, round=sheet.round))
    try:
        with db().begin_nested():
            act(db(), assignment=sheet, actor=actor(), reason=request.form.get("reason", ""), now=now())
    except Refused as refused:
        flash(problem_sentence(refused.problems[0]), "error")
    except Conflict as conflict:
        flash(error_sentence(conflict), "error")
    else:
        flash(_(told), "info")
    return back


def _categories(panels: Sequence[Panel]) -> set[str]:
    return {category for one in panels for category in one.categories}


def _chosen(stages: Sequence[ContestRound]) -> ContestRound:
    if not stages:
        raise NotFound(N_("There is nothing here."))
    asked = next((one for one in stages if one.key == request.args.get("round")), None)
    # Without a word from the chair: the round that is open, else the latest that was opened, else the first.
    started = [one for one in stages if one.state != "pending"]
    opened = next((one for one in stages if one.state == "open"), None)
    return asked or opened or (started[-1] if started else stages[0])
