"""The pages of a blind repeat: the same as those of any sheet, over a row that counts nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.asides import ASIDE_LABELS, AsideKind
from judging.domain.conflicts import DECLARABLE, ConflictKind
from judging.domain.draft_merge import Outcome
from judging.domain.lifecycle import SheetState
from judging.errors import Conflict, Refused, StaleVersion
from judging.services.judges.conflicts.recusals import recuse
from judging.services.judges.repeats.reading import RepeatReading, find_repeat_reading, why_repeat_closed
from judging.services.judges.repeats.sheets import (
    SavedRepeat,
    keep_repeat_note,
    save_repeat,
    set_repeat_aside,
    submit_repeat,
    take_repeat_up,
)
from judging.services.rounds.end.keeping import RoundEnded
from judging.services.sheets.desk import find_place
from judging.services.sheets.drafts import Draft, missing_and_wrong, stored_draft
from judging.services.sheets.merging import SheetMerge
from judging.services.upkeep.disk_guard import require_room_for_scores
from judging.web.context import actor, contest, now, platform
from judging.web.device_copies import is_for_device
from judging.web.formats import error_sentence, label, moment, problem_sentence
from judging.web.i18n import locale
from judging.web.judge.beside import ShownNote, kept_note
from judging.web.judge.device_fields import form_start
from judging.web.judge.dossier import dossier_of
from judging.web.judge.following import following_url
from judging.web.judge.notes import both_notes, note_told, sent_versions
from judging.web.judge.repeat_door import twin_of
from judging.web.judge.review import review_page
from judging.web.judge.sheet import autosaved, render_sheet, typed_draft
from judging.web.late_sheets import keep_as_late
from judging.web.reading_names import name_of
from judging.web.received import received
from judging.web.sheet_blocks import criterion_blocks, shown_total
from judging.web.transaction import db, unit
from judging.web.typed_sheet import seen_version, typed_texts

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from judging.db.models import BlindRepeat
    from judging.domain.values import Problem

_REFUSED = 422
_CLASH = 409
_STALE = 412


@dataclass(frozen=True, slots=True, kw_only=True)
class _Submitted:
    """A submitted repeat as the page of a receipt shows a version."""

    id: str
    number: int
    submitted_at: datetime
    code: str


@twin_of("sheet")
def sheet(repeat: BlindRepeat) -> ResponseReturnValue:
    """The entry and its sheet; a submitted sheet is shown with its receipt instead."""
    reading = own_repeat(repeat)
    if reading.state is SheetState.SUBMITTED and not is_for_device():
        return redirect(url_for("judge.receipt", assignment_id=repeat.id))
    if reading.must_declare and not why_repeat_closed(reading):
        return redirect(url_for("judge.declare", slug=contest().slug, then=repeat.id))
    draft = stored_draft(reading.judged, repeat, locale=locale())
    return _page(reading, draft, problems=draft.problems)


@twin_of("save")
def save(repeat: BlindRepeat) -> ResponseReturnValue:
    """Save the sheet, then stay, go on to the review, or submit, as the button says."""
    action = request.form.get("action", "save")
    try:
        saved = _save_typed(repeat)
    except Conflict as refused:
        reading = own_repeat(repeat)
        return _page(reading, typed_draft(reading.judged), stale=refused), refused.status
    problems = saved.problems
    if action == "submit":
        try:
            submit_repeat(
                db(), registry=platform().registry, repeat=repeat, actor=actor(), now=now(), locale=locale(),
                received_at=received(),
            )  # fmt: skip
        except Refused as refused:
            problems = refused.problems
        except RoundEnded as ended:
            keep_as_late(saved.reading, ended)
            return _page(saved.reading, saved.draft), ended.status
    elif action == "review":
        problems = missing_and_wrong(saved.reading.judged, saved.draft)
    if problems:
        unit().keep = True
        return _page(saved.reading, saved.draft, problems=problems, refused=True), _REFUSED
    if action == "submit":
        return redirect(url_for("judge.receipt", assignment_id=repeat.id))
    if action == "review":
        return redirect(url_for("judge.review", assignment_id=repeat.id))
    flash(_("Recorded. The sheet is not submitted yet."), "info")
    return redirect(url_for("judge.sheet", assignment_id=repeat.id))


@twin_of("autosave")
def autosave(repeat: BlindRepeat) -> ResponseReturnValue:
    """Save the draft while the judge works."""
    judged = own_repeat(repeat).judged
    start = form_start(judged, request.form, locale=locale())
    merge = SheetMerge(start, locale=locale()) if start is not None else None
    return autosaved(_save_typed(repeat, merge), merge)


@twin_of("review")
def review(repeat: BlindRepeat) -> ResponseReturnValue:
    """What will be submitted, and what is still missing."""
    reading = own_repeat(repeat)
    if reading.state is SheetState.SUBMITTED:
        return redirect(url_for("judge.receipt", assignment_id=repeat.id))
    if why_repeat_closed(reading) or reading.must_declare:
        return redirect(url_for("judge.sheet", assignment_id=repeat.id))
    return review_page(reading)


@twin_of("submit")
def submit(repeat: BlindRepeat) -> ResponseReturnValue:
    """Submit the draft that the judge has just looked at."""
    reading = own_repeat(repeat)
    if reading.state is SheetState.SUBMITTED:
        return redirect(url_for("judge.receipt", assignment_id=repeat.id))
    require_room_for_scores(platform().database)
    try:
        submit_repeat(
            db(), registry=platform().registry, repeat=repeat, actor=actor(), now=now(), locale=locale(),
            expected_version=seen_version(absent=-1),
            received_at=received(),
        )  # fmt: skip
    except Refused:
        return review_page(reading), _REFUSED
    except RoundEnded as ended:
        keep_as_late(reading, ended)
        return review_page(reading), ended.status
    except StaleVersion as stale:
        return review_page(reading, stale=error_sentence(stale)), _STALE
    return redirect(url_for("judge.receipt", assignment_id=repeat.id))


@twin_of("receipt")
def receipt(repeat: BlindRepeat) -> ResponseReturnValue:
    """The locked sheet with its receipt, as any other's while the round is open; afterwards it says what it was."""
    reading = own_repeat(repeat)
    if repeat.submitted_at is None:
        return redirect(url_for("judge.sheet", assignment_id=repeat.id))
    draft, place = stored_draft(reading.judged, repeat, locale=locale()), find_place(db(), reading=reading)
    return render_template(
        "judge/receipt.html",
        reading=reading, name=name_of(reading), is_repeat=True, locked=True,
        submitted=_Submitted(id=repeat.id, number=1, submitted_at=repeat.submitted_at, code=repeat.code),
        overridden=None, earlier=[], leaves={}, blocks=criterion_blocks(reading.judged, draft, {}), draft=draft,
        total=shown_total(repeat.total), place=place, next_url=following_url(reading, place.next_id), looks=[],
        dossier=dossier_of(reading), panel=[],
        list_url=url_for("judge.contest", slug=contest().slug, round=reading.judged.key),
    )  # fmt: skip


