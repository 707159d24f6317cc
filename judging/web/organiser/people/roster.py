"""Naming judges, changing what they can read and where they sit, and letting them go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.models import Judge
from judging.db.queries.office_setup import panels_of
from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.access.invitations import is_claimed
from judging.services.judges.assigning.settings import prefer_categories, preferred_categories
from judging.services.judges.devices import end_judge_sessions, list_devices
from judging.services.judges.roster import add_judge, change_judge, find_judge, invite_again, set_judge_active
from judging.web.context import actor, contest, now, platform, rules
from judging.web.devices import device_name
from judging.web.form_problems import show_problems, typed
from judging.web.i18n import locale
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.people.forms import JudgeForm, SeatForm
from judging.web.organiser.texts import TypedError, typed_integer
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_REFUSED = 422
_USUAL_CAPACITY = "60"


@blueprint.route("/<slug>/people/judges/new", methods=["GET", "POST"])
@policy("organiser", "administrator")
def new_judge(slug: str) -> ResponseReturnValue:  # noqa: ARG001 - the policy has read the address
    """Name a judge; the link by which they begin goes by letter and is shown this once.

    Known and unknown addresses are answered alike.
    """
    form = JudgeForm(data={"capacity": _USUAL_CAPACITY})
    form.offer(panels_of(db(), contest_id=contest().id), rules().categories)
    if request.method == "GET":
        return _page(form, None)
    if not form.validate():
        return _page(form, None), _REFUSED
    try:
        made, invited = add_judge(
            db(), settings=platform().settings, contest=contest(), actor=actor(), email=typed(form.email),
            name=typed(form.name), unit=typed(form.unit), capacity=_capacity(form), panels=_chosen(form.panels.data),
            chairs=_chosen(form.chairs.data), locale=locale(), now=now(),
        )  # fmt: skip
        _prefer(form, made)
    except Refused as refused:
        show_problems(form, refused.problems)
        return _page(form, None), _REFUSED
    return render_template("organiser/people/link.html", contest=contest(), rules=rules(), invited=invited)


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
            "preferred": sorted(preferred_categories(db(), judge=shown)),
        }
    )
    form.offer(panels_of(db(), contest_id=contest().id), rules().categories)
    if request.method == "GET":
        return _page(form, shown)
    if not form.validate():
        return _page(form, shown), _REFUSED
    try:
        change_judge(
            db(), contest=contest(), judge=shown, actor=actor(), unit=typed(form.unit), capacity=_capacity(form),
            panels=_chosen(form.panels.data), chairs=_chosen(form.chairs.data), now=now(),
        )  # fmt: skip
        _prefer(form, shown)
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


@blueprint.post("/<slug>/people/judges/<judge_id>/invite")
@policy("organiser", "administrator")
def invite_judge(slug: str, judge_id: str) -> ResponseReturnValue:  # noqa: ARG001 - the policy has read the address
    """Send a judge who has not come in yet a new link, which is shown this once."""
    shown = find_judge(db(), contest=contest(), judge_id=judge_id)
    invited = invite_again(
        db(), settings=platform().settings, contest=contest(), judge=shown, actor=actor(), now=now()
    )  # fmt: skip
    return render_template("organiser/people/link.html", contest=contest(), rules=rules(), invited=invited)


@blueprint.post("/<slug>/people/judges/<judge_id>/sign-out")
@policy("organiser", "administrator")
def sign_judge_out(slug: str, judge_id: str) -> ResponseReturnValue:
    """Sign a judge out everywhere: what to do when a phone is lost in the hall."""
    shown = find_judge(db(), contest=contest(), judge_id=judge_id)
    ended = end_judge_sessions(db(), contest=contest(), actor=actor(), judge=shown, now=now())
    text = ngettext("%(name)s is signed out of %(num)s device.", "%(name)s is signed out of %(num)s devices.", ended,
                    name=shown.account.name)  # fmt: skip
    flash(text, "info")
    return redirect(url_for("organiser.judge", slug=slug, judge_id=judge_id, _anchor="devices"))


def _page(form: JudgeForm | SeatForm, shown: Judge | None) -> str:
    devices = [] if shown is None else list_devices(db(), contest=contest(), judge=shown, now=now())
    return render_template(
        "organiser/people/judge.html", contest=contest(), rules=rules(), form=form, judge=shown,
        devices=[{"device": one, "name": device_name(one.name)} for one in devices],
        awaited=shown is not None and not is_claimed(db(), account=shown.account),
    )  # fmt: skip


def _prefer(form: SeatForm, shown: Judge) -> None:
    prefer_categories(
        db(), contest=contest(), rules=rules(), judge=shown, categories=_chosen(form.preferred.data), actor=actor(),
        now=now(),
    )  # fmt: skip


def _capacity(form: SeatForm) -> int:
    """The number, or one that the service refuses by the field's own rule."""
    try:
        return typed_integer(typed(form.capacity))
    except TypedError:
        return 0


def _chosen(data: Iterable[str] | None) -> frozenset[str]:
    return frozenset(data or ())
