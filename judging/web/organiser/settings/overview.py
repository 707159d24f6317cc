"""What is set for a contest: an overview with what is missing, and a form for each part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries.office_setup import list_amendments
from judging.domain.edition import edition_settings
from judging.domain.lifecycle import CONTEST_LABELS, ContestPhase
from judging.domain.permissions import can_configure
from judging.domain.policy import policy
from judging.domain.values import Problem
from judging.errors import N_, NotFound, Refused, RulesError
from judging.services.contests.dates import DATE_LABELS, change_dates, dates_of, movable_dates
from judging.services.contests.editions import why_suspended
from judging.services.contests.founding import describe_contest
from judging.services.contests.phases import what_is_missing
from judging.services.contests.settings import amend_rules, check_version
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import problem_sentence
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.date_texts import date_texts, read_dates
from judging.web.organiser.phase_steps import list_steps
from judging.web.organiser.row_acts import act_on_rows, read_rows
from judging.web.organiser.settings.part import Part
from judging.web.organiser.settings.parts import find_part, list_parts
from judging.web.organiser.settings.store import asked_version, describe_error, store_values
from judging.web.organiser.settings.summaries import summarise
from judging.web.organiser.texts import known_texts
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_REFUSED = 422
_TEXTS = ("title", "title_en", "summary", "summary_en")


@blueprint.get("/<slug>/settings")
@policy("organiser", "secretary", "committee", "auditor")
def settings(slug: str) -> str:  # noqa: ARG001 - the policy has read the address
    """The overview: what is missing, the next step, dates, and every part of the rules with what is set."""
    return settings_page()


def settings_page(*, step_problems: Sequence[Problem] = (), step: str = "", reason: str = "") -> str:
    """The overview, with what kept a step from being taken."""
    shown, registry = contest(), platform().registry
    current = rules()
    parts = list_parts(registry, current)
    return render_template(
        "organiser/settings/overview.html",
        contest=shown,
        rules=current,
        phase_label=CONTEST_LABELS[ContestPhase(shown.phase)],
        missing=what_is_missing(db(), registry=registry, contest=shown),
        steps=list_steps(shown, actor()),
        step_problems=step_problems,
        step=step,
        reason=reason,
        suspended=why_suspended(registry, shown),
        may_change=can_configure(actor(), phase=ContestPhase(shown.phase)),
        dates=dates_of(shown),
        date_labels=DATE_LABELS,
        parts=[(part, summarise(part, current)) for part in parts],
        changed=frozenset(shown.settings),
        own_changed=any(key in shown.settings for key in (one.key for one in current.settings)),
        amendments=list_amendments(db(), contest_id=shown.id),
        setting_labels={one.key: one.label for one in edition_settings(current)},
    )


@blueprint.route("/<slug>/settings/texts", methods=["GET", "POST"])
@policy("organiser")
def texts(slug: str) -> ResponseReturnValue:
    """Titles and introductions in both languages."""
    shown = contest()
    values = {name: request.form.get(name, "") for name in _TEXTS} if request.method == "POST" else None
    problems: tuple[Problem, ...] = ()
    if values is not None:
        check_version(shown, asked_version())
        try:
            describe_contest(db(), contest=shown, actor=actor(), now=now(), **values)
        except Refused as refused:
            problems = refused.problems
        else:
            flash(_("Recorded."), "info")
            return redirect(url_for("organiser.settings", slug=slug))
    shown_values = values or {name: getattr(shown, name) for name in _TEXTS}
    page = render_template(
        "organiser/settings/texts.html", contest=shown, rules=rules(), values=shown_values, errors=_by_place(problems)
    )
    return page, _REFUSED if problems else 200


@blueprint.route("/<slug>/settings/dates", methods=["GET", "POST"])
@policy("organiser")
def dates(slug: str) -> ResponseReturnValue:
    """The dates, in the contest's zone."""
    shown = contest()
    shown_texts = date_texts(dates_of(shown), shown.zone)
    movable = movable_dates(ContestPhase(shown.phase))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        check_version(shown, asked_version())
        # A date that may no longer be moved has no control, so it stays as it is.
        shown_texts |= {name: request.form[name] for name in movable if name in request.form}
        found, problems = read_dates(shown_texts, shown.zone)
        if not problems:
            try:
                change_dates(db(), contest=shown, actor=actor(), dates=found, now=now())
            except Refused as refused:
                problems = refused.problems
            else:
                flash(_("The dates are recorded."), "info")
                return redirect(url_for("organiser.settings", slug=slug))
    page = render_template(
        "organiser/settings/dates.html", contest=shown, rules=rules(), values=shown_texts, date_labels=DATE_LABELS,
        movable=movable, errors=_by_place(problems),
    )  # fmt: skip
    return page, _REFUSED if problems else 200


