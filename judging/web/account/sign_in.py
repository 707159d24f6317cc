"""Signing in by password and second factor, and signing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from judging.db.models import Account
from judging.domain.policy import policy
from judging.services.access.accounts import find_account, password_fits
from judging.services.access.identities import directory_works
from judging.services.access.one_time_secrets import Purpose, count_try, find_secret, use_secret
from judging.services.access.passkeys import passkeys_work
from judging.services.access.second_factor import take_recovery_code, take_totp
from judging.services.access.sign_in import end_sessions
from judging.services.actors import desks_of
from judging.services.attempts import Act, may_attempt, record_attempt
from judging.web.account.blueprint import blueprint
from judging.web.account.entering import PENDING, REFUSED, TOO_MANY, begin, source, too_many
from judging.web.account.forms import CodeForm, SignInForm
from judging.web.context import account, now, platform
from judging.web.form_problems import typed
from judging.web.identity import enter, leave
from judging.web.redirects import safe_next
from judging.web.transaction import db, unit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.db.models import OneTimeSecret


@blueprint.route("/login", methods=["GET", "POST"])
@policy("public")
def sign_in() -> ResponseReturnValue:
    """Sign in with an address and a password."""
    form = SignInForm(data={"next": request.args.get("next", "")} if request.method == "GET" else None)
    if request.method == "GET" or not form.validate():
        return _page(form), 200 if request.method == "GET" else REFUSED
    # Looked up and verified before the write begins: argon2 takes its time, and on SQLite writers wait for one another.
    with platform().database.reading() as reading:
        allowed = may_attempt(reading, act=Act.SIGN_IN, email=typed(form.email), source=source(), now=now())
        found = find_account(reading, email=typed(form.email)) if allowed else None
    if not allowed:
        form.email.errors = [_("Too many tries. Wait a quarter of an hour, or ask the office for help.")]
        return _page(form), TOO_MANY, too_many(Act.SIGN_IN)
    # Verified for an unknown address too, so that the time an answer takes does not tell which addresses are known.
    fits = password_fits(found, typed(form.password))
    if found is None or not fits:
        record_attempt(db(), act=Act.SIGN_IN, email=typed(form.email), source=source(), now=now())
        unit().keep = True
        form.password.errors = [_("Address and password do not go together. Check both and try again.")]
        return _page(form), REFUSED
    return begin(db().get_one(Account, found.id), method="password", next_path=form.next.data)


def _page(form: SignInForm) -> str:
    settings = platform().settings
    return render_template(
        "account/sign_in.html", form=form, passkeys=passkeys_work(settings), directory=directory_works(settings)
    )


@blueprint.route("/login/second", methods=["GET", "POST"])
@policy("public")
def second_step() -> ResponseReturnValue:
    """The code of the authenticator app, or a recovery code, after password or letter."""
    waiting = find_secret(db(), token=session.get(PENDING, ""), purposes=(Purpose.SECOND_FACTOR,), now=now())
    if waiting is None or waiting.account is None:
        session.pop(PENDING, None)
        return redirect(url_for("account.sign_in"))
    form = CodeForm()
    if request.method == "GET" or not form.validate():
        return render_template("account/second_step.html", form=form), 200 if request.method == "GET" else REFUSED
    counted = waiting.account.email
    if not may_attempt(db(), act=Act.SECOND_FACTOR, email=counted, source=source(), now=now()):
        form.code.errors = [_("Too many tries. Wait an hour, or ask the office for help.")]
        return render_template("account/second_step.html", form=form), TOO_MANY, too_many(Act.SECOND_FACTOR)
    if not shows_second_factor(waiting.account, typed(form.code)):
        count_try(db(), waiting)
        record_attempt(db(), act=Act.SECOND_FACTOR, email=counted, source=source(), now=now())
        unit().keep = True
        form.code.errors = [_("That code is not right, or it was used already. Wait for the next one.")]
        return render_template("account/second_step.html", form=form), REFUSED
    return _finish(waiting, waiting.account)


def shows_second_factor(person: Account, code: str) -> bool:
    """Whether that is the app's code now, or an unused recovery code."""
    settings = platform().settings
    return take_totp(db(), settings=settings, account=person, code=code, now=now()) or take_recovery_code(
        db(), settings=settings, account=person, code=code, now=now()
    )


def _finish(waiting: OneTimeSecret, person: Account) -> ResponseReturnValue:
    session.pop(PENDING, None)
    if not use_secret(db(), waiting, now=now()):
        return redirect(url_for("account.sign_in"))
    enter(person, method=waiting.payload["method"], is_strong=True)
    return redirect(safe_next(waiting.payload["next"], default=url_for("account.arrive")))


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
    answer = make_response(redirect(url_for("public.home")))
    # Pages that the browser keeps go. Its storage stays: it holds what was typed and could not be sent yet.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer
