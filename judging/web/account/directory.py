"""Signing in through an office's own directory (OpenID Connect), and connecting an account with it.

The provider sends people back by a link. What it says is checked at once and waits, signed, in the browser's session;
the button on the page after it does what is to be done, as with every link that comes from elsewhere.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from judging.domain.policy import policy
from judging.errors import N_, Conflict, NotFound
from judging.services.access.identities import (
    directory_works,
    find_linked,
    link_identity,
    register_by_directory,
    unlink_identity,
)
from judging.services.attempts import Act, record_attempt
from judging.services.links import page_link
from judging.web.account.blueprint import blueprint
from judging.web.account.entering import REFUSED, begin, source
from judging.web.account.proof import needs_proof
from judging.web.context import account, now, platform
from judging.web.formats import error_sentence
from judging.web.i18n import locale
from judging.web.transaction import db, unit

if TYPE_CHECKING:
    from types import ModuleType

    from flask.typing import ResponseReturnValue

_ASKED, _TOLD = "directory_asked", "directory_told"


@blueprint.get("/login/directory")
@policy("public")
def ask_directory() -> ResponseReturnValue:
    """Send the person to the provider, with a question that only its answer fits."""
    _must_work()
    asked = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
    }
    address = _exchange().question_to_provider(platform().settings, back=_back(), **asked)
    session[_ASKED] = {**asked, "next": request.args.get("next", "")[:2000]}
    return redirect(address)


@blueprint.get("/login/directory/back")
@policy("public")
def directory_answers() -> ResponseReturnValue:
    """Read what the provider says. A question is answered once."""
    _must_work()
    asked: dict[str, str] = session.pop(_ASKED, {})
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if not asked or not code or not secrets.compare_digest(asked["state"].encode(), state.encode()):
        return _refuse(_("The directory did not say who you are. Try again, or sign in another way."))
    exchange = _exchange()
    try:
        found = exchange.read_answer(
            platform().settings, back=_back(), code=code, nonce=asked["nonce"], verifier=asked["verifier"]
        )
    except exchange.NotIdentified as error:
        return _refuse(error_sentence(error))
    session[_TOLD] = {
        "issuer": found.issuer,
        "subject": found.subject,
        "email": found.email,
        "name": found.name,
        "next": asked["next"],
        "at": now().timestamp(),
    }
    return redirect(url_for("account.directory"))


@blueprint.route("/login/directory/go", methods=["GET", "POST"])
@policy("public")
def directory() -> ResponseReturnValue:
    """Sign in whom the provider has named, make an account for one whom nobody knows here, or connect the account."""
    _must_work()
    told: dict[str, Any] | None = session.get(_TOLD)
    if told is None or now().timestamp() - told["at"] > _FRESH:
        session.pop(_TOLD, None)
        return redirect(url_for("account.sign_in"))
    if request.method == "GET":
        return render_template("account/directory.html", told=told)
    session.pop(_TOLD, None)
    who = {"issuer": told["issuer"], "subject": told["subject"]}
    if current_user.is_authenticated:
        return _connect(who)
    found = find_linked(db(), now=now(), **who)
    if found is None:
        found = register_by_directory(
            db(), email=told["email"], name=told["name"], locale=locale(), now=now(), **who
        )  # fmt: skip
    if found is None:
        record_attempt(db(), act=Act.SIGN_IN, email=told["email"], source=source(), now=now())
        unit().keep = True
        return _refuse(
            _("No account here is connected with you. Sign in as ever, and connect it on the page “Your account”.")
        )
    return begin(found, method="directory", next_path=told["next"])


@blueprint.post("/account/directory/remove")
@policy("signed-in")
@needs_proof("account.factors")
def disconnect() -> ResponseReturnValue:
    """Take the connection with the directory away."""
    unlink_identity(db(), account=account(), issuer=platform().settings.oidc_issuer, now=now())
    flash(_("The connection is removed."), "info")
    return redirect(url_for("account.factors", _anchor="directory"))


_FRESH = 300


def _connect(who: dict[str, str]) -> ResponseReturnValue:
    if not current_user.is_proved:
        return redirect(url_for("account.proof", next=url_for("account.factors")))
    try:
        link_identity(db(), account=account(), now=now(), **who)
    except Conflict as conflict:
        flash(error_sentence(conflict), "error")
    else:
        flash(_("Your account is connected with the directory."), "info")
    return redirect(url_for("account.factors", _anchor="directory"))


def _refuse(why: str) -> ResponseReturnValue:
    return render_template("account/directory_refused.html", why=why), REFUSED


def _back() -> str:
    return page_link(platform().settings, url_for("account.directory_answers"))


def _must_work() -> None:
    if not directory_works(platform().settings):
        raise NotFound(N_("There is nothing here."))


def _exchange() -> ModuleType:
    from judging.services.access import oidc_exchange  # noqa: PLC0415 - its libraries need not be installed

    return oidc_exchange
