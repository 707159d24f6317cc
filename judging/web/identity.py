"""The signed-in person: Flask-Login over server-side sessions.

The cookie holds a random token; the server keeps its SHA-256. Ending the session on the server ends it everywhere.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from judging.errors import StoreUnavailable
from judging.services.access.sign_in import (
    end_sessions,
    find_session,
    is_proved,
    needs_touch,
    open_session,
    touch_session,
)
from judging.web.context import now, platform
from judging.web.programs import for_programs
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import Account

log = logging.getLogger(__name__)

# The token that guards forms belongs to one sign-in: whoever planted or saw it before must not know it afterwards.
_OF_ONE_SIGN_IN = ("csrf_token",)


class SignedIn(UserMixin):
    """The person behind a session, as templates see it.

    `is_strong` says that a second factor was shown, `is_proved` that the person has just proved who they are.
    """

    def __init__(
        self, *, token: str, session_id: str, account: Account, is_strong: bool = False, is_proved: bool = False
    ) -> None:
        self.token = token
        self.session_id = session_id
        self.is_strong = is_strong
        self.is_proved = is_proved
        self.account_id = account.id
        self.name = account.name
        self.email = account.email
        self.locale = account.locale
        self.is_administrator = account.is_administrator

    def get_id(self) -> str:
        """The session's token: what Flask-Login puts into the cookie."""
        return self.token


def install(app: Flask) -> None:
    """Let Flask-Login find the person of a request."""
    manager = LoginManager(app)
    # The session is bound to its token; Flask-Login's own fingerprint would end it when a phone changes networks.
    manager.session_protection = None
    manager.user_loader(_load)
    manager.request_loader(_load_program)
    # Teardowns run in reverse: by then the request's own unit of work, installed later, has ended.
    app.teardown_request(_write_last_use)


def _load_program(_request: object) -> SignedIn | None:
    """The owner of the bearer token of a program's request, which was read before; whoever made it was strong then."""
    account: Account | None = g.get("account") if for_programs() else None
    return None if account is None else SignedIn(token="", session_id="", account=account, is_strong=True)


def _load(token: str) -> SignedIn | None:
    if for_programs():
        # A cookie goes along with whatever a page makes a browser send: it signs nobody in for programs.
        return None
    found = find_session(db(), token=token, now=now())
    if found is None:
        return None
    g.account = found.account
    if needs_touch(found, now=now()):
        moment, session_id, database = now(), found.id, platform().database
        g.touch = (database, session_id, moment)
    return SignedIn(
        token=token, session_id=found.id, account=found.account, is_strong=found.is_strong,
        is_proved=is_proved(found, now=now()),
    )  # fmt: skip


def _write_last_use(_error: BaseException | None) -> None:
    """Write down that the session is in use, after the answer was made and in a unit of work of its own."""
    if (touch := g.pop("touch", None)) is not None:
        database, session_id, moment = touch
        try:
            with database.writing() as session:
                touch_session(session, session_id=session_id, now=moment)
        except StoreUnavailable:
            # The answer is made and what it tells is stored; when the session was last used can wait.
            log.warning("the last use of a session could not be noted")


def enter(account: Account, *, method: str = "password", is_strong: bool = False) -> None:
    """Sign the account in on this device, with a new token; the session that was here before ends.

    `is_strong` says that a second factor was shown.
    """
    if current_user.is_authenticated:
        end_sessions(db(), account_id=current_user.account_id, only=current_user.session_id, now=now())
    device = request.headers.get("User-Agent", "")
    token = open_session(db(), account=account, device=device, method=method, is_strong=is_strong, now=now())
    _forget_form_token()
    g.account = account
    login_user(SignedIn(token=token, session_id="", account=account, is_strong=is_strong, is_proved=True))


def leave() -> None:
    """Forget the person on this device; the caller ends the session on the server."""
    logout_user()
    _forget_form_token()
    g.pop("account", None)


def _forget_form_token() -> None:
    for name in _OF_ONE_SIGN_IN:
        session.pop(name, None)
        g.pop(name, None)
