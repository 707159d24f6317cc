"""The score sheet beside the dossier: showing it, saving it as one works, going on to the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.domain.conflicts import CONFLICT_LABELS, DECLARABLE
from judging.domain.lifecycle import SheetState
from judging.domain.policy import policy
from judging.domain.structure import frozen_digest
from judging.errors import Conflict, Refused
from judging.services.contests.editions import why_suspended
from judging.services.rounds.end.keeping import RoundEnded
from judging.services.rounds.entries import judged_round
from judging.services.sheets.desk import find_place
from judging.services.sheets.drafts import criteria_left, draft_total, missing_and_wrong, read_draft, stored_draft
from judging.services.sheets.life import SavedDraft, save_draft, submit_sheet
from judging.services.sheets.merging import SheetMerge
from judging.services.sheets.readings import find_reading, why_closed
from judging.services.sheets.writes import sheet_revision
from judging.services.upkeep.disk_guard import require_room_for_scores
from judging.web.context import actor, assignment, contest, now, platform, rules
from judging.web.device_copies import is_for_device
from judging.web.formats import clock, error_sentence, label, mark, sentence
from judging.web.i18n import locale
from judging.web.judge.beside import sheet_extras
from judging.web.judge.blueprint import blueprint
from judging.web.judge.device_fields import field_labels, form_start, merge_told, sheet_base
from judging.web.judge.dossier import dossier_of
from judging.web.judge.repeat_door import with_twin
from judging.web.judge.room_clock import clock_of_reading
from judging.web.late_sheets import due_note, ended_notice, keep_as_late
from judging.web.reading_names import name_of
from judging.web.received import received
from judging.web.sheet_blocks import (
    criterion_blocks,
    field_errors,
    shown_total,
)
from judging.web.transaction import db, unit
from judging.web.typed_sheet import seen_version, typed_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from judging.domain.rules import Round
    from judging.domain.values import Problem
    from judging.services.judges.repeats.reading import RepeatReading
    from judging.services.judges.repeats.sheets import SavedRepeat
    from judging.services.sheets.drafts import Draft
    from judging.services.sheets.readings import Reading
    from judging.web.judge.beside import ShownNote

_REFUSED = 422


@blueprint.get("/sheets/<assignment_id>")
@policy("judge")
@with_twin
def sheet(assignment_id: str) -> ResponseReturnValue:
    """The entry and its sheet; a submitted sheet is shown with its receipt instead."""
    reading = own_reading()
    if reading.state is SheetState.SUBMITTED and not is_for_device():
        return redirect(url_for("judge.receipt", assignment_id=assignment_id))
    if reading.must_declare and not why_closed(reading):
        return redirect(url_for("judge.declare", slug=contest().slug, then=assignment_id))
    draft = stored_draft(reading.judged, assignment(), locale=locale())
    return sheet_page(reading, draft, problems=draft.problems)


@blueprint.post("/sheets/<assignment_id>")
@policy("judge")
@with_twin
def save(assignment_id: str) -> ResponseReturnValue:
    """Save the sheet, then stay, go on to the review, or submit, as the button says.

    What was typed is kept even when it is refused: it is shown again with the reasons.
    """
    action = request.form.get("action", "save")
    try:
        saved = _save_typed()
    except Conflict as refused:
        # Saved elsewhere, or closed in the meantime: the page shows what was typed, so that nothing is lost.
        reading = own_reading()
        return sheet_page(reading, typed_draft(reading.judged), stale=refused), refused.status
    reading, problems = saved.reading, saved.problems
    if action == "submit":
        try:
            submit_sheet(
                db(), registry=platform().registry, assignment=assignment(), actor=actor(), now=now(), saved=saved,
                received_at=received(),
            )  # fmt: skip
        except Refused as refused:
            problems = refused.problems
        except RoundEnded as ended:
            keep_as_late(reading, ended)
            return sheet_page(reading, saved.draft), ended.status
    elif action == "review":
        problems = missing_and_wrong(reading.judged, saved.draft)
    if problems:
        unit().keep = True
        return sheet_page(reading, saved.draft, problems=problems, refused=True), _REFUSED
    if action == "submit":
        return redirect(url_for("judge.receipt", assignment_id=assignment_id))
    if action == "review":
        return redirect(url_for("judge.review", assignment_id=assignment_id))
    flash(_("Recorded. The sheet is not submitted yet."), "info")
    return redirect(url_for("judge.sheet", assignment_id=assignment_id))


@blueprint.post("/sheets/<assignment_id>/draft")
@policy("judge")
@with_twin
def autosave(assignment_id: str) -> ResponseReturnValue:  # noqa: ARG001 - the policy has loaded what it names
    """Save the draft while the judge works: the time it was recorded, the total, what is left and what is wrong."""
    judged = judged_round(rules(), assignment().round)
    start = form_start(judged, request.form, locale=locale())
    merge = SheetMerge(start, locale=locale()) if start is not None else None
    saved = _save_typed(merge)
    return autosaved(saved, merge)


def autosaved(saved: SavedDraft | SavedRepeat, merge: SheetMerge | None) -> ResponseReturnValue:
    """What the script that saves as one types is told."""
    row = saved.reading.assignment
    answer: dict[str, Any] = {
        "saved_at": row.changed_at.isoformat(),
        "time": clock(now(), contest().zone, seconds=True),
        "total": mark(shown_total(saved.total)) if saved.draft.sound_marks else "–",
        "left": saved.left,
        "version": saved.version,
        "revision": sheet_revision(row),
        **(merge_told(saved.reading.judged, merge) if merge is not None else {}),
    }
    if saved.problems:
        answer["errors"] = field_errors(saved.problems)
    return jsonify(answer)


def own_reading() -> Reading:
    """The reading of this address. Raises NotFound once the judge is off the entry."""
    return find_reading(db(), registry=platform().registry, assignment=assignment(), actor=actor())


def sheet_page(
    reading: Reading,
    draft: Draft,
    *,
    problems: tuple[Problem, ...] = (),
    refused: bool = False,
    stale: Conflict | None = None,
    note: ShownNote | None = None,
) -> str:
    """The page with the sheet as `draft` has it. `refused` lists the problems on top, each with a link to its place.

    `note` is shown in place of the one that is kept.
    """
    return render_sheet(
        reading, draft, problems=problems, refused=refused, stale=stale, why=why_closed(reading),
        beside=sheet_extras(reading, note), room_clock=clock_of_reading(reading),
    )  # fmt: skip


def render_sheet(
    reading: Reading | RepeatReading,
    draft: Draft,
    *,
    problems: tuple[Problem, ...],
    refused: bool,
    stale: Conflict | None,
    why: str,
    beside: Mapping[str, Any],
    room_clock: Mapping[str, Any] | None,
) -> str:
    """The same of anything that is shown as a reading. `why` it is closed, as an msgid; `beside` as `sheet_extras`."""
    errors = field_errors(problems)
    suspended = why_suspended(platform().registry, contest())
    left = criteria_left(reading.judged, draft)
    saved = reading.assignment
    return render_template(
        "judge/sheet.html",
        reading=reading,
        name=name_of(reading),
        blocks=criterion_blocks(reading.judged, draft, errors),
        draft=draft,
        errors=errors,
        problem_list=list(errors.items()) if refused else [],
        stale=error_sentence(stale) if stale is not None else "",
        closed=error_sentence(suspended) if suspended is not None else sentence(why),
        dossier=dossier_of(reading),
        place=find_place(db(), reading=reading),
        room_clock=room_clock,
        beside=beside,
        total=shown_total(draft_total(reading.judged, draft)) if draft.sound_marks else None,
        left=left,
        next_label=_next_label(left),
        pace_note=due_note(reading),
        ended=ended_notice(reading),
        saved_time=clock(saved.changed_at, contest().zone, seconds=True) if saved.draft_version else None,
        scale_note=_scale_note(reading),
        device_sheet={
            "base": sheet_base(reading.judged, draft),
            "page": "",
            "revision": sheet_revision(saved),
            "rubric": frozen_digest(reading.judged.rubric),
            "labels": field_labels(reading.judged),
        },
        conflict_options=[(kind.value, label(CONFLICT_LABELS[kind])) for kind in DECLARABLE],
    )


def typed_draft(judged: Round) -> Draft:
    """What the form of this request says."""
    return read_draft(judged, locale=locale(), **typed_texts(judged))


def _save_typed(merge: SheetMerge | None = None) -> SavedDraft:
    require_room_for_scores(platform().database)
    return save_draft(
        db(),
        registry=platform().registry,
        assignment=assignment(),
        actor=actor(),
        locale=locale(),
        now=now(),
        expected_version=seen_version() if merge is None else None,
        merge=merge,
        submits=request.form.get("action") == "submit",
        **typed_texts(judged_round(rules(), assignment().round)),
    )


def _next_label(left: int) -> str:
    if left == 0:
        return _("Review and submit")
    return ngettext("%(num)s criterion left", "%(num)s criteria left", left)


def _scale_note(reading: Reading | RepeatReading) -> str:
    rubric = reading.judged.rubric
    if rubric.total is None or rubric.total == rubric.raw_maximum:
        return ""
    return _(
        "The marks add up to %(raw)s points at most; the total is stated out of %(total)s.",
        raw=mark(rubric.raw_maximum),
        total=mark(rubric.total),
    )
