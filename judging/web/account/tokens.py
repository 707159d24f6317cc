"""A person's own tokens for programs: made with a purpose and an end, shown once, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from judging.domain.policy import policy
from judging.errors import Conflict, Refused
from judging.services.access.api_tokens import (
    MOST_DAYS,
    SCOPES,
    USUAL_DAYS,
    NewToken,
    list_tokens,
    make_token,
    revoke_token,
)
from judging.web.account.blueprint import blueprint
from judging.web.choices import choices
from judging.web.context import account, now
from judging.web.form_problems import show_problems, typed
from judging.web.formats import error_sentence
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_REFUSED = 422
_DAYS = (30, USUAL_DAYS, 180, MOST_DAYS)


class TokenForm(FlaskForm):
    """What a new token is called, what it is for, how long it lives."""

    name = StringField(
        _l("What the token is for, in your words"), [InputRequired(_l("Fill this in.")), Length(max=100)]
    )
    scopes = SelectMultipleField(_l("What a program may do with it"), validate_choice=False)
    days = SelectField(_l("It ends after"))

    def offer(self) -> None:
        """Put the purposes and lifetimes on offer, in the reader's language."""
        self.scopes.choices = choices((key, _(text)) for key, text in SCOPES.items())
        self.days.choices = choices((str(days), _("%(count)s days", count=days)) for days in _DAYS)


@blueprint.route("/account/tokens", methods=["GET", "POST"])
@policy("signed-in")
def tokens() -> ResponseReturnValue:
    """The person's living tokens, and the form that makes another one."""
    form = TokenForm(data={"scopes": ["read"], "days": str(USUAL_DAYS)} if request.method == "GET" else None)
    form.offer()
    if request.method == "GET":
        return _page(form)
    if not form.validate():
        return _page(form), _REFUSED
    try:
        made = make_token(
            db(), account=account(), name=typed(form.name), scopes=form.scopes.data or (),
            days=int(typed(form.days)), now=now(),
        )  # fmt: skip
    except Refused as refused:
        show_problems(form, refused.problems)
    except Conflict as refused:
        form.form_errors = [error_sentence(refused)]
    else:
        # Not redirected to: the token is shown in this one answer and stands nowhere else.
        fresh = TokenForm(formdata=None, data={"scopes": ["read"], "days": str(USUAL_DAYS)})
        fresh.offer()
        return _page(fresh, made)
    return _page(form), _REFUSED


@blueprint.post("/account/tokens/<token_id>/revoke")
@policy("signed-in")
def token_revoke(token_id: str) -> ResponseReturnValue:
    """End a token at once."""
    revoke_token(db(), account=account(), token_id=token_id, now=now())
    flash(_("The token is revoked. Programs that used it are refused from now on."), "info")
    return redirect(url_for("account.tokens"))


def _page(form: TokenForm, made: NewToken | None = None) -> str:
    return render_template(
        "account/tokens.html",
        form=form,
        made=made,
        tokens=list_tokens(db(), account_id=account().id, now=now()),
        scopes=SCOPES,
    )
