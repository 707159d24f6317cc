"""Personal tokens: keys with which programs act for a person, as far as their scopes reach and until they end."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from judging.db.models import Account, ApiToken
from judging.domain.permissions import Actor, Role
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotFound, Refused
from judging.services.audit import record_event

PREFIX = "jt_"
READ, ENTRIES, JUDGE, OFFICE = "read", "entries", "judge", "office"
SCOPES: Mapping[str, str] = {
    READ: N_("Read whatever you may read"),
    ENTRIES: N_("Write, hand in and withdraw your own entries"),
    JUDGE: N_("Judge the entries that were given to you"),
    OFFICE: N_("Run the contests of your office"),
}
"""What a token may be for. A scope narrows what its owner may do, and never widens it."""

USUAL_DAYS, MOST_DAYS = 90, 366
MOST_TOKENS = 20
_LONGEST_NAME = 100
_HINT = 9
_TOUCH = timedelta(hours=1)
# Taking an office away only takes rights away. A judge's roles stay: without them an office would see what its judge
# must not.
_OF_OFFICE = frozenset({Role.ORGANISER, Role.SECRETARY, Role.COMMITTEE, Role.AUDITOR, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token that was made just now. `text` is stored nowhere, so it can be shown only this once."""

    text: str
    row: ApiToken


def make_token(
    session: Session,
    *,
    account: Account,
    name: str,
    scopes: Collection[str],
    now: datetime,
    days: int = USUAL_DAYS,
) -> NewToken:
    """Make a token for the account, of 256 random bits.

    Raises Refused naming `name`, `scopes` or `days`, and Conflict when the account has too many living ones.
    """
    name = " ".join(name.split())
    if problems := tuple(_check(name, scopes, days)):
        raise Refused(problems)
    if len(list_tokens(session, account_id=account.id, now=now)) >= MOST_TOKENS:
        raise Conflict(N_("You have %(most)s tokens. Revoke one that you no longer need."), most=MOST_TOKENS)
    text = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        account_id=account.id, name=name, hint=text[:_HINT], token_sha256=_sha256(text),
        scopes=[scope for scope in SCOPES if scope in scopes], created_at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, row, action="token-made", now=now)
    return NewToken(text=text, row=row)


def find_token(session: Session, *, text: str, now: datetime) -> ApiToken | None:
    """The living token of that text, with its account; None when it ended, was revoked or the account is closed."""
    if not text.startswith(PREFIX):
        return None
    row = session.scalar(select(ApiToken).where(ApiToken.token_sha256 == _sha256(text)))
    if row is None or row.revoked_at is not None or now >= row.expires_at or row.account.disabled_at is not None:
        return None
    return row


def list_tokens(session: Session, *, account_id: str, now: datetime) -> Sequence[ApiToken]:
    """The account's living tokens, the newest first."""
    query = (
        select(ApiToken)
        .where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)
        .order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
    )
    return session.scalars(query).all()


def revoke_token(session: Session, *, account: Account, token_id: str, now: datetime) -> None:
    """End one of the account's own tokens at once. Raises NotFound; one that has ended already is no error."""
    row = session.scalar(select(ApiToken).where(ApiToken.id == token_id, ApiToken.account_id == account.id))
    if row is None:
        raise NotFound(N_("There is nothing here."))
    if row.revoked_at is None:
        row.revoked_at = now
        _record(session, row, action="token-revoked", now=now)


def needs_touch(row: ApiToken, *, now: datetime) -> bool:
    """Whether the time of last use is old enough to be written again; it is not written on each request."""
    return row.seen_at is None or now - row.seen_at > _TOUCH


def touch_token(session: Session, *, token_id: str, now: datetime) -> None:
    """Write down that the token is in use."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(seen_at=now))


def narrowed(actor: Actor, *, scopes: Collection[str], reading: bool) -> Actor:
    """The actor as far as a token with these scopes reaches: without `office`, or `read` for reading, no office."""
    if OFFICE in scopes or (reading and READ in scopes):
        return actor
    return replace(actor, roles=actor.roles - _OF_OFFICE)


def _check(name: str, scopes: Collection[str], days: int) -> Iterator[Problem]:
    if not name or len(name) > _LONGEST_NAME:
        message = N_("Give the token a name of at most %(most)s characters that says what it is for.")
        yield Problem(code="name", where="name", message=message, params={"most": _LONGEST_NAME})
    if not scopes or not set(scopes) <= set(SCOPES):
        yield Problem(code="scopes", where="scopes", message=N_("Choose what the token is for."))
    if not 1 <= days <= MOST_DAYS:
        message = N_("A token lives from 1 to %(most)s days.")
        yield Problem(code="days", where="days", message=message, params={"most": MOST_DAYS})


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _record(session: Session, row: ApiToken, *, action: str, now: datetime) -> None:
    record_event(
        session, action=action, subject="token", subject_id=row.id, actor_id=row.account_id, now=now,
        details={"name": row.name, "scopes": row.scopes},
    )  # fmt: skip
