"""Decisions over sheets: proposed by one person of the office, decided by a second one, and listed for all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries import overrides as queries
from judging.domain.lifecycle import OVERRIDE_LABELS, OverrideState
from judging.domain.marks import lines_of
from judging.domain.permissions import (
    can_decide_override,
    can_propose_override,
    can_see_overrides,
    can_see_sheets,
    can_withdraw_override,
)
from judging.domain.policy import policy
from judging.errors import N_, Conflict, NotAllowed, NotFound, Refused
from judging.services.results.overrides.deciding import (
    decide_override,
    find_override,
    propose_override,
    withdraw_override,
)
from judging.services.results.overrides.persons import relation_of
from judging.services.rounds.entries import judged_round
from judging.services.sheets.life import find_version
from judging.services.sheets.readings import entry_is_locked
from judging.web.context import actor, assignment, contest, now, override, platform, rules
from judging.web.formats import error_sentence, label, mark, problem_sentence
from judging.web.i18n import locale
from judging.web.organiser.acts import READERS, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.paging import page_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from judging.domain.permissions import Relation
    from judging.domain.rules import Round

_MARK = "m-"
_EXCLUDE, _MARKS = "exclude", "marks"
# Where on the form a problem is put right that is about no mark.
_FIELDS = {"reason": "reason", "exclude": "what"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkLine:
    """A mark of the sheet: what the judge gave, and what was typed or proposed in its place."""

    name: str
    label: str
    low: str
    high: str
    submitted: str
    other: str
    error: str = ""


@blueprint.get("/<slug>/overrides")
@policy(*READERS)
def overrides(slug: str) -> str:
    """All decisions over sheets with their state, the newest first."""
    del slug
    _require_sight()
    besides = actor().account_id
    page = page_of(queries.count_overrides(db(), contest_id=contest().id, besides=besides))
    return render_template(
        "organiser/results/overrides.html",
        contest=contest(),
        rules=rules(),
        rows=queries.list_overrides(
            db(), contest_id=contest().id, besides=besides, limit=page.limit, offset=page.offset
        ),
        list_page=page,
        labels=OVERRIDE_LABELS,
        rounds={one.key: label(one.label) for one in rules().rounds},
    )


@blueprint.get("/assignments/<assignment_id>/override")
@policy("organiser")
def override_form(assignment_id: str) -> str:
    """The form that proposes other marks for a submitted sheet, or its exclusion."""
    del assignment_id
    return _form_page({})


@blueprint.post("/assignments/<assignment_id>/override")
@policy("organiser")
def propose(assignment_id: str) -> ResponseReturnValue:
    """Propose other marks for a submitted sheet, or its exclusion, with a reason."""
    del assignment_id
    _require_proposer()
    exclude = request.form.get("what") == _EXCLUDE
    typed = {key.removeprefix(_MARK): text for key, text in request.form.items() if key.startswith(_MARK)}
    if request.form.get("what") not in (_EXCLUDE, _MARKS):
        return _form_page({"what": _("Choose what is to become of the sheet.")}), REFUSED
    try:
        with db().begin_nested():
            made = propose_override(
                db(), registry=platform().registry, assignment=assignment(), actor=actor(), exclude=exclude,
                marks={} if exclude else typed, reason=request.form.get("reason", ""), locale=locale(), now=now(),
            )  # fmt: skip
    except Refused as refused:
        return _form_page({_field(one.where): problem_sentence(one) for one in reversed(refused.problems)}), REFUSED
    except Conflict as conflict:
        return _form_page({}, [error_sentence(conflict)]), REFUSED
    flash(_("The proposal is recorded. It counts once a second person approves it; they are told by letter."), "info")
    return redirect(url_for("organiser.override", override_id=made.id))


@blueprint.get("/overrides/<override_id>", endpoint="override")
@policy(*READERS)
def override_page(override_id: str) -> str:
    """One decision over a sheet; the second person approves or rejects it here."""
    del override_id
    return _page()


@blueprint.post("/overrides/<override_id>/decision")
@policy("organiser", "committee")
def decide(override_id: str) -> ResponseReturnValue:
    """Approve or reject a proposal, as a second person."""
    verdict = request.form.get("verdict", "")
    if verdict not in ("approve", "reject"):
        raise NotFound(N_("There is nothing here."))
    _require_sight(_relation())
    refused = refusals_of(
        lambda: decide_override(
            db(), registry=platform().registry, override=override(), actor=actor(), approve=verdict == "approve",
            now=now(),
        )
    )  # fmt: skip
    if refused:
        return _page(refused), REFUSED
    told = {
        "approve": _("The decision counts from now on. If prizes were settled before, settle them anew."),
        "reject": _("The proposal is rejected. The sheet counts as it did before."),
    }
    flash(told[verdict], "info")
    return redirect(url_for("organiser.override", override_id=override_id))


@blueprint.post("/overrides/<override_id>/withdraw")
@policy("organiser")
def withdraw_proposal(override_id: str) -> ResponseReturnValue:
    """Take one's own proposal back before it is decided."""
    _require_sight(_relation())
    refused = refusals_of(lambda: withdraw_override(db(), override=override(), actor=actor(), now=now()))
    if refused:
        return _page(refused), REFUSED
    flash(_("The proposal is taken back. It stays in the record."), "info")
    return redirect(url_for("organiser.override", override_id=override_id))


