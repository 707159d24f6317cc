"""From the first proof to a session: at once, or after the second factor where the account has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, session, url_for

from judging.services.access.one_time_secrets import Purpose, issue_secret
from judging.services.access.second_factor import has_totp
from judging.services.attempts import Act, may_attempt, wait_seconds
from judging.web.context import now, platform
from judging.web.identity import enter, leave
from judging.web.redirects import safe_next
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.db.models import Account

PENDING = "second_factor"
REFUSED = 422
TOO_MANY = 429


def source() -> str:
    """Where the request comes from, as far as a limit is concerned."""
    return request.remote_addr or ""


def may_try(act: Act, email: str) -> bool:
    """Whether the act may be tried from here. Asked outside the request's own unit of work, which may be a long one."""
    with platform().database.reading() as reading:
        return may_attempt(reading, act=act, email=email, source=source(), now=now())


def too_many(act: Act) -> dict[str, str]:
    """The headers of an answer that says "wait"."""
    return {"Retry-After": str(wait_seconds(act))}


def begin(account: Account, *, method: str, next_path: str | None) -> ResponseReturnValue:
    """Sign the account in, or ask for its second factor first; then lead where the person wanted to go.

    Until the second factor is shown there is no session, and who was signed in here before is not any more.
    """
    if not has_totp(db(), account_id=account.id):
        enter(account, method=method)
        return redirect(safe_next(next_path, default=url_for("account.arrive")))
    issued = issue_secret(
        db(), settings=platform().settings, purpose=Purpose.SECOND_FACTOR, account=account, now=now(),
        payload={"method": method, "next": next_path or ""},
    )  # fmt: skip
    leave()
    session[PENDING] = issued.token
    return redirect(url_for("account.second_step"))
