"""Signing in and out: server-side sessions that can be listed and ended from anywhere."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from judging.db.models import Account, LoginSession
from judging.services.audit import record_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
# An administrator's session opens more than any other, so it lasts least.
IDLE_ADMINISTRATOR = timedelta(minutes=30)
ABSOLUTE_ADMINISTRATOR = timedelta(hours=12)
PROOF = timedelta(minutes=15)
_TOUCH = timedelta(minutes=5)
# Every request asks this: one statement, made once.
_BY_TOKEN = select(LoginSession).where(LoginSession.token_sha256 == bindparam("token"))


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(
    session: Session,
    *,
    account: Account,
    device: str,
    now: datetime,
    method: str = "password",
    is_strong: bool = False,
) -> str:
    """Start a session and return its token, which is stored nowhere but in the caller's cookie.

    `method` is how the person came in; `is_strong` says that they showed a second factor too.
    """
    token = secrets.token_urlsafe(32)
    row = LoginSession(
        account_id=account.id,
        token_sha256=_sha256(token),
        device=device[:200],
        created_at=now,
        seen_at=now,
        expires_at=now + (ABSOLUTE_ADMINISTRATOR if account.is_administrator else ABSOLUTE),
        method=method,
        is_strong=is_strong,
        proved_at=now,
    )
    session.add(row)
    record_event(session, action="signed-in", subject="account", subject_id=account.id, actor_id=account.id, now=now)
    return token


def find_session(session: Session, *, token: str, now: datetime) -> LoginSession | None:
    """The living session of that token, with its account; None when it ended, expired or the account is disabled."""
    row = session.scalar(_BY_TOKEN, {"token": _sha256(token)})
    if row is None or row.revoked_at is not None or row.account.disabled_at is not None:
        return None
    if now >= row.expires_at or now - row.seen_at > _idle(row.account):
        return None
    return row


def _idle(account: Account) -> timedelta:
    return IDLE_ADMINISTRATOR if account.is_administrator else IDLE


def is_proved(row: LoginSession, *, now: datetime) -> bool:
    """Whether the person proved who they are lately enough for acts upon the account itself."""
    return row.proved_at is not None and now - row.proved_at <= PROOF


def prove_session(session: Session, *, session_id: str, now: datetime) -> None:
    """Write down that the person behind the session has just proved who they are."""
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(proved_at=now))


def needs_touch(row: LoginSession, *, now: datetime) -> bool:
    """Whether the time of last use is old enough to be written again; it is not written on each request."""
    idle: timedelta = now - row.seen_at
    return idle > _TOUCH


def touch_session(session: Session, *, session_id: str, now: datetime) -> None:
    """Write down that the session is in use."""
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))


def list_sessions(session: Session, *, account: Account, now: datetime) -> Sequence[LoginSession]:
    """The account's living sessions, the latest used first."""
    return session.scalars(
        select(LoginSession)
        .where(
            LoginSession.account_id == account.id,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
            LoginSession.seen_at > now - _idle(account),
        )
        .order_by(LoginSession.seen_at.desc())
    ).all()


def end_sessions(
    session: Session, *, account_id: str, now: datetime, only: str | None = None, besides: str | None = None
) -> int:
    """End the account's sessions: all, `only` one, or all `besides` one. Returns how many ended."""
    ending = update(LoginSession).where(LoginSession.account_id == account_id, LoginSession.revoked_at.is_(None))
    if only is not None:
        ending = ending.where(LoginSession.id == only)
    if besides is not None:
        ending = ending.where(LoginSession.id != besides)
    ended = session.execute(ending.values(revoked_at=now).returning(LoginSession.id)).scalars().all()
    if ended:
        record_event(
            session,
            action="sessions-ended",
            subject="account",
            subject_id=account_id,
            actor_id=account_id,
            now=now,
            details={"count": len(ended)},
        )
    return len(ended)
