"""Accounts: make one, close or reopen it, sign it out everywhere, let its owner begin anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.queries.office_setup_admin import count_accounts, list_accounts
from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.access.account_care import (
    create_staff,
    disable_account,
    enable_account,
    end_all_sessions,
    find_person,
    remove_factors,
    renew_access,
)
from judging.web.admin.blueprint import blueprint
from judging.web.admin.forms import StaffAccountForm
from judging.web.context import account, now, platform
from judging.web.form_problems import show_problems, typed
from judging.web.i18n import locale
from judging.web.paging import page_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.services.access.invitations import Invited

_REFUSED = 422


@blueprint.get("/accounts")
@policy("administrator")
def accounts() -> str:
    """All accounts, to be searched by name or address."""
    words = request.args.get("q", "").strip()
    page = page_of(count_accounts(db(), words=words))
    return render_template(
        "admin/accounts.html",
        rows=list_accounts(db(), words=words, limit=page.limit, offset=page.offset),
        page_info=page,
        words=words,
        own_id=account().id,
    )


@blueprint.route("/accounts/new", methods=["GET", "POST"])
@policy("administrator")
def new_account() -> ResponseReturnValue:
    """Make an account; the link by which its owner begins goes by letter and is shown this once."""
    form = StaffAccountForm()
    if form.validate_on_submit():
        try:
            invited = create_staff(
                db(), settings=platform().settings, account=account(), email=typed(form.email),
                name=typed(form.name), administrator=bool(form.administrator.data), locale=locale(), now=now(),
            )  # fmt: skip
        except Refused as refused:
            show_problems(form, refused.problems)
        else:
            return _link_page(invited)
    return render_template("admin/account_new.html", form=form), _REFUSED if form.is_submitted() else 200


@blueprint.post("/accounts/<account_id>/disable")
@policy("administrator")
def disable(account_id: str) -> ResponseReturnValue:
    """Close an account."""
    person = find_person(db(), account_id=account_id)
    disable_account(db(), account=account(), person=person, now=now())
    flash(_("The account of %(name)s is closed.", name=person.name), "info")
    return _back()


@blueprint.post("/accounts/<account_id>/enable")
@policy("administrator")
def enable(account_id: str) -> ResponseReturnValue:
    """Reopen a closed account."""
    person = find_person(db(), account_id=account_id)
    enable_account(db(), account=account(), person=person, now=now())
    flash(_("The account of %(name)s is open again.", name=person.name), "info")
    return _back()


@blueprint.post("/accounts/<account_id>/sign-out")
@policy("administrator")
def sign_out(account_id: str) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    person = find_person(db(), account_id=account_id)
    ended = end_all_sessions(db(), account=account(), person=person, now=now())
    text = ngettext("%(name)s is signed out of %(num)s device.", "%(name)s is signed out of %(num)s devices.", ended,
                    name=person.name)  # fmt: skip
    flash(text, "info")
    return _back()


@blueprint.post("/accounts/<account_id>/password")
@policy("administrator")
def password(account_id: str) -> ResponseReturnValue:
    """Give a person who lost theirs a link for a new password, by letter and shown this once."""
    person = find_person(db(), account_id=account_id)
    invited = renew_access(db(), settings=platform().settings, account=account(), person=person, now=now())
    return _link_page(invited)


@blueprint.post("/accounts/<account_id>/factors")
@policy("administrator")
def factors(account_id: str) -> ResponseReturnValue:
    """Take the second factors off the account of a person who lost them."""
    person = find_person(db(), account_id=account_id)
    remove_factors(db(), account=account(), person=person, now=now())
    flash(_("The second factors of %(name)s are removed.", name=person.name), "info")
    return _back()


def _link_page(invited: Invited) -> str:
    return render_template("admin/link.html", invited=invited, back=url_for("admin.accounts"))


def _back() -> ResponseReturnValue:
    return redirect(url_for("admin.accounts", q=request.form.get("q") or None))
