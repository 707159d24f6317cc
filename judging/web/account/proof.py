"""Who are you, once more: asked before acts upon the account itself when the last proof is older than 15 minutes."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from judging.domain.policy import policy
from judging.services.access.accounts import password_fits
from judging.services.access.passkeys import list_passkeys, passkeys_work
from judging.services.access.second_factor import has_totp
from judging.services.access.sign_in import prove_session
from judging.services.actors import desks_of
from judging.services.attempts import Act, may_attempt, record_attempt
from judging.web.account.blueprint import blueprint
from judging.web.account.entering import REFUSED, TOO_MANY, source, too_many
from judging.web.account.forms import ProofForm
from judging.web.account.sign_in import shows_second_factor
from judging.web.context import account, now, platform
from judging.web.form_problems import typed
from judging.web.identity import enter
from judging.web.redirects import safe_next
from judging.web.transaction import db, unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    View = TypeVar("View", bound=Callable[..., Any])

_FORBIDDEN = 403
_TOKENS = "account.tokens"


def needs_proof(back: str) -> Callable[[View], View]:
    """Let a view of the account run only soon after a proof; `back` is the endpoint to return to after a new one."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs) if current_user.is_proved else _ask(url_for(back))

        return cast("View", guarded)

    return wrap


def _ask(back: str) -> ResponseReturnValue:
    where = url_for("account.proof", next=back)
    if request.is_json:
        return jsonify({"next": where}), _FORBIDDEN
    return redirect(where)


@blueprint.before_request
def guard_tokens() -> ResponseReturnValue | None:
    """A new key for programs is an act upon the account too; where staff need a second factor, so does their key."""
    if request.endpoint != _TOKENS or request.method != "POST" or not current_user.is_authenticated:
        return None
    staff = platform().settings.second_factor == "staff" and "office" in desks_of(db(), account=account())
    if staff and not current_user.is_strong:
        return redirect(url_for("account.factors", asked=1))
    return None if current_user.is_proved else _ask(url_for(_TOKENS))


@blueprint.route("/account/proof", methods=["GET", "POST"])
@policy("signed-in")
def proof() -> ResponseReturnValue:
    """Ask for the password, a code or a passkey."""
    form = ProofForm(data={"next": request.args.get("next", "")} if request.method == "GET" else None)
    if request.method == "GET" or not form.validate():
        return _page(form), 200 if request.method == "GET" else REFUSED
    act = Act.SECOND_FACTOR if typed(form.code) else Act.SIGN_IN
    if not may_attempt(db(), act=act, email=account().email, source=source(), now=now()):
        form.form_errors = [_("Too many tries. Wait an hour, or ask the office for help.")]
        return _page(form), TOO_MANY, too_many(act)
    where = safe_next(form.next.data, default=url_for("account.show"))
    if typed(form.code) and shows_second_factor(account(), typed(form.code)):
        enter(account(), method="password", is_strong=True)
        return redirect(where)
    if typed(form.password) and not typed(form.code) and password_fits(account(), typed(form.password)):
        prove_session(db(), session_id=current_user.session_id, now=now())
        return redirect(where)
    record_attempt(db(), act=act, email=account().email, source=source(), now=now())
    unit().keep = True
    field = form.code if typed(form.code) else form.password
    field.errors = [_("That is not right. Try again.")]
    return _page(form), REFUSED


def _page(form: ProofForm) -> str:
    own = account()
    return render_template(
        "account/proof.html",
        form=form,
        has_password=own.password_hash != "",
        has_app=has_totp(db(), account_id=own.id),
        has_passkey=passkeys_work(platform().settings) and bool(list_passkeys(db(), account_id=own.id)),
    )
