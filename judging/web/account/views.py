"""Signing in and out, registering, and a person's own account with its sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from judging.db.models import Account
from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.accounts import (
    change_password,
    check_password,
    find_account,
    hash_password,
    password_fits,
    register_account,
    rename_account,
)
from judging.services.actors import desks_of
from judging.services.sign_in import end_sessions, list_sessions, may_try, record_failure
from judging.web.account.blueprint import blueprint
from judging.web.account.forms import AccountForm, PasswordForm, RegisterForm, SignInForm
from judging.web.context import account, now, platform
from judging.web.form_problems import show_problems, typed
from judging.web.i18n import locale
from judging.web.identity import enter, leave
from judging.web.redirects import safe_next
from judging.web.transaction import db, unit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


_REFUSED = 422
_TOO_MANY = 429


def _source() -> str:
    return request.remote_addr or ""


@blueprint.route("/login", methods=["GET", "POST"])
@policy("public")
def sign_in() -> ResponseReturnValue:
    """Sign in with an address and a password."""
    form = SignInForm(data={"next": request.args.get("next", "")} if request.method == "GET" else None)
    if request.method == "GET" or not form.validate():
        return render_template("account/sign_in.html", form=form), 200 if request.method == "GET" else _REFUSED
    # Looked up and verified before the write begins: argon2 takes its time, and on SQLite writers wait for one another.
    with platform().database.reading() as session:
        allowed = may_try(session, email=typed(form.email), source=_source(), now=now())
        found = find_account(session, email=typed(form.email)) if allowed else None
    if not allowed:
        form.email.errors = [_("Too many tries. Wait a quarter of an hour, or ask the office for help.")]
        return render_template("account/sign_in.html", form=form), _TOO_MANY, {"Retry-After": "900"}
    # Verified for an unknown address too, so that the time an answer takes does not tell which addresses are known.
    fits = password_fits(found, typed(form.password))
    if found is None or not fits:
        record_failure(db(), email=typed(form.email), source=_source(), now=now())
        unit().keep = True
        form.password.errors = [_("Address and password do not go together. Check both and try again.")]
        return render_template("account/sign_in.html", form=form), _REFUSED
    enter(db().get_one(Account, found.id))
    return redirect(safe_next(form.next.data, default=url_for("account.arrive")))


@blueprint.get("/arrive")
@policy("signed-in")
def arrive() -> ResponseReturnValue:
    """Send a person who just signed in to the desk where their work is."""
    desks = desks_of(db(), account=account())
    if "judge" in desks and "office" not in desks:
        return redirect(url_for("judge.home"))
    if "office" in desks:
        return redirect(url_for("organiser.home"))
    return redirect(url_for("entrant.home"))


@blueprint.post("/logout")
@policy("public")
def sign_out() -> ResponseReturnValue:
    """End this session, on the server too."""
    if current_user.is_authenticated:
        end_sessions(db(), account_id=account().id, only=current_user.session_id, now=now())
    leave()
    return redirect(url_for("public.home"))


@blueprint.route("/register", methods=["GET", "POST"])
@policy("public")
def register() -> ResponseReturnValue:
    """Make an account for entering contests."""
    form = RegisterForm(data={"next": request.args.get("next", "")} if request.method == "GET" else None)
    if request.method == "GET" or not form.validate():
        return render_template("account/register.html", form=form), 200 if request.method == "GET" else _REFUSED
    try:
        if problems := check_password(typed(form.password), email=typed(form.email)):
            raise Refused(problems)
        password_hash = hash_password(typed(form.password))
        registered = register_account(
            db(),
            email=typed(form.email),
            name=typed(form.name),
            password_hash=password_hash,
            locale=locale(),
            now=now(),
        )
    except Refused as refused:
        show_problems(form, refused.problems)
        return render_template("account/register.html", form=form), _REFUSED
    enter(registered)
    return redirect(safe_next(form.next.data, default=url_for("entrant.home")))


@blueprint.route("/account", methods=["GET", "POST"])
@policy("signed-in")
def show() -> ResponseReturnValue:
    """A person's own account: name, language, password, and where they are signed in."""
    form = AccountForm(obj=account())
    if form.validate_on_submit():
        rename_account(db(), account=account(), name=typed(form.name), locale=form.locale.data, now=now())
        flash(_("Recorded."), "info")
        return redirect(url_for("account.show", lang=form.locale.data))
    return _account_page(form, PasswordForm(formdata=None)), _REFUSED if form.is_submitted() else 200


@blueprint.post("/account/password")
@policy("signed-in")
def password() -> ResponseReturnValue:
    """Change the password, and end the sessions on all other devices."""
    form = PasswordForm()
    fits = form.validate() and password_fits(account(), typed(form.present))
    if typed(form.present) and not fits:
        form.present.errors = [_("That is not your present password.")]
    problems = check_password(typed(form.password), email=account().email)
    if not fits or problems:
        show_problems(form, problems)
        return _account_page(AccountForm(formdata=None, obj=account()), form), _REFUSED
    change_password(
        db(),
        account=account(),
        password_hash=hash_password(typed(form.password)),
        keep=current_user.session_id,
        now=now(),
    )
    flash(_("The password is changed. Other devices are signed out."), "info")
    return redirect(url_for("account.show"))


@blueprint.post("/account/sessions/end")
@policy("signed-in")
def end_others() -> ResponseReturnValue:
    """Sign out everywhere else: what to do when a phone is lost."""
    ended = end_sessions(db(), account_id=account().id, besides=current_user.session_id, now=now())
    flash(_("%(count)s other devices are signed out.", count=ended), "info")
    return redirect(url_for("account.show"))


def _account_page(form: AccountForm, password_form: PasswordForm) -> str:
    return render_template(
        "account/show.html",
        form=form,
        password_form=password_form,
        sessions=list_sessions(db(), account_id=account().id, now=now()),
        current_session=current_user.session_id,
    )
