"""Sheets on paper: printing those that are awaited, and typing them off, two people to a sheet."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import segno
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.lifecycle import ContestPhase
from judging.domain.marks import lines_of
from judging.domain.paper_sheets import Difference, Typed
from judging.domain.permissions import can_type_paper
from judging.domain.policy import policy
from judging.errors import Conflict, Refused
from judging.services.links import page_link
from judging.services.rounds.entries import judged_round
from judging.services.sheets.drafts import Draft, read_draft
from judging.services.sheets.paper.papers import find_paper, list_paper_sheets
from judging.services.sheets.paper.typing import list_typings, own_typing, type_paper, typing_of_another
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import error_sentence, label, problem_sentence
from judging.web.i18n import locale
from judging.web.organiser.acts import DESK, REFUSED, require_progress
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.rounds.tabs import default_round, round_tabs
from judging.web.sheet_blocks import criterion_blocks, field_errors
from judging.web.transaction import db, unit
from judging.web.typed_sheet import typed_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from judging.domain.values import Problem
    from judging.services.sheets.paper.papers import PaperSheet
    from judging.services.sheets.readings import Reading


@blueprint.get("/<slug>/paper")
@blueprint.get("/<slug>/rounds/<round_key>/paper")
@policy(*DESK)
def paper_sheets(slug: str, round_key: str | None = None) -> str:
    """Whose sheets can be printed, what was typed and waits for a second person, and where two differ."""
    del slug
    return _desk(round_key or default_round())


@blueprint.get("/<slug>/rounds/<round_key>/paper/print")
@policy(*DESK)
def print_paper(slug: str, round_key: str) -> str:
    """The sheets that are awaited, one to a page: of one judge, or of all."""
    del slug
    require_progress()
    judged = judged_round(rules(), round_key)
    sheets = list_paper_sheets(
        db(), contest=contest(), rules=rules(), judged=judged, judge_id=request.args.get("judge") or None
    )
    return render_template(
        "organiser/judges/paper_print.html",
        contest=contest(),
        rules=rules(),
        judged=judged,
        blocks=criterion_blocks(judged, Draft(), {}),
        sheets=[{"sheet": sheet, "square": _square(sheet)} for sheet in sheets],
        category_labels={category.key: label(category.label) for category in rules().categories},
    )


@blueprint.get("/<slug>/paper/sheet")
@policy(*DESK)
def paper_sheet(slug: str) -> ResponseReturnValue:
    """The form for the sheet with the code that was scanned or typed."""
    try:
        reading = _named()
    except (Refused, Conflict) as refused:
        flash(_told(refused), "error")
        return redirect(url_for("organiser.paper_sheets", slug=slug))
    return _form(reading, Draft())


@blueprint.post("/<slug>/paper/sheet")
@policy(*DESK)
def type_sheet(slug: str) -> ResponseReturnValue:
    """Keep what this person typed; when another typed the same, the sheet is recorded."""
    try:
        reading = _named()
    except (Refused, Conflict) as refused:
        flash(_told(refused), "error")
        return redirect(url_for("organiser.paper_sheets", slug=slug))
    texts = typed_texts(reading.judged)
    try:
        with db().begin_nested():
            outcome = type_paper(db(), reading=reading, actor=actor(), locale=locale(), now=now(), **texts)
    except Refused as refused:
        draft = read_draft(reading.judged, locale=locale(), **texts)
        return _form(reading, draft, problems=refused.problems), REFUSED
    except Conflict as late:
        flash(error_sentence(late), "error")
        return redirect(url_for("organiser.paper_sheets", slug=slug))
    if outcome.differences:
        # What this person typed is kept: the other one is to see that the two differ.
        unit().keep = True
        draft = read_draft(reading.judged, locale=locale(), **texts)
        return _form(reading, draft, differences=outcome.differences), REFUSED
    if outcome.version is not None:
        flash(
            _("Both typed the same: the sheet is recorded, with the code %(code)s.", code=outcome.version.code), "info"
        )
    else:
        flash(_("Kept. The sheet is recorded once a second person has typed the same."), "info")
    return redirect(url_for("organiser.paper_sheets", slug=slug, round_key=reading.judged.key))


def _named() -> Reading:
    return find_paper(
        db(), registry=platform().registry, contest=contest(), actor=actor(), code=request.values.get("code", "")
    )


def _desk(round_key: str) -> str:
    require_progress()
    judged = judged_round(rules(), round_key)
    sheets = list_paper_sheets(db(), contest=contest(), rules=rules(), judged=judged)
    counts = Counter(sheet.assignment.judge_id for sheet in sheets)
    judges = {sheet.assignment.judge_id: sheet.assignment.judge for sheet in sheets}
    codes = {sheet.assignment.id: sheet.code for sheet in sheets}
    typed: dict[str, dict[str, Any]] = {}
    for typing in list_typings(db(), contest=contest(), round_key=round_key):
        row = typed.setdefault(
            typing.assignment_id, {"assignment": typing.assignment, "by": [], "mine": False, "code": ""}
        )
        row["by"].append(typing.account.name)
        row["mine"] = row["mine"] or typing.account_id == actor().account_id
        row["code"] = codes.get(typing.assignment_id, "")
    return render_template(
        "organiser/judges/paper_sheets.html",
        contest=contest(),
        rules=rules(),
        judged=judged,
        tabs=round_tabs("organiser.paper_sheets", round_key),
        judges=[(judge, counts[judge_id]) for judge_id, judge in judges.items()],
        total=len(sheets),
        typed=list(typed.values()),
        may_type=can_type_paper(actor(), phase=ContestPhase(contest().phase)),
        asked=request.args.get("code", ""),
    )


def _form(
    reading: Reading,
    draft: Draft,
    *,
    problems: Sequence[Problem] = (),
    differences: Sequence[Difference] = (),
) -> str:
    errors = field_errors(tuple(problems))
    own = own_typing(db(), assignment=reading.assignment, actor=actor())
    other = typing_of_another(db(), own) if own is not None and differences else None
    return render_template(
        "organiser/judges/paper_type.html",
        contest=contest(),
        rules=rules(),
        reading=reading,
        code=request.values.get("code", ""),
        blocks=criterion_blocks(reading.judged, draft, errors),
        draft=draft,
        errors=errors,
        problem_list=list(errors.items()),
        differences=[(_place(reading, one), one) for one in differences],
        other=other.account.name if other is not None else "",
    )


def _place(reading: Reading, found: Difference) -> str:
    """Where two typings differ, in the reader's words."""
    if found.what is Typed.OVERALL:
        return _("Overall comment")
    if found.what is Typed.MARK:
        criterion, line, _scale = lines_of(reading.judged.rubric)[found.key]
        return label(criterion.label) if line == criterion.label else f"{label(criterion.label)}: {label(line)}"
    criteria = {criterion.key: label(criterion.label) for criterion in reading.judged.rubric.criteria}
    return _("Comment on %(criterion)s", criterion=criteria[found.key])


def _square(sheet: PaperSheet) -> str:
    path = url_for("organiser.paper_sheet", slug=contest().slug, code=sheet.code)
    square = segno.make(page_link(platform().settings, path), error="m", micro=False)
    return square.svg_data_uri(scale=3, border=2, dark="#000", light="#fff")


def _told(refused: Refused | Conflict) -> str:
    return problem_sentence(refused.problems[0]) if isinstance(refused, Refused) else error_sentence(refused)
