"""Asking for a letter, and what its short code opens. Known and unknown addresses are answered alike, to the byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from judging.domain.addresses import email_key
from judging.domain.policy import policy
from judging.services.access.one_time_secrets import CODED, Purpose, find_by_code
from judging.services.access.password_reset import ask_for_reset
from judging.services.access.sign_in_letters import ask_to_sign_in
from judging.services.attempts import Act, may_attempt, record_attempt
from judging.services.links import FORGOTTEN_PATH
from judging.web.account.blueprint import blueprint
from judging.web.account.entering import REFUSED, TOO_MANY, may_try, source, too_many
from judging.web.account.forms import AddressForm, CodeForm
from judging.web.account.opening import open_by_code
from judging.web.context import now, platform
from judging.web.form_problems import typed
from judging.web.transaction import db, unit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_ASKED = "letter_asked"


def wait_for_letter(purpose: Purpose, email: str, next_path: str | None) -> None:
    """Remember in this browser which letter was asked for, so that its code can be typed here."""
    session[_ASKED] = {"purpose": purpose.value, "email": email.strip(), "next": next_path or ""}


@blueprint.route(FORGOTTEN_PATH, methods=["GET", "POST"])
@policy("public")
def forgotten() -> ResponseReturnValue:
    """Ask for a link that sets a new password."""
    form = AddressForm(data={"next": request.args.get("next", "")} if request.method == "GET" else None)
    if request.method == "POST" and form.validate():
        if not may_try(Act.LETTER, typed(form.email)):
            return _refuse("account/forgotten.html", form)
        ask_for_reset(db(), settings=platform().settings, email=typed(form.email), now=now())
        return _sent(Purpose.RESET, form)
    return render_template("account/forgotten.html", form=form), 200 if request.method == "GET" else REFUSED


@blueprint.route("/login/letter", methods=["GET", "POST"])
@policy("public")
def sign_in_by_letter() -> ResponseReturnValue:
    """Ask for a link and a code that sign in."""
    form = AddressForm(data={"next": request.args.get("next", "")} if request.method == "GET" else None)
    if request.method == "POST" and form.validate():
        if not may_try(Act.LETTER, typed(form.email)):
            return _refuse("account/by_letter.html", form)
        ask_to_sign_in(
            db(), settings=platform().settings, email=typed(form.email), next_path=form.next.data or "", now=now()
        )
        return _sent(Purpose.SIGN_IN, form)
    return render_template("account/by_letter.html", form=form), 200 if request.method == "GET" else REFUSED


def _refuse(template: str, form: AddressForm) -> ResponseReturnValue:
    form.email.errors = [_("Too many letters were asked for. Wait an hour, or ask the office for help.")]
    return render_template(template, form=form), TOO_MANY, too_many(Act.LETTER)


def _sent(purpose: Purpose, form: AddressForm) -> ResponseReturnValue:
    record_attempt(db(), act=Act.LETTER, email=typed(form.email), source=source(), now=now())
    wait_for_letter(purpose, typed(form.email), form.next.data)
    return redirect(url_for("account.letter_sent"))


@blueprint.route("/letter/sent", methods=["GET", "POST"])
@policy("public")
def letter_sent() -> ResponseReturnValue:
    """Say that a letter is on its way, and take its code."""
    asked: dict[str, Any] | None = session.get(_ASKED)
    if asked is None:
        return redirect(url_for("account.sign_in"))
    form = CodeForm()
    if request.method == "GET" or asked["purpose"] not in CODED or not form.validate():
        return _waiting(asked, form), 200 if request.method == "GET" else REFUSED
    if not may_attempt(db(), act=Act.CODE, email=asked["email"], source=source(), now=now()):
        form.code.errors = [_("Too many tries. Wait a quarter of an hour, or ask the office for help.")]
        return _waiting(asked, form), TOO_MANY, too_many(Act.CODE)
    found = find_by_code(
        db(), settings=platform().settings, purpose=Purpose(asked["purpose"]), email_key=email_key(asked["email"]),
        code=typed(form.code), now=now(),
    )  # fmt: skip
    if found is None:
        record_attempt(db(), act=Act.CODE, email=asked["email"], source=source(), now=now())
        unit().keep = True
        form.code.errors = [
            _("That code is not right, or it is older than ten minutes. Only the newest letter counts.")
        ]
        return _waiting(asked, form), REFUSED
    session.pop(_ASKED, None)
    return open_by_code(found)


def _waiting(asked: dict[str, Any], form: CodeForm) -> str:
    again = {
        Purpose.REGISTER: "account.register",
        Purpose.RESET: "account.forgotten",
        Purpose.SIGN_IN: "account.sign_in_by_letter",
    }[Purpose(asked["purpose"])]
    return render_template(
        "account/letter_sent.html", form=form, email=asked["email"], coded=asked["purpose"] in CODED,
        again=url_for(again, next=asked["next"] or None),
    )  # fmt: skip
