"""The signed-in person: Flask-Login over server-side sessions.

The cookie holds a random token; the server keeps its SHA-256. Ending the session on the server ends it everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, g, request
from flask_login import LoginManager, UserMixin, login_user, logout_user

from judging.services.sign_in import find_session, needs_touch, open_session, touch_session
from judging.web.context import now, platform
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import Account


class SignedIn(UserMixin):
    """The person behind a session, as templates see it."""

    def __init__(self, *, token: str, session_id: str, account: Account) -> None:
        self.token = token
        self.session_id = session_id
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


def _load(token: str) -> SignedIn | None:
    found = find_session(db(), token=token, now=now())
    if found is None:
        return None
    g.account = found.account
    if needs_touch(found, now=now()):
        moment, session_id, database = now(), found.id, platform().database
        g.touch = (database, session_id, moment)
    return SignedIn(token=token, session_id=found.id, account=found.account)


def write_last_use() -> None:
    """Write down that the session is in use, after the answer was made and outside its unit of work."""
    if (touch := g.pop("touch", None)) is not None:
        database, session_id, moment = touch
        with database.writing() as session:
            touch_session(session, session_id=session_id, now=moment)


def enter(account: Account) -> None:
    """Sign the account in on this device, with a new token."""
    device = request.headers.get("User-Agent", "")
    token = open_session(db(), account=account, device=device, now=now())
    g.account = account
    login_user(SignedIn(token=token, session_id="", account=account))


def leave() -> None:
    """Forget the person on this device; the caller ends the session on the server."""
    logout_user()
    g.pop("account", None)
