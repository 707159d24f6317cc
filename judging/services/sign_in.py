"""Signing in and out: server-side sessions that can be listed and ended from anywhere."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from judging.db.models import Account, LoginFailure, LoginSession
from judging.domain.addresses import email_key
from judging.services.audit import record_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
_TOUCH = timedelta(minutes=5)
WINDOW = timedelta(minutes=15)
MOST_BY_SOURCE = 20
MOST_BY_PAIR = 8


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, *, account: Account, device: str, now: datetime) -> str:
    """Start a session and return its token, which is stored nowhere but in the caller's cookie."""
    token = secrets.token_urlsafe(32)
    row = LoginSession(
        account_id=account.id,
        token_sha256=_sha256(token),
        device=device[:200],
        created_at=now,
        seen_at=now,
        expires_at=now + ABSOLUTE,
    )
    session.add(row)
    record_event(session, action="signed-in", subject="account", subject_id=account.id, actor_id=account.id, now=now)
    return token


def find_session(session: Session, *, token: str, now: datetime) -> LoginSession | None:
    """The living session of that token, with its account; None when it ended, expired or the account is disabled."""
    row = session.scalar(select(LoginSession).where(LoginSession.token_sha256 == _sha256(token)))
    if row is None or row.revoked_at is not None or row.account.disabled_at is not None:
        return None
    if now >= row.expires_at or now - row.seen_at > IDLE:
        return None
    return row


def needs_touch(row: LoginSession, *, now: datetime) -> bool:
    """Whether the time of last use is old enough to be written again; it is not written on each request."""
    idle: timedelta = now - row.seen_at
    return idle > _TOUCH


def touch_session(session: Session, *, session_id: str, now: datetime) -> None:
    """Write down that the session is in use."""
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))


def list_sessions(session: Session, *, account_id: str, now: datetime) -> Sequence[LoginSession]:
    """The account's living sessions, the latest used first."""
    return session.scalars(
        select(LoginSession)
        .where(
            LoginSession.account_id == account_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
            LoginSession.seen_at > now - IDLE,
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


def may_try(session: Session, *, email: str, source: str, now: datetime) -> bool:
    """Whether a sign-in may be tried: too many failures from one source, or from it at one account, must wait.

    Failures elsewhere never lock an account's owner out.
    """
    since = now - WINDOW
    by_source = select(func.count()).where(LoginFailure.source == source, LoginFailure.at > since)
    by_pair = by_source.where(LoginFailure.email_key == email_key(email)[:254])
    counts = session.execute(select(by_source.scalar_subquery(), by_pair.scalar_subquery())).one()
    allowed: bool = counts[0] < MOST_BY_SOURCE and counts[1] < MOST_BY_PAIR
    return allowed


def record_failure(session: Session, *, email: str, source: str, now: datetime) -> None:
    """Remember a refused sign-in, and forget those that no longer count."""
    session.execute(delete(LoginFailure).where(LoginFailure.at < now - 4 * WINDOW))
    session.add(LoginFailure(email_key=email_key(email)[:254], source=source[:64], at=now))
    record_event(session, action="sign-in-refused", subject="account", subject_id="", actor_id=None, now=now)
