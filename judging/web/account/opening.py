"""What a link from a letter opens.

The link itself changes nothing, since mail scanners follow links: it leads to a page with a button. Its secret leaves
the address at once and waits in the browser's session. A link that is used up, too old or made up is told by one page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.services.access.accounts import check_password, hash_password
from judging.services.access.address_change import confirm_new_address
from judging.services.access.invitations import is_claimed
from judging.services.access.one_time_secrets import Purpose, find_secret, use_secret
from judging.services.access.password_reset import set_password_by_letter
from judging.services.access.registration import confirm_registration
from judging.services.links import LETTER_PATH, TOKEN_PARAMETER
from judging.web.account.blueprint import blueprint
from judging.web.account.entering import REFUSED, begin
from judging.web.account.forms import NewPasswordForm
from judging.web.context import now
from judging.web.form_problems import show_problems, typed
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.db.models import OneTimeSecret

_LETTER = "letter"
_GONE = 410
_OPENED = (Purpose.REGISTER, Purpose.RESET, Purpose.SIGN_IN, Purpose.INVITATION, Purpose.NEW_ADDRESS)
_SET_PASSWORD = (Purpose.RESET, Purpose.INVITATION)


@blueprint.get(LETTER_PATH)
@policy("public")
def letter() -> ResponseReturnValue:
    """Take the secret out of the address."""
    session[_LETTER] = request.args.get(TOKEN_PARAMETER, "")[:200]
    return redirect(url_for("account.open_letter"))


@blueprint.route("/letter/open", methods=["GET", "POST"])
@policy("public")
def open_letter() -> ResponseReturnValue:
    """Show what the letter is about, with the button that does it."""
    found = find_secret(db(), token=session.get(_LETTER, ""), purposes=_OPENED, now=now())
    if found is None:
        return _spent()
    if found.purpose in _SET_PASSWORD:
        return _set_password(found)
    if request.method == "GET":
        return render_template("account/letter.html", purpose=found.purpose, person=found.account, asked=found.payload)
    session.pop(_LETTER, None)
    return _confirm(found)


def open_by_code(found: OneTimeSecret) -> ResponseReturnValue:
    """Do what a letter is about whose short code was typed: confirm the address, or sign in."""
    return _confirm(found)


def _confirm(found: OneTimeSecret) -> ResponseReturnValue:
    if found.purpose == Purpose.NEW_ADDRESS:
        if confirm_new_address(db(), secret=found, now=now()) is None:
            return _spent()
        flash(_("Your account has its new address."), "info")
        return redirect(url_for("account.show"))
    if found.purpose == Purpose.REGISTER:
        person = confirm_registration(db(), secret=found, now=now())
    else:
        person = found.account if use_secret(db(), found, now=now()) else None
    if person is None:
        return _spent()
    return begin(person, method="letter", next_path=found.payload.get("next"))


def _set_password(found: OneTimeSecret) -> ResponseReturnValue:
    person = found.account
    if person is None:
        return _spent()
    invited = found.purpose == Purpose.INVITATION
    if invited and is_claimed(db(), account=person):
        flash(_("You have an account already. Sign in as ever."), "info")
        return redirect(url_for("account.sign_in"))
    may_skip = invited and not person.is_administrator
    if may_skip and request.form.get("act") == "without":
        return _begin_without(found)
    form = NewPasswordForm()
    problems = check_password(typed(form.password), email=person.email) if form.validate_on_submit() else ()
    if request.method == "GET" or form.errors or problems:
        show_problems(form, problems)
        page = render_template(
            "account/new_password.html", form=form, invited=invited, may_skip=may_skip, person=person
        )
        return page, 200 if request.method == "GET" else REFUSED
    return _store_password(found, typed(form.password), invited=invited)


def _store_password(found: OneTimeSecret, password: str, *, invited: bool) -> ResponseReturnValue:
    session.pop(_LETTER, None)
    person = set_password_by_letter(db(), secret=found, password_hash=hash_password(password), now=now())
    if person is None:
        return _spent()
    if invited:
        return begin(person, method="invitation", next_path=None)
    flash(_("The new password is set. Sign in with it."), "info")
    return redirect(url_for("account.sign_in"))


def _begin_without(found: OneTimeSecret) -> ResponseReturnValue:
    """Come in without a password: by letter or passkey from then on."""
    session.pop(_LETTER, None)
    if found.account is None or not use_secret(db(), found, now=now()):
        return _spent()
    return begin(found.account, method="invitation", next_path=None)


def _spent() -> ResponseReturnValue:
    session.pop(_LETTER, None)
    return render_template("account/letter_spent.html"), _GONE
