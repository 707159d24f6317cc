"""The people of a contest: its panels, its judges and its office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries.office_setup import count_judges, judges_by_panel, list_judges, list_staff, panels_of
from judging.domain.permissions import ROLE_LABELS, Role, can_manage_people
from judging.domain.policy import policy
from judging.errors import N_, NotFound, Refused
from judging.services.contests.staff import give_role, take_role
from judging.web.context import actor, contest, now, platform, rules
from judging.web.form_problems import show_problems, typed
from judging.web.i18n import locale
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.people.forms import StaffForm
from judging.web.paging import page_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_REFUSED = 422
_ROLES = {role.value: text for role, text in ROLE_LABELS.items()}


@blueprint.get("/<slug>/people")
@policy("organiser", "secretary", "committee", "auditor", "administrator")
def people(slug: str) -> str:  # noqa: ARG001 - the policy has read the address
    """Panels with their categories, judges with what they can read, and the office."""
    return _people_page(_staff_form())


@blueprint.post("/<slug>/people/staff")
@policy("organiser", "administrator")
def add_staff(slug: str) -> ResponseReturnValue:  # noqa: ARG001 - the policy has read the address
    """Give a person a role in the office. Known and unknown addresses are answered alike."""
    form = _staff_form()
    if not form.validate():
        return _people_page(form), _REFUSED
    role = Role(typed(form.role))
    try:
        invited = give_role(
            db(), settings=platform().settings, contest=contest(), actor=actor(), email=typed(form.email),
            name=typed(form.name), role=role, locale=locale(), now=now(),
        )  # fmt: skip
    except Refused as refused:
        show_problems(form, refused.problems)
        return _people_page(form), _REFUSED
    return render_template("organiser/people/link.html", contest=contest(), rules=rules(), invited=invited)


@blueprint.post("/<slug>/people/staff/<role_id>/remove")
@policy("organiser", "administrator")
def remove_staff(slug: str, role_id: str) -> ResponseReturnValue:
    """Take a role back."""
    take_role(db(), contest=contest(), actor=actor(), role_id=role_id, now=now())
    flash(_("The role is taken back."), "info")
    return redirect(url_for("organiser.people", slug=slug, _anchor="office"))


def _staff_form() -> StaffForm:
    form = StaffForm()
    form.offer()
    return form


def _people_page(form: StaffForm) -> str:
    shown = contest()
    words, panel_id = request.args.get("q", "").strip(), request.args.get("panel", "")
    panels = panels_of(db(), contest_id=shown.id)
    if panel_id and panel_id not in {panel.id for panel in panels}:
        raise NotFound(N_("There is nothing here."))
    page = page_of(count_judges(db(), contest_id=shown.id, words=words, panel_id=panel_id))
    return render_template(
        "organiser/people/lists.html",
        contest=shown,
        rules=rules(),
        panels=panels,
        seats=judges_by_panel(db(), contest_id=shown.id),
        categories={category.key: category.label for category in rules().categories},
        judges=list_judges(
            db(), contest_id=shown.id, words=words, panel_id=panel_id, limit=page.limit, offset=page.offset
        ),
        page_info=page,
        words=words,
        panel_id=panel_id,
        staff=list_staff(db(), contest=shown),
        role_labels=_ROLES,
        form=form,
        may_manage=can_manage_people(actor()),
    )
