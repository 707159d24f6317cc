"""The account that owns an erased entry: made nobody's, or parted from the entry where it has other business here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, or_, select

from judging.db.models import (
    Account,
    ApiToken,
    ContestRole,
    Entry,
    ExternalIdentity,
    IdempotentAnswer,
    Judge,
    LoginFailure,
    LoginSession,
    OneTimeSecret,
    OrganisationRole,
    Passkey,
    RecoveryCode,
    TotpFactor,
)
from judging.db.types import new_id
from judging.domain.addresses import ERASED_DOMAIN
from judging.services.privacy.traces import forget_requests

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

_OF_AN_ACCOUNT = (
    ApiToken, ExternalIdentity, IdempotentAnswer, LoginSession, OneTimeSecret, Passkey, RecoveryCode, TotpFactor,
)  # fmt: skip
_ROLES = (ContestRole, Judge, OrganisationRole)


def erase_owner(session: Session, entry: Entry, *, now: datetime) -> frozenset[str]:
    """Leave the entry an owner of whom nothing is known; returns the addresses at which nobody is known any more.

    The account itself is emptied when it has no other entry and no role. Otherwise it stays as it is, and the entry
    gets an empty one in its place: an entry that still named its owner would not be erased.
    """
    owner = entry.owner
    if _is_erased(owner):
        return frozenset()
    if _has_other_business(session, owner, entry):
        entry.owner = _nobody(now)
        session.flush()
        return frozenset()
    return empty_account(session, owner, now=now)


def empty_account(session: Session, owner: Account, *, now: datetime) -> frozenset[str]:
    """Take everything that tells of its person off an account, for good; returns the addresses it had."""
    forget_requests(session, account_id=owner.id)
    addresses = frozenset({owner.email.casefold(), owner.email_key})
    for model in _OF_AN_ACCOUNT:
        session.execute(delete(model).where(model.account_id == owner.id))
    session.execute(delete(OneTimeSecret).where(OneTimeSecret.email_key == owner.email_key))
    session.execute(delete(LoginFailure).where(LoginFailure.email_key == owner.email_key))
    owner.email = owner.email_key = _address(owner.id)
    owner.name, owner.password_hash = "", ""
    owner.disabled_at = owner.disabled_at or now
    session.flush()
    return addresses


def _has_other_business(session: Session, owner: Account, entry: Entry) -> bool:
    if owner.is_administrator:
        return True
    other = exists().where(Entry.owner_id == owner.id, Entry.id != entry.id)
    roles = [exists().where(model.account_id == owner.id) for model in _ROLES]
    return bool(session.scalar(select(or_(other, *roles))))


def _nobody(now: datetime) -> Account:
    account_id = new_id()
    address = _address(account_id)
    return Account(
        id=account_id, email=address, email_key=address, name="", password_hash="", created_at=now, disabled_at=now
    )


def _address(account_id: str) -> str:
    """An address to which nothing can be sent (RFC 6761), and which is no other account's."""
    return f"{account_id}@{ERASED_DOMAIN}"


def _is_erased(account: Account) -> bool:
    return account.email_key.endswith(f"@{ERASED_DOMAIN}")