@twin_of("note")
def note(repeat: BlindRepeat) -> ResponseReturnValue:
    """Keep the judge's note beside the repeat; that of the entry's first showing is another one."""
    typed = request.form.get("note", "")
    kept = keep_repeat_note(
        db(), registry=platform().registry, repeat=repeat, actor=actor(), text=typed,
        base=request.form.get("note-base") or None, sent=sent_versions(),
    )  # fmt: skip
    if request.accept_mimetypes.best == "application/json":
        return note_told(kept)
    if kept.outcome is Outcome.CLASH:
        reading = own_repeat(repeat)
        draft = stored_draft(reading.judged, repeat, locale=locale())
        return _page(reading, draft, problems=draft.problems, note=both_notes(kept, typed)), _CLASH
    flash(_("Your note is kept. Nobody else sees it."), "info")
    return redirect(url_for("judge.sheet", assignment_id=repeat.id, _anchor="note"))


@twin_of("put_aside")
def put_aside(repeat: BlindRepeat) -> ResponseReturnValue:
    """Leave it for later, with the reason that the organiser reads."""
    reading = own_repeat(repeat)
    try:
        set_repeat_aside(
            db(), registry=platform().registry, repeat=repeat, actor=actor(), kind=request.form.get("aside-kind", ""),
            words=request.form.get("aside-words", ""), now=now(),
        )  # fmt: skip
    except Refused as refused:
        flash(f"{_('Nothing was changed.')} {problem_sentence(refused.problems[0])}", "attention")
        return redirect(url_for("judge.sheet", assignment_id=repeat.id, _anchor="aside"))
    except Conflict as closed:
        flash(error_sentence(closed), "attention")
        return redirect(url_for("judge.sheet", assignment_id=repeat.id))
    flash(_("Set aside. The office reads the reason, and the entry comes back at the end of your list."), "info")
    following = following_url(reading, find_place(db(), reading=reading).next_id)
    return redirect(following or url_for("judge.contest", slug=contest().slug, round=reading.judged.key))