@blueprint.get("/<slug>/settings/<part_key>")
@policy("organiser")
def setting(slug: str, part_key: str) -> str:  # noqa: ARG001 - the policy has read the address
    """The form of one part of the settings."""
    part = _part(part_key)
    return _part_page(part, rows=part.row_texts() if part.rows else [], values={} if part.rows else part.texts())


@blueprint.post("/<slug>/settings/<part_key>")
@policy("organiser")
def change_setting(slug: str, part_key: str) -> ResponseReturnValue:
    """Add, remove or move a row, or record the part."""
    part = _part(part_key)
    check_version(contest(), asked_version())
    act = request.form.get("act", "save")
    rows = read_rows(request.form, "row", part.names) if part.rows else []
    values = {} if part.rows else {name.name: request.form.get(name.name, "") for name in part.fields}
    if act != "save":
        rows = act_on_rows(rows, act, blank=dict.fromkeys(part.names, ""))
        return _part_page(part, rows=rows, values=values, reason=request.form.get("reason", ""))
    kind = platform().registry.rules(contest().kind)
    known = known_texts(part.value, [one.value for one in edition_settings(kind) if one.key == part.key])
    value, problems = part.read_rows(rows, known) if part.rows else part.read(values, known)
    if not problems:
        try:
            store_values(value if part.key == "rules" else {part.key: value}, reason=request.form.get("reason", ""))
        except (RulesError, Refused) as error:
            problems = describe_error(error)
        else:
            flash(_("Recorded."), "info")
            return redirect(url_for("organiser.settings", slug=slug, _anchor="parts"))
    page = _part_page(part, rows=rows, values=values, problems=problems, reason=request.form.get("reason", ""))
    return page, _REFUSED


@blueprint.post("/<slug>/amend")
@policy("organiser")
def confirm_kind(slug: str) -> ResponseReturnValue:
    """Confirm, with a reason, that the contest goes on by the rules that its kind has now."""
    amend_rules(
        db(), registry=platform().registry, contest=contest(), actor=actor(), now=now(),
        reason=request.form.get("reason", ""),
    )  # fmt: skip
    flash(_("The amendment is recorded. The contest goes on by the changed rules."), "info")
    return redirect(url_for("organiser.settings", slug=slug))


def _part(key: str) -> Part:
    part = find_part(platform().registry, rules(), key)
    if part is None:
        raise NotFound(N_("There is nothing here."))
    return part


def _part_page(
    part: Part,
    *,
    rows: list[dict[str, str]],
    values: dict[str, str],
    problems: Sequence[Problem] = (),
    reason: str = "",
) -> str:
    context: dict[str, Any] = {"rows": rows, "values": values, "errors": _by_place(problems), "reason": reason}
    return render_template("organiser/settings/part.html", contest=contest(), rules=rules(), part=part, **context)


def _by_place(problems: Sequence[Problem]) -> dict[str, str]:
    """What is wrong, by control; what concerns the whole stands under the empty name, in one text."""
    found: dict[str, str] = {}
    for problem in problems:
        sentence = problem_sentence(problem)
        found[problem.where] = f"{found[problem.where]} {sentence}" if problem.where in found else sentence
    return found
