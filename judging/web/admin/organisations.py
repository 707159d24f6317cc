"""Organisations, and who runs all their contests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from judging.db.models import Organisation
from judging.db.queries.office_setup import list_organisation_staff
from judging.db.queries.office_setup_admin import count_organisations, list_organisations
from judging.domain.permissions import ROLE_LABELS, Role
from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.contests.organisations import appoint as appoint_person
from judging.services.contests.organisations import create_organisation, dismiss, find_organisation
from judging.web.admin.blueprint import blueprint
from judging.web.admin.forms import AppointForm, OrganisationForm
from judging.web.context import account, now, platform
from judging.web.form_problems import show_problems, typed
from judging.web.i18n import locale
from judging.web.paging import page_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_REFUSED = 422
_ROLES = {role.value: text for role, text in ROLE_LABELS.items()}


@blueprint.route("/organisations", methods=["GET", "POST"])
@policy("administrator")
def organisations() -> ResponseReturnValue:
    """All organisations, and a form for a new one."""
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            made = create_organisation(db(), account=account(), slug=typed(form.slug), name=typed(form.name), now=now())
        except Refused as refused:
            show_problems(form, refused.problems)
        else:
            flash(_("The organisation is made. Now name who runs its contests."), "info")
            return redirect(url_for("admin.organisation", organisation_id=made.id))
    page = page_of(count_organisations(db()))
    shown = render_template(
        "admin/organisations.html",
        rows=list_organisations(db(), limit=page.limit, offset=page.offset),
        page_info=page,
        form=form,
    )
    return shown, _REFUSED if form.is_submitted() else 200


@blueprint.get("/organisations/<organisation_id>")
@policy("administrator")
def organisation(organisation_id: str) -> str:
    """One organisation with the people who run all its contests."""
    return _page(find_organisation(db(), organisation_id=organisation_id), _form())


@blueprint.post("/organisations/<organisation_id>")
@policy("administrator")
def appoint(organisation_id: str) -> ResponseReturnValue:
    """Give a person a role; the link by which they begin goes by letter and is shown this once."""
    shown = find_organisation(db(), organisation_id=organisation_id)
    form = _form()
    if not form.validate():
        return _page(shown, form), _REFUSED
    try:
        invited = appoint_person(
            db(), settings=platform().settings, account=account(), organisation=shown,
            email=typed(form.email), name=typed(form.name), role=Role(typed(form.role)), locale=locale(), now=now(),
        )  # fmt: skip
    except Refused as refused:
        show_problems(form, refused.problems)
        return _page(shown, form), _REFUSED
    back = url_for("admin.organisation", organisation_id=shown.id)
    return render_template("admin/link.html", invited=invited, back=back)


@blueprint.post("/organisations/<organisation_id>/roles/<role_id>/remove")
@policy("administrator")
def dismiss_person(organisation_id: str, role_id: str) -> ResponseReturnValue:
    """Take a role back."""
    shown = find_organisation(db(), organisation_id=organisation_id)
    dismiss(db(), account=account(), organisation=shown, role_id=role_id, now=now())
    flash(_("The role is taken back."), "info")
    return redirect(url_for("admin.organisation", organisation_id=shown.id))


def _form() -> AppointForm:
    form = AppointForm()
    form.offer()
    return form


def _page(shown: Organisation, form: AppointForm) -> str:
    return render_template(
        "admin/organisation.html",
        organisation=shown,
        staff=list_organisation_staff(db(), organisation_id=shown.id),
        role_labels=_ROLES,
        form=form,
    )
