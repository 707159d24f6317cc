"""The stops of the entry form: shown, saved as a whole, saved while one types."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.domain.values import Problem
from judging.errors import N_, NotFound
from judging.services.contests.office_desk import find_desk
from judging.services.entries.drafts import must_edit
from judging.services.entries.handovers import handovers_of
from judging.web.context import actor, contest, entry, now, rules
from judging.web.entrant.blueprint import blueprint
from judging.web.entrant.dossier_view import dossier_items
from judging.web.entrant.draft_page import merged_answer
from judging.web.entrant.entry_page import problems_of, step_context
from judging.web.entrant.overview import overview
from judging.web.entrant.people_links import consents_content
from judging.web.entrant.people_rows import Row, row_errors
from judging.web.entrant.saving import Saved, save_step
from judging.web.entrant.step_content import people_content, question_content
from judging.web.entrant.step_list import ABOUT, CONSENTS, FILES, PEOPLE, REVIEW, TEXT, stops
from judging.web.entrant.upload_view import uploads_context
from judging.web.form_problems import show_problems
from judging.web.formats import clock, problem_sentence
from judging.web.transaction import db, unit

_REFUSED = 422


@blueprint.get("/entries/<entry_id>/edit/<step>")
@policy("contestant")
def step(step: str, **_address: str) -> ResponseReturnValue:
    """One stop of the form, with what is still missing at it."""
    _must_be_a_stop(step)
    return render_step(step, problems=problems_of(entry()))


@blueprint.post("/entries/<entry_id>/edit/<step>")
@policy("contestant")
def save(step: str, **_address: str) -> ResponseReturnValue:
    """Record the stop and go on; gaps are welcome, what cannot be read is shown again."""
    _must_be_a_stop(step)
    saved = save_step(step)
    if saved.unreadable:
        # What can be read of a draft is recorded, and the rest is kept beside it.
        unit().keep = saved.draft is not None
        return render_refused(step, saved)
    if saved.clashing:
        flash(
            _("Another device has changed the same field. Both texts are kept: say below which one holds."), "attention"
        )
    return redirect(saved.onward)


@blueprint.post("/entries/<entry_id>/edit/<step>/autosave")
@policy("contestant")
def autosave(step: str, **_address: str) -> ResponseReturnValue:
    """Record what can be read of the stop, and name what cannot: {saved_at, time, errors}."""
    if step not in (ABOUT, PEOPLE, TEXT):
        raise NotFound(N_("There is nothing here."))
    _must_be_a_stop(step)
    saved = save_step(step)
    errors = {name: problem_sentence(problem) for name, problem in saved.by_field().items()}
    answer: dict[str, Any] = {"saved_at": now().isoformat(), "time": clock(now(), contest().zone, seconds=True)}
    if saved.draft is not None:
        answer |= merged_answer(rules(), saved.draft, saved.names)
    if errors:
        answer["errors"] = errors
    return jsonify(answer)


def render_step(step: str, *, problems: tuple[Problem, ...]) -> str:
    """The page of a stop as it is stored."""
    _must_be_open(step)
    return render_template(f"entrant/step_{step}.html", **step_context(step, problems), **_content(step))


def render_refused(step: str, saved: Saved) -> tuple[str, int]:
    """The page of a stop as it was typed, with what could not be read."""
    content = _content(step, typed=saved.rows)
    if step == PEOPLE:
        content["errors"] = row_errors(saved.unreadable)
    elif step in (ABOUT, TEXT):
        show_problems(content["form"], saved.form_problems())
    context = step_context(step, problems_of(entry()))
    return render_template(f"entrant/step_{step}.html", **context, **content), _REFUSED


def _must_be_a_stop(step: str) -> None:
    if step not in stops(rules()):
        raise NotFound(N_("There is nothing here."))


def _must_be_open(step: str) -> None:
    # Consents can be taken back at any time; an overdue draft can still be handed in as a late entry.
    if step not in (CONSENTS, REVIEW):
        must_edit(entry(), actor())


def _content(step: str, typed: list[Row] | None = None) -> dict[str, Any]:
    shown, in_force = entry(), rules()
    if step in (ABOUT, TEXT):
        return question_content(step)
    if step == PEOPLE:
        return people_content(typed)
    if step == FILES:
        return {
            "items": dossier_items(shown, in_force),
            "handovers": handovers_of(db(), entry=shown),
            "desk": find_desk(db(), contest=contest()),
            **uploads_context(shown),
        }
    if step == CONSENTS:
        return consents_content()
    return {
        "overview": overview(shown, in_force),
        "items": dossier_items(shown, in_force),
        "handovers": handovers_of(db(), entry=shown),
    }