@twin_of("end_aside")
def end_aside(repeat: BlindRepeat) -> ResponseReturnValue:
    """Put it back into its place."""
    try:
        take_repeat_up(db(), registry=platform().registry, repeat=repeat, actor=actor())
    except Conflict as closed:
        flash(error_sentence(closed), "attention")
    else:
        flash(_("The entry stands in its place again."), "info")
    return redirect(url_for("judge.sheet", assignment_id=repeat.id))


@twin_of("recuse")
def step_back(repeat: BlindRepeat) -> ResponseReturnValue:
    """Take the judge off the entry, with the reading and its repeat."""
    own_repeat(repeat)
    asked = request.form.get("kind", "")
    if asked not in set(DECLARABLE):
        flash(_("Nothing was changed. Choose what kind of conflict it is."), "attention")
        return redirect(url_for("judge.sheet", assignment_id=repeat.id))
    reason = request.form.get("reason", "")[:2000]
    try:
        recuse(
            db(), assignment=repeat.first, actor=actor(), kind=ConflictKind(asked), reason=reason, now=now()
        )  # fmt: skip
    except Refused as refused:
        flash(problem_sentence(refused.problems[0]), "attention")
        return redirect(url_for("judge.sheet", assignment_id=repeat.id))
    except Conflict as closed:
        flash(error_sentence(closed), "error")
        return redirect(url_for("judge.sheet", assignment_id=repeat.id))
    flash(_("You are off this entry. The office knows, and you no longer see it."), "info")
    return redirect(url_for("judge.contest", slug=contest().slug))


def own_repeat(repeat: BlindRepeat) -> RepeatReading:
    """The repeat of this address. Raises NotFound for another judge's."""
    return find_repeat_reading(db(), registry=platform().registry, repeat=repeat, actor=actor())


def _save_typed(repeat: BlindRepeat, merge: SheetMerge | None = None) -> SavedRepeat:
    require_room_for_scores(platform().database)
    return save_repeat(
        db(), registry=platform().registry, repeat=repeat, actor=actor(), locale=locale(), now=now(),
        expected_version=seen_version() if merge is None else None,
        merge=merge, **typed_texts(own_repeat(repeat).judged),
    )  # fmt: skip


def _page(
    reading: RepeatReading,
    draft: Draft,
    *,
    problems: tuple[Problem, ...] = (),
    refused: bool = False,
    stale: Conflict | None = None,
    note: ShownNote | None = None,
) -> str:
    return render_sheet(
        reading, draft, problems=problems, refused=refused, stale=stale, why=why_repeat_closed(reading),
        beside=_beside(reading.assignment, note), room_clock=None,
    )  # fmt: skip


def _beside(repeat: BlindRepeat, note: ShownNote | None) -> dict[str, Any]:
    """What stands beside the sheet, as `beside.sheet_extras` has it."""
    is_aside = repeat.aside_at is not None
    return {
        "note": note or kept_note(lambda: repeat.note),
        "kinds": [(kind.value, label(text)) for kind, text in ASIDE_LABELS.items()],
        "kept": None, "aside": is_aside, "why": _why(repeat) if is_aside else "",
        "answered": False, "answer": "", "reopened": "",
    }  # fmt: skip


def _why(repeat: BlindRepeat) -> str:
    reason = label(ASIDE_LABELS[AsideKind(repeat.aside_kind)])
    said = f"{reason} – {repeat.aside_words}" if repeat.aside_words else reason
    at = repeat.aside_at
    return _("%(moment)s: %(reason)s", moment=moment(at, contest().zone) if at is not None else "", reason=said)
