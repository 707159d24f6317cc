"""Making an account: the form, after which a letter goes out whatever the address is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.access.accounts import check_password, hash_password
from judging.services.access.one_time_secrets import Purpose
from judging.services.access.registration import ask_to_register
from judging.services.attempts import Act, record_attempt
from judging.web.account.blueprint import blueprint
from judging.web.account.entering import REFUSED, TOO_MANY, may_try, source, too_many
from judging.web.account.forms import RegisterForm
from judging.web.account.letters import wait_for_letter
from judging.web.context import now, platform
from judging.web.form_problems import show_problems, typed
from judging.web.i18n import locale
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/register", methods=["GET", "POST"])
@policy("public")
def register() -> ResponseReturnValue:
    """Make an account for entering contests: it is there once the letter is answered."""
    form = RegisterForm(data={"next": request.args.get("next", "")} if request.method == "GET" else None)
    if request.method == "GET" or not form.validate():
        return render_template("account/register.html", form=form), 200 if request.method == "GET" else REFUSED
    if not may_try(Act.LETTER, typed(form.email)):
        form.email.errors = [_("Too many letters were asked for. Wait an hour, or ask the office for help.")]
        return render_template("account/register.html", form=form), TOO_MANY, too_many(Act.LETTER)
    try:
        _ask(form)
    except Refused as refused:
        show_problems(form, refused.problems)
        return render_template("account/register.html", form=form), REFUSED
    wait_for_letter(Purpose.REGISTER, typed(form.email), form.next.data)
    return redirect(url_for("account.letter_sent"))


def _ask(form: RegisterForm) -> None:
    if problems := check_password(typed(form.password), email=typed(form.email)):
        raise Refused(problems)
    # Hashed before the write begins, and for a known address too: the time must not tell which one it is.
    password_hash = hash_password(typed(form.password))
    ask_to_register(
        db(),
        settings=platform().settings,
        email=typed(form.email),
        name=typed(form.name),
        password_hash=password_hash,
        locale=locale(),
        next_path=form.next.data or url_for("entrant.home"),
        now=now(),
    )
    record_attempt(db(), act=Act.LETTER, email=typed(form.email), source=source(), now=now())
