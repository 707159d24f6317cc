"""Arranging panels: a panel for each category, or several categories merged into one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries.office_setup import judges_by_panel, panels_of
from judging.domain.policy import policy
from judging.domain.values import Problem
from judging.errors import Refused
from judging.services.judges.panels import PanelPlan, arrange_panels
from judging.web.context import actor, contest, now, rules
from judging.web.formats import problem_sentence
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.row_acts import act_on_rows, read_rows
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_REFUSED = 422
_NAMES = ("key", "id", "name")


@blueprint.get("/<slug>/people/panels")
@policy("organiser", "administrator")
def panels(slug: str) -> str:  # noqa: ARG001 - the policy has read the address
    """The panels as rows, and the panel of each category as a choice among them."""
    present = panels_of(db(), contest_id=contest().id)
    rows = [{"key": panel.id, "id": panel.id, "name": panel.name} for panel in present]
    chosen = {key: panel.id for panel in present for key in panel.categories}
    return _page(rows, chosen)


@blueprint.post("/<slug>/people/panels")
@policy("organiser", "administrator")
def arrange(slug: str) -> ResponseReturnValue:
    """Add, remove or move a panel, or record the arrangement."""
    rows = read_rows(request.form, "row", _NAMES)
    act = request.form.get("act", "save")
    if act != "save":
        rows = act_on_rows(rows, act, blank={"key": _new_key(rows), "id": "", "name": ""})
    keys = {row["key"] for row in rows}
    asked = {category.key: request.form.get(f"category-{category.key}", "") for category in rules().categories}
    chosen = {category: key for category, key in asked.items() if key in keys}
    if act != "save":
        return _page(rows, chosen)
    plan = [
        PanelPlan(
            name=row["name"],
            categories=tuple(category for category, key in chosen.items() if key == row["key"]),
            id=row["id"] or None,
        )
        for row in rows
    ]
    try:
        arrange_panels(db(), contest=contest(), rules=rules(), actor=actor(), plan=plan, now=now())
    except Refused as refused:
        return _page(rows, chosen, refused.problems), _REFUSED
    flash(_("The panels are recorded."), "info")
    return redirect(url_for("organiser.people", slug=slug))


def _new_key(rows: Sequence[dict[str, str]]) -> str:
    """A key for a panel that has no row in the database yet, by which categories can be put into it."""
    taken = {row["key"] for row in rows}
    return next(f"new-{number}" for number in range(1, len(taken) + 2) if f"new-{number}" not in taken)


def _page(rows: Sequence[dict[str, str]], chosen: dict[str, str], problems: Sequence[Problem] = ()) -> str:
    errors: dict[str, str] = {}
    for problem in problems:
        errors.setdefault(problem.where, problem_sentence(problem))
    return render_template(
        "organiser/people/panels.html", contest=contest(), rules=rules(), rows=rows, chosen=chosen, errors=errors,
        seats=judges_by_panel(db(), contest_id=contest().id),
    )  # fmt: skip
