"""The rubric editor: a province's own table of marks without code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.domain.rubric import Rubric
from judging.domain.rules import Round
from judging.domain.structure import from_plain, to_plain
from judging.domain.values import Problem
from judging.errors import N_, NotFound, Refused, RulesError
from judging.services.contests.settings import check_version, scored_rounds
from judging.web.context import contest, platform, rules
from judging.web.formats import problem_sentence
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.settings.rubric_draft import (
    COMMENT_RULES,
    SHAPES,
    RubricDraft,
    act_on_draft,
    draft_of,
    read_draft,
)
from judging.web.organiser.settings.rubric_reading import DraftReader
from judging.web.organiser.settings.store import asked_version, describe_error, store_values
from judging.web.organiser.texts import known_texts
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_REFUSED = 422
SAVE, LOOK, AS_KIND = "save", "look", "as-kind"


@blueprint.get("/<slug>/rubric")
@blueprint.get("/<slug>/rubric/<round_key>")
@policy("organiser")
def rubric(slug: str, round_key: str | None = None) -> str:  # noqa: ARG001 - the policy has read the address
    """The rubric of a round, the first one unless told, as a form, with the score sheet that follows from it."""
    judged = _round(round_key or rules().rounds[0].key)
    return _page(judged, draft_of(to_plain(judged.rubric)), preview=judged.rubric)


@blueprint.post("/<slug>/rubric/<round_key>")
@policy("organiser")
def change_rubric(slug: str, round_key: str) -> ResponseReturnValue:
    """Add, remove or move a line, look at the sheet, or record the rubric."""
    judged = _round(round_key)
    check_version(contest(), asked_version())
    act = request.form.get("act", LOOK)
    if act == AS_KIND:
        kind = _kind_rubric(round_key)
        return _page(judged, draft_of(kind), preview=from_plain(Rubric, kind))
    draft = read_draft(request.form)
    act_on_draft(draft, act)
    plain, problems = _read(judged, draft)
    preview = None
    if not problems:
        preview, problems = _build(plain)
    if act != SAVE:
        # A line that was just added is empty and no fault yet; only who asks to look is told.
        return _page(judged, draft, preview=preview, problems=problems if act == LOOK else ())
    if not problems:
        try:
            store_values({f"rubric-{round_key}": plain}, reason=request.form.get("reason", ""))
        except (RulesError, Refused) as error:
            problems = describe_error(error)
        else:
            flash(_("The rubric is recorded."), "info")
            return redirect(url_for("organiser.settings", slug=slug, _anchor="rubrics"))
    return _page(judged, draft, preview=preview, problems=problems), _REFUSED


def _read(judged: Round, draft: RubricDraft) -> tuple[Any, list[Problem]]:
    reader = DraftReader(known_texts(to_plain(judged.rubric), _kind_rubric(judged.key)))
    return reader.read(draft), reader.problems


def _build(plain: Any) -> tuple[Rubric | None, list[Problem]]:
    try:
        return from_plain(Rubric, plain), []
    except RulesError as error:
        return None, describe_error(error)


def _kind_rubric(round_key: str) -> Any:
    """The rubric as the kind states it; the one in force when the kind no longer has that round."""
    judged = platform().registry.rules(contest().kind).find_round(round_key) or _round(round_key)
    return to_plain(judged.rubric)


def _round(key: str) -> Round:
    judged = rules().find_round(key)
    if judged is None:
        raise NotFound(N_("There is nothing here."))
    return judged


def _page(judged: Round, draft: RubricDraft, *, preview: Rubric | None, problems: Sequence[Problem] = ()) -> str:
    errors: dict[str, str] = {}
    for problem in problems:
        errors.setdefault(problem.where, problem_sentence(problem))
    shown = contest()
    return render_template(
        "organiser/settings/rubric.html",
        contest=shown,
        rules=rules(),
        judged=judged,
        draft=draft,
        preview=preview,
        errors=errors,
        reason=request.form.get("reason", ""),
        shapes=SHAPES,
        comment_rules=COMMENT_RULES,
        is_scored=judged.key in scored_rounds(db(), contest=shown),
        is_changed=f"rubric-{judged.key}" in shown.settings,
    )