def _form_page(errors: Mapping[str, str], refused: list[str] | None = None) -> str:
    _require_proposer()
    judged = judged_round(rules(), assignment().round)
    version = find_version(db(), assignment=assignment())
    approved = find_override(db(), sheet_id=version.id, state=OverrideState.APPROVED)
    counting = version.marks if approved is None or approved.exclude else approved.marks
    typed = {key: mark(text) for key, text in counting.items()} | {
        key.removeprefix(_MARK): text for key, text in request.form.items() if key.startswith(_MARK)
    }
    return render_template(
        "organiser/results/override_form.html",
        contest=contest(),
        rules=rules(),
        reading=assignment(),
        entry=assignment().entry,
        judged=judged,
        # The base of all pages has a version of its own.
        submitted=version,
        approved=approved,
        lines=_lines(judged, version.marks, typed, errors),
        what=request.form.get("what", ""),
        reason=request.form.get("reason", ""),
        errors=errors,
        refused=refused or [],
    )


def _page(refused: list[str] | None = None) -> str:
    relation = _relation()
    _require_sight(relation)
    one = queries.find_row(db(), override())
    judged = judged_round(rules(), one.round)
    sheet = override().sheet
    waits = override().state == OverrideState.PROPOSED
    may_decide = can_decide_override(actor(), relation, proposed_by=override().by_id)
    other = {key: mark(text) for key, text in override().marks.items()}
    return render_template(
        "organiser/results/override.html",
        contest=contest(),
        rules=rules(),
        row=one,
        judged=judged,
        state_label=OVERRIDE_LABELS[OverrideState(override().state)],
        lines=_lines(judged, sheet.marks, other, {}) if _may_see_marks(relation, locked=one.locked) else [],
        may_decide=waits and may_decide,
        may_withdraw=waits and can_withdraw_override(actor(), proposed_by=override().by_id),
        refused=refused or [],
    )


def _may_see_marks(relation: Relation, *, locked: bool) -> bool:
    """Whoever reads sheets, and the second person: nobody approves what they have not seen."""
    second = can_decide_override(actor(), relation, proposed_by=override().by_id)
    return can_see_sheets(actor(), relation, own=False, locked=locked) or (second and locked)


def _lines(
    judged: Round, submitted: Mapping[str, str], other: Mapping[str, str], errors: Mapping[str, str]
) -> list[MarkLine]:
    return [
        MarkLine(
            name=_MARK + key, label=_line_label(label(criterion.label), label(text)), low=mark(scale.low),
            high=mark(scale.high), submitted=mark(submitted.get(key)), other=other.get(key, ""),
            error=errors.get(_MARK + key, ""),
        )
        for key, (criterion, text, scale) in lines_of(judged.rubric).items()
    ]  # fmt: skip


def _line_label(criterion: str, part: str) -> str:
    return criterion if part == criterion else f"{criterion}: {part}"


def _field(where: str) -> str:
    return _FIELDS.get(where, _MARK + where)


def _relation() -> Relation:
    return relation_of(db(), actor=actor(), entry=override().sheet.assignment.entry)


def _require_sight(relation: Relation | None = None) -> None:
    """Keep decisions from whoever judges in the contest, and those on an entry from whoever made it."""
    if not can_see_overrides(actor()):
        raise NotAllowed(N_("You judge in this contest: how the others score stays closed to you."))
    if relation is not None and (relation.author or relation.assigned):
        raise NotFound(N_("There is nothing here."))


def _require_proposer() -> None:
    entry = assignment().entry
    locked = entry_is_locked(db(), entry_id=entry.id, round_key=assignment().round)
    if not can_propose_override(actor(), relation_of(db(), actor=actor(), entry=entry), locked=locked):
        raise NotFound(N_("There is nothing here."))
