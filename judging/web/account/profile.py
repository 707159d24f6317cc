"""A person's own account: name, language, address, password, and where they are signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.access.accounts import (
    change_password,
    check_password,
    hash_password,
    password_fits,
    rename_account,
)
from judging.services.access.address_change import ask_new_address
from judging.services.access.passkeys import list_passkeys
from judging.services.access.password_reset import tell_password_changed
from judging.services.access.second_factor import has_totp
from judging.services.access.sign_in import end_sessions, list_sessions
from judging.services.attempts import Act, may_attempt, record_attempt
from judging.web.account.blueprint import blueprint
from judging.web.account.entering import REFUSED, TOO_MANY, source, too_many
from judging.web.account.forms import AccountForm, AddressForm, PasswordForm
from judging.web.account.proof import needs_proof
from judging.web.context import account, now, platform
from judging.web.devices import device_name
from judging.web.form_problems import show_problems, typed
from judging.web.transaction import db, unit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/account", methods=["GET", "POST"])
@policy("signed-in")
def show() -> ResponseReturnValue:
    """A person's own account."""
    form = AccountForm(obj=account())
    if form.validate_on_submit():
        rename_account(db(), account=account(), name=typed(form.name), locale=form.locale.data, now=now())
        flash(_("Recorded."), "info")
        return redirect(url_for("account.show", lang=form.locale.data))
    return _account_page(form, PasswordForm(formdata=None)), REFUSED if form.is_submitted() else 200


@blueprint.post("/account/password")
@policy("signed-in")
def password() -> ResponseReturnValue:
    """Change the password, and end the sessions on all other devices."""
    form = PasswordForm()
    if not may_attempt(db(), act=Act.SIGN_IN, email=account().email, source=source(), now=now()):
        form.present.errors = [_("Too many tries. Wait a quarter of an hour, or ask the office for help.")]
        return _account_page(AccountForm(formdata=None, obj=account()), form), TOO_MANY, too_many(Act.SIGN_IN)
    fits = form.validate() and password_fits(account(), typed(form.present))
    if typed(form.present) and not fits:
        record_attempt(db(), act=Act.SIGN_IN, email=account().email, source=source(), now=now())
        unit().keep = True
        form.present.errors = [_("That is not your present password.")]
    problems = check_password(typed(form.password), email=account().email)
    if not fits or problems:
        show_problems(form, problems)
        return _account_page(AccountForm(formdata=None, obj=account()), form), REFUSED
    change_password(
        db(),
        account=account(),
        password_hash=hash_password(typed(form.password)),
        keep=current_user.session_id,
        now=now(),
    )
    tell_password_changed(db(), account=account(), now=now())
    flash(_("The password is changed. Other devices are signed out."), "info")
    return redirect(url_for("account.show"))


@blueprint.route("/account/address", methods=["GET", "POST"])
@policy("signed-in")
@needs_proof("account.address")
def address() -> ResponseReturnValue:
    """Ask for another e-mail address, which counts once the letter to it is answered."""
    form = AddressForm()
    if form.validate_on_submit():
        if not may_attempt(db(), act=Act.LETTER, email=account().email, source=source(), now=now()):
            form.email.errors = [_("Too many letters were asked for. Wait an hour, or ask the office for help.")]
            return render_template("account/address.html", form=form), TOO_MANY, too_many(Act.LETTER)
        try:
            ask_new_address(db(), settings=platform().settings, account=account(), email=typed(form.email), now=now())
        except Refused as refused:
            show_problems(form, refused.problems)
        else:
            record_attempt(db(), act=Act.LETTER, email=account().email, source=source(), now=now())
            flash(_("A letter is on its way. The new address counts once you follow its link."), "info")
            return redirect(url_for("account.show"))
    return render_template("account/address.html", form=form), REFUSED if request.method == "POST" else 200


@blueprint.post("/account/sessions/end")
@policy("signed-in")
def end_others() -> ResponseReturnValue:
    """Sign out everywhere else: what to do when a phone is lost."""
    ended = end_sessions(db(), account_id=account().id, besides=current_user.session_id, now=now())
    text = ngettext("%(num)s other device is signed out.", "%(num)s other devices are signed out.", ended)
    flash(text, "info")
    return redirect(url_for("account.show", _anchor="sessions"))


@blueprint.post("/account/sessions/<session_id>/end")
@policy("signed-in")
def end_one(session_id: str) -> ResponseReturnValue:
    """Sign out on one device. One that is not the person's own, or not there, is left alone without a word."""
    if end_sessions(db(), account_id=account().id, only=session_id, now=now()):
        flash(_("That device is signed out."), "info")
    return redirect(url_for("account.show", _anchor="sessions"))


def _account_page(form: AccountForm, password_form: PasswordForm) -> str:
    own = account()
    return render_template(
        "account/show.html",
        form=form,
        password_form=password_form,
        has_password=own.password_hash != "",
        sessions=[{"row": row, "name": device_name(row.device)} for row in list_sessions(db(), account=own, now=now())],
        current_session=current_user.session_id,
        has_app=has_totp(db(), account_id=own.id),
        passkeys=len(list_passkeys(db(), account_id=own.id)),
        has_tokens="account.tokens" in current_app.view_functions,
    )
