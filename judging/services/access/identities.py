"""Accounts that are also known to an identity provider.

A person is who the provider's `subject` says, and nothing else: an address that happens to be the same opens no
account, since whoever runs a mailbox there need not be who opened the account here.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from judging.db.models import ExternalIdentity
from judging.errors import N_, Conflict
from judging.services.access.accounts import check_address, check_name, find_account, register_account
from judging.services.access.second_factor import tell_factors_changed
from judging.services.audit import record_event

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.settings import Settings


def directory_works(settings: Settings) -> bool:
    """Whether people may sign in through a provider: one is named, and `judging[oidc]` is installed."""
    return bool(settings.oidc_issuer) and find_spec("authlib") is not None


def find_linked(session: Session, *, issuer: str, subject: str, now: datetime) -> Account | None:
    """The account that is connected with the provider's person, unless it is closed."""
    row = session.scalar(
        select(ExternalIdentity)
        .where(ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject)
        .options(joinedload(ExternalIdentity.account))
    )
    if row is None or row.account.disabled_at is not None:
        return None
    row.used_at = now
    return row.account


def is_linked(session: Session, *, account_id: str, issuer: str) -> bool:
    """Whether the account is connected with somebody at the provider."""
    held = select(ExternalIdentity.id).where(
        ExternalIdentity.account_id == account_id, ExternalIdentity.issuer == issuer
    )
    return session.scalar(held.limit(1)) is not None


def link_identity(session: Session, *, account: Account, issuer: str, subject: str, now: datetime) -> None:
    """Connect the account with the provider's person. Raises Conflict when that person has another account here."""
    row = session.scalar(
        select(ExternalIdentity).where(ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject)
    )
    if row is not None and row.account_id != account.id:
        raise Conflict(N_("That person of the directory is connected with another account."))
    if row is not None:
        return
    session.add(ExternalIdentity(account_id=account.id, issuer=issuer, subject=subject, created_at=now))
    record_event(
        session, action="directory-connected", subject="account", subject_id=account.id, actor_id=account.id, now=now
    )
    tell_factors_changed(session, account=account, now=now)


def unlink_identity(session: Session, *, account: Account, issuer: str, now: datetime) -> None:
    """Take the connection away."""
    removed = (
        delete(ExternalIdentity)
        .where(ExternalIdentity.account_id == account.id, ExternalIdentity.issuer == issuer)
        .returning(ExternalIdentity.id)
    )
    if session.scalars(removed).all():
        record_event(
            session, action="directory-disconnected", subject="account", subject_id=account.id, actor_id=account.id,
            now=now,
        )  # fmt: skip
        tell_factors_changed(session, account=account, now=now)


def register_by_directory(
    session: Session, *, issuer: str, subject: str, email: str, name: str, locale: str, now: datetime
) -> Account | None:
    """Make an account for a person of the provider whose verified address nobody here has. None for any other."""
    named = name if not check_name(name) else email.split("@", maxsplit=1)[0]
    if not email or check_address(email) or find_account(session, email=email) is not None:
        return None
    account = register_account(session, email=email, name=named, password_hash="", locale=locale, now=now)
    session.add(ExternalIdentity(account_id=account.id, issuer=issuer, subject=subject, created_at=now, used_at=now))
    return account
