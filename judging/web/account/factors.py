"""The second factor: an authenticator app, its recovery codes, and the list of passkeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.access.identities import directory_works, is_linked
from judging.services.access.passkeys import list_passkeys, passkeys_work
from judging.services.access.second_factor import (
    begin_totp,
    confirm_totp,
    count_recovery_codes,
    has_totp,
    new_recovery_codes,
    remove_totp,
    totp_being_set_up,
)
from judging.services.attempts import Act, may_attempt, record_attempt
from judging.web.account.blueprint import blueprint
from judging.web.account.entering import REFUSED, TOO_MANY, source, too_many
from judging.web.account.forms import CodeForm
from judging.web.account.proof import needs_proof
from judging.web.context import account, now, platform
from judging.web.form_problems import show_problems, typed
from judging.web.identity import enter
from judging.web.transaction import db, unit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_PAGE = "account.factors"


@blueprint.get("/account/second-factor")
@policy("signed-in")
@needs_proof(_PAGE)
def factors() -> ResponseReturnValue:
    """What the account has besides its password."""
    return _page(CodeForm(formdata=None))


@blueprint.post("/account/second-factor/app")
@policy("signed-in")
@needs_proof(_PAGE)
def begin_app() -> ResponseReturnValue:
    """Make a secret for an authenticator app."""
    begin_totp(db(), settings=platform().settings, account=account(), now=now())
    return redirect(url_for(_PAGE, _anchor="app"))


@blueprint.post("/account/second-factor/app/confirm")
@policy("signed-in")
@needs_proof(_PAGE)
def confirm_app() -> ResponseReturnValue:
    """Take the app into use when it shows the right code; the recovery codes are shown this once."""
    form = CodeForm()
    if not form.validate():
        return _page(form), REFUSED
    if not may_attempt(db(), act=Act.SECOND_FACTOR, email=account().email, source=source(), now=now()):
        form.code.errors = [_("Too many tries. Wait an hour, or ask the office for help.")]
        return _page(form), TOO_MANY, too_many(Act.SECOND_FACTOR)
    try:
        codes = confirm_totp(
            db(), settings=platform().settings, account=account(), code=typed(form.code), now=now()
        )  # fmt: skip
    except Refused as refused:
        record_attempt(db(), act=Act.SECOND_FACTOR, email=account().email, source=source(), now=now())
        unit().keep = True
        show_problems(form, refused.problems)
        return _page(form), REFUSED
    enter(account(), method="password", is_strong=True)
    return render_template("account/recovery_codes.html", codes=codes)


@blueprint.post("/account/second-factor/codes")
@policy("signed-in")
@needs_proof(_PAGE)
def renew_codes() -> ResponseReturnValue:
    """Replace the recovery codes; the new ones are shown this once."""
    if not has_totp(db(), account_id=account().id):
        return redirect(url_for(_PAGE))
    codes = new_recovery_codes(db(), settings=platform().settings, account=account(), now=now())
    return render_template("account/recovery_codes.html", codes=codes)


@blueprint.post("/account/second-factor/app/remove")
@policy("signed-in")
@needs_proof(_PAGE)
def remove_app() -> ResponseReturnValue:
    """Take the app and its recovery codes away."""
    remove_totp(db(), account=account(), actor_id=account().id, now=now())
    flash(_("The authenticator app is removed."), "info")
    return redirect(url_for(_PAGE))


def _page(form: CodeForm) -> str:
    settings = platform().settings
    being_set_up = totp_being_set_up(db(), settings=settings, account=account())
    return render_template(
        "account/factors.html",
        form=form,
        has_app=has_totp(db(), account_id=account().id),
        codes_left=count_recovery_codes(db(), account_id=account().id),
        secret=being_set_up[0] if being_set_up else None,
        picture=_picture(being_set_up[1]) if being_set_up else None,
        passkeys=list_passkeys(db(), account_id=account().id),
        passkeys_work=passkeys_work(settings),
        directory=directory_works(settings),
        is_connected=is_linked(db(), account_id=account().id, issuer=settings.oidc_issuer),
        asked="asked" in request.args and not current_user.is_strong,
    )


def _picture(address: str) -> str:
    """A QR code as an address that an image can show without another request."""
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff"))
