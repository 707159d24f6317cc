"""Secrets that open one thing once: links in letters with their short codes, challenges to passkeys.

A secret is 256 random bits, stored as its SHA-256, good for one purpose only and for as long as `LIVES` says. Of those
that go out by letter only the newest holds.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from judging.db.models import OneTimeSecret
from judging.services.sealing import fingerprint

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.settings import Settings


class Purpose(StrEnum):
    """What a secret opens."""

    REGISTER = "register"
    RESET = "reset"
    SIGN_IN = "sign-in"
    INVITATION = "invitation"
    NEW_ADDRESS = "new-address"
    SECOND_FACTOR = "second-factor"
    PASSKEY = "passkey"
    NEW_PASSKEY = "new-passkey"


LIVES = {
    Purpose.REGISTER: timedelta(days=1),
    Purpose.RESET: timedelta(minutes=30),
    Purpose.SIGN_IN: timedelta(minutes=10),
    Purpose.INVITATION: timedelta(days=14),
    Purpose.NEW_ADDRESS: timedelta(minutes=30),
    Purpose.SECOND_FACTOR: timedelta(minutes=10),
    Purpose.PASSKEY: timedelta(minutes=5),
    Purpose.NEW_PASSKEY: timedelta(minutes=5),
}
CODED = frozenset({Purpose.REGISTER, Purpose.SIGN_IN})
NEWEST_ONLY = frozenset({Purpose.REGISTER, Purpose.RESET, Purpose.SIGN_IN, Purpose.INVITATION, Purpose.NEW_ADDRESS})
CODE_LIFE = timedelta(minutes=10)
CODE_DIGITS = 8
MOST_TRIES = 5
_KEPT = timedelta(days=1)
_CODE_PURPOSE = "short-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A new secret. `token` and `code` are stored nowhere; `code` is empty for purposes that have none."""

    token: str
    code: str = ""


def issue_secret(
    session: Session,
    *,
    settings: Settings,
    purpose: Purpose,
    now: datetime,
    account: Account | None = None,
    email_key: str = "",
    payload: Mapping[str, Any] | None = None,
) -> Issued:
    """Make a secret, for an account or for an address that has none; an older one for the same thing ends."""
    key = (account.email_key if account is not None else email_key)[:254]
    stale = OneTimeSecret.expires_at < now - _KEPT
    session.execute(delete(OneTimeSecret).where(stale))
    if purpose in NEWEST_ONLY:
        session.execute(delete(OneTimeSecret).where(OneTimeSecret.purpose == purpose, OneTimeSecret.email_key == key))
    token = secrets.token_urlsafe(32)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}" if purpose in CODED else ""
    digest = _sha256(token)
    session.add(
        OneTimeSecret(
            purpose=purpose.value,
            account_id=account.id if account is not None else None,
            email_key=key,
            token_sha256=digest,
            code_hmac=_code_hmac(settings, digest, code) if code else "",
            payload=dict(payload or {}),
            created_at=now,
            expires_at=now + LIVES[purpose],
        )
    )
    return Issued(token=token, code=code)


def find_secret(session: Session, *, token: str, purposes: Collection[Purpose], now: datetime) -> OneTimeSecret | None:
    """The living secret of that token, with its account; None when it is unknown, used, too old or for another purpose.

    Nor does it hold when its account was disabled.
    """
    row = session.scalar(
        select(OneTimeSecret)
        .where(OneTimeSecret.token_sha256 == _sha256(token), OneTimeSecret.purpose.in_([one.value for one in purposes]))
        .options(joinedload(OneTimeSecret.account))
    )
    if row is None or row.used_at is not None or now >= row.expires_at or row.tries >= MOST_TRIES:
        return None
    return None if row.account is not None and row.account.disabled_at is not None else row


def find_by_code(
    session: Session, *, settings: Settings, purpose: Purpose, email_key: str, code: str, now: datetime
) -> OneTimeSecret | None:
    """The living secret for that address whose code this is. A wrong code is counted; after five none is right."""
    row = session.scalar(
        select(OneTimeSecret)
        .where(
            OneTimeSecret.purpose == purpose.value,
            OneTimeSecret.email_key == email_key[:254],
            OneTimeSecret.used_at.is_(None),
            OneTimeSecret.created_at > now - CODE_LIFE,
            OneTimeSecret.expires_at > now,
            OneTimeSecret.tries < MOST_TRIES,
        )
        .options(joinedload(OneTimeSecret.account))
        .order_by(OneTimeSecret.created_at.desc())
        .limit(1)
    )
    if row is None or not row.code_hmac or (row.account is not None and row.account.disabled_at is not None):
        return None
    digits = "".join(sign for sign in code if sign.isdecimal() and sign.isascii())
    if hmac.compare_digest(row.code_hmac, _code_hmac(settings, row.token_sha256, digits)):
        return row
    count_try(session, row)
    return None


def count_try(session: Session, row: OneTimeSecret) -> None:
    """Count a wrong guess at what belongs to the secret."""
    counted = update(OneTimeSecret).where(OneTimeSecret.id == row.id).values(tries=OneTimeSecret.tries + 1)
    session.execute(counted)


def use_secret(session: Session, row: OneTimeSecret, *, now: datetime) -> bool:
    """Use the secret up. False when somebody else did so at the same moment."""
    used = (
        update(OneTimeSecret)
        .where(OneTimeSecret.id == row.id, OneTimeSecret.used_at.is_(None))
        .values(used_at=now)
        .returning(OneTimeSecret.id)
    )
    return session.scalar(used) is not None


def drop_secrets(session: Session, *, email_key: str, purposes: Collection[Purpose]) -> None:
    """End what is still open for that address."""
    session.execute(
        delete(OneTimeSecret).where(
            OneTimeSecret.email_key == email_key, OneTimeSecret.purpose.in_([one.value for one in purposes])
        )
    )


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _code_hmac(settings: Settings, token_sha256: str, code: str) -> str:
    return fingerprint(settings, f"{token_sha256}:{code}", purpose=_CODE_PURPOSE)
