"""Passkeys: what the script of the page asks for and sends, and naming and removing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, jsonify, redirect, request, session, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.errors import N_, NotFound
from judging.services.access.passkeys import (
    add_passkey,
    check_passkey,
    new_passkey_options,
    passkeys_work,
    remove_passkey,
    rename_passkey,
    sign_in_options,
)
from judging.services.attempts import Act, record_attempt
from judging.web.account.blueprint import blueprint
from judging.web.account.entering import PENDING, REFUSED, TOO_MANY, may_try, source, too_many
from judging.web.account.forms import PasskeyNameForm
from judging.web.account.proof import needs_proof
from judging.web.context import account, now, platform
from judging.web.devices import device_name
from judging.web.form_problems import typed
from judging.web.identity import enter
from judging.web.redirects import safe_next
from judging.web.transaction import db, unit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_PAGE = "account.factors"


@blueprint.post("/login/passkey/options")
@policy("public")
def passkey_options() -> ResponseReturnValue:
    """A challenge to any passkey of this installation."""
    _must_work()
    if not may_try(Act.CHALLENGE, ""):
        return jsonify({"problem": _("Too many tries. Wait a quarter of an hour.")}), TOO_MANY, too_many(Act.CHALLENGE)
    record_attempt(db(), act=Act.CHALLENGE, email="", source=source(), now=now())
    return jsonify(sign_in_options(db(), settings=platform().settings, now=now()))


@blueprint.post("/login/passkey")
@policy("public")
def sign_in_by_passkey() -> ResponseReturnValue:
    """Sign in whose passkey answered. The device has verified its user, so that no second factor is asked for."""
    _must_work()
    found = check_passkey(db(), settings=platform().settings, credential=_sent("credential"), now=now())
    if found is None:
        return _refuse()
    session.pop(PENDING, None)
    enter(found, method="passkey", is_strong=True)
    return jsonify({"next": safe_next(_text("next"), default=url_for("account.arrive"))})


@blueprint.post("/account/proof/passkey")
@policy("signed-in")
def prove_by_passkey() -> ResponseReturnValue:
    """Prove who one is by a passkey of the same account."""
    _must_work()
    found = check_passkey(db(), settings=platform().settings, credential=_sent("credential"), now=now())
    if found is None or found.id != account().id:
        return _refuse()
    enter(found, method="passkey", is_strong=True)
    return jsonify({"next": safe_next(_text("next"), default=url_for("account.show"))})


@blueprint.post("/account/passkeys/options")
@policy("signed-in")
@needs_proof(_PAGE)
def new_options() -> ResponseReturnValue:
    """A challenge for a new passkey."""
    _must_work()
    return jsonify(new_passkey_options(db(), settings=platform().settings, account=account(), now=now()))


@blueprint.post("/account/passkeys")
@policy("signed-in")
@needs_proof(_PAGE)
def add() -> ResponseReturnValue:
    """Keep the passkey that the browser made."""
    _must_work()
    name = _text("name") or device_name(request.headers.get("User-Agent", ""))
    made = add_passkey(
        db(), settings=platform().settings, account=account(), credential=_sent("credential"), name=name, now=now()
    )
    if made is None:
        return _refuse()
    flash(_("The passkey “%(name)s” is added.", name=made.name), "info")
    return jsonify({"next": url_for(_PAGE, _anchor="passkeys")})


@blueprint.post("/account/passkeys/<passkey_id>/name")
@policy("signed-in")
@needs_proof(_PAGE)
def rename(passkey_id: str) -> ResponseReturnValue:
    """Give a passkey another name."""
    form = PasskeyNameForm()
    if form.validate():
        rename_passkey(db(), account=account(), passkey_id=passkey_id, name=typed(form.name), now=now())
        flash(_("Recorded."), "info")
    return redirect(url_for(_PAGE, _anchor="passkeys"))


@blueprint.post("/account/passkeys/<passkey_id>/remove")
@policy("signed-in")
@needs_proof(_PAGE)
def remove(passkey_id: str) -> ResponseReturnValue:
    """Forget a passkey."""
    remove_passkey(db(), account=account(), passkey_id=passkey_id, now=now())
    flash(_("The passkey is removed."), "info")
    return redirect(url_for(_PAGE, _anchor="passkeys"))


def _must_work() -> None:
    if not passkeys_work(platform().settings):
        raise NotFound(N_("There is nothing here."))


def _refuse() -> ResponseReturnValue:
    # The challenge is used up all the same.
    unit().keep = True
    return jsonify({"problem": _("That passkey was not accepted. Try again, or sign in another way.")}), REFUSED


def _sent(name: str) -> dict[str, Any]:
    body = request.get_json(silent=True)
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, dict) else {}


def _text(name: str) -> str:
    body = request.get_json(silent=True)
    value = body.get(name) if isinstance(body, dict) else None
    return value[:2000] if isinstance(value, str) else ""
