"""The forms of the draft's stops: as they stand, with what was typed and cannot be read yet in its place."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_wtf import FlaskForm

from judging.db.types import new_id
from judging.services.entries.draft_versions import Draft
from judging.services.entries.members import rows_of
from judging.services.entries.texts import answer_name, member_name, typed_answers_of, typed_people
from judging.web.context import entry, rules
from judging.web.entrant.answer_forms import PREFIX, answer_form, layout_of
from judging.web.entrant.draft_page import field_names, page_draft, row_names
from judging.web.entrant.people_rows import KEYS, Row, filled_rows, row_errors
from judging.web.entrant.step_list import ABOUT, fields_of
from judging.web.formats import problem_sentence
from judging.web.i18n import locale
from judging.web.transaction import db


def question_content(step: str) -> dict[str, Any]:
    """The form of a stop of questions."""
    shown, in_force = entry(), rules()
    fields = fields_of(in_force, step)
    draft = Draft(db(), shown)
    if step == ABOUT:
        place = {"title": shown.title, "category": shown.category, "division": shown.division or ""}
        form = answer_form(fields, shown.answers, place=in_force, **place)
    else:
        form = answer_form(fields, shown.answers)
    if request.method == "GET":
        _put_back(form, draft, step)
    names = field_names(fields, place=step == ABOUT)
    return {
        "form": form,
        "layout": layout_of(fields),
        "draft": page_draft(shown, in_force, draft, names, ()),
    }


def people_content(typed: list[Row] | None) -> dict[str, Any]:
    """The rows of people: `typed` as they were sent, else as they stand."""
    shown, in_force = entry(), rules()
    draft = Draft(db(), shown)
    rows = list(typed or ())
    errors: dict[str, str] = {}
    if not rows:
        wanted = max(in_force.team.low, request.args.get("rows", 1, type=int))
        rows = filled_rows(rows_of(shown), at_least=wanted)
        errors = _put_back_rows(rows, draft)
    # Each blank row has an id that its person will get, so that saving it twice adds nobody twice.
    rows = [{**row, "id": row["id"] or new_id()} for row in rows]
    names = row_names([row["id"] for row in rows])
    order = [member.id for member in shown.members]
    return {"rows": rows, "errors": errors, "draft": page_draft(shown, in_force, draft, names, order)}


def _put_back(form: FlaskForm, draft: Draft, step: str) -> None:
    unread = draft.unread()
    for field in fields_of(rules(), step):
        text = unread.get(answer_name(field.key))
        if text is None or PREFIX + field.key not in form:
            continue
        read = typed_answers_of([field], {field.key: text}, locale=locale())
        shown = form[PREFIX + field.key]
        shown.data = text
        shown.errors = [problem_sentence(problem) for problem in read.unread.values()]


def _put_back_rows(rows: list[Row], draft: Draft) -> dict[str, str]:
    unread = draft.unread()
    for row in rows:
        row.update({key: unread[name] for key in KEYS if (name := member_name(row["id"], key)) in unread})
    kept = {name: problem for name, problem in _reread(rows).items() if name in unread}
    places = {name: shown for shown, name in row_names([row["id"] for row in rows]).items()}
    return {places[name]: sentence for name, sentence in kept.items()}


def _reread(rows: list[Row]) -> dict[str, str]:
    read = typed_people(rows, [row["id"] for row in rows], rules=rules(), locale=locale())
    return {
        name: next(iter(row_errors([problem]).values())) for name, problem in read.unread.items()
    }  # fmt: skip
