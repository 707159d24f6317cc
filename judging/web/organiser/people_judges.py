"""Naming judges, changing what they can read and where they sit, and letting them go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.models import Judge
from judging.db.queries.office_setup import panels_of
from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.judge_roster import add_judge, change_judge, find_judge, set_judge_active
from judging.web.context import actor, contest, now, rules
from judging.web.form_problems import show_problems, typed
from judging.web.i18n import locale
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.people_forms import JudgeForm, SeatForm
from judging.web.organiser.texts import TypedError, typed_integer
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_REFUSED = 422
_USUAL_CAPACITY = "60"


@blueprint.route("/<slug>/people/judges/new", methods=["GET", "POST"])
@policy("organiser", "administrator")
def new_judge(slug: str) -> ResponseReturnValue:
    """Name a judge; a person without an account gets one, and its first password is shown this once."""
    form = JudgeForm(data={"capacity": _USUAL_CAPACITY})
    form.offer(panels_of(db(), contest_id=contest().id))
    if request.method == "GET":
        return _page(form, None)
    if not form.validate():
        return _page(form, None), _REFUSED
    try:
        judge, invited = add_judge(
            db(), contest=contest(), actor=actor(), email=typed(form.email), name=typed(form.name),
            unit=typed(form.unit), capacity=_capacity(form), panels=_chosen(form.panels.data),
            chairs=_chosen(form.chairs.data), locale=locale(), now=now(),
        )  # fmt: skip
    except Refused as refused:
        show_problems(form, refused.problems)
        return _page(form, None), _REFUSED
    if invited.password is not None:
        return render_template("organiser/people_password.html", contest=contest(), rules=rules(), invited=invited)
    flash(_("%(name)s is now a judge.", name=judge.account.name), "info")
    return redirect(url_for("organiser.people", slug=slug, _anchor="judges"))


@blueprint.route("/<slug>/people/judges/<judge_id>", methods=["GET", "POST"])
@policy("organiser", "administrator")
def judge(slug: str, judge_id: str) -> ResponseReturnValue:
    """Change a judge's workplace, capacity and seats."""
    shown = find_judge(db(), contest=contest(), judge_id=judge_id)
    form = SeatForm(
        data={
            "unit": shown.unit,
            "capacity": str(shown.capacity),
            "panels": [seat.panel_id for seat in shown.seats],
            "chairs": [seat.panel_id for seat in shown.seats if seat.is_chair],
        }
    )
    form.offer(panels_of(db(), contest_id=contest().id))
    if request.method == "GET":
        return _page(form, shown)
    if not form.validate():
        return _page(form, shown), _REFUSED
    try:
        change_judge(
            db(), contest=contest(), judge=shown, actor=actor(), unit=typed(form.unit), capacity=_capacity(form),
            panels=_chosen(form.panels.data), chairs=_chosen(form.chairs.data), now=now(),
        )  # fmt: skip
    except Refused as refused:
        show_problems(form, refused.problems)
        return _page(form, shown), _REFUSED
    flash(_("Recorded."), "info")
    return redirect(url_for("organiser.people", slug=slug, _anchor="judges"))


@blueprint.post("/<slug>/people/judges/<judge_id>/active")
@policy("organiser", "administrator")
def judge_active(slug: str, judge_id: str) -> ResponseReturnValue:
    """Let a judge go, or take one back."""
    shown = find_judge(db(), contest=contest(), judge_id=judge_id)
    active = request.form.get("active") == "1"
    set_judge_active(db(), contest=contest(), judge=shown, actor=actor(), active=active, now=now())
    if active:
        flash(_("%(name)s judges again.", name=shown.account.name), "info")
    else:
        flash(_("%(name)s no longer judges.", name=shown.account.name), "info")
    return redirect(url_for("organiser.people", slug=slug, _anchor="judges"))


def _page(form: JudgeForm | SeatForm, shown: Judge | None) -> str:
    return render_template("organiser/people_judge.html", contest=contest(), rules=rules(), form=form, judge=shown)


def _capacity(form: SeatForm) -> int:
    """The number, or one that the service refuses by the field's own rule."""
    try:
        return typed_integer(typed(form.capacity))
    except TypedError:
        return 0


def _chosen(data: Iterable[str] | None) -> frozenset[str]:
    return frozenset(data or ())
