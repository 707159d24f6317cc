"""Accounts for people whom an office names by address: found, or made, with a link by which their owner begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Account, LoginSession
from judging.services.access.accounts import find_account, register_account
from judging.services.access.one_time_secrets import Purpose, issue_secret
from judging.services.links import letter_link

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An account and its new link, which is stored nowhere and can be shown only once.

    The link opens an account into which nobody has come yet. For any other it only leads to the sign-in, so that nobody
    gets into an account by inviting its owner.
    """

    account: Account
    link: str
    is_new: bool


def find_or_invite(
    session: Session, *, settings: Settings, email: str, name: str, locale: str, now: datetime
) -> Invited:
    """The account of that address, as its owner named it, or a new one without a password; with a new link.

    Raises Refused naming the field when a new account's address or name is wrong.
    """
    account = find_account(session, email=email)
    is_new = account is None
    if account is None:
        account = register_account(session, email=email, name=name, password_hash="", locale=locale, now=now)
    return Invited(account=account, link=invite(session, settings=settings, account=account, now=now), is_new=is_new)


def is_claimed(session: Session, *, account: Account) -> bool:
    """Whether the account's owner has ever come in: then no invitation opens it any more."""
    if account.password_hash:
        return True
    return session.scalar(select(LoginSession.id).where(LoginSession.account_id == account.id).limit(1)) is not None


def invite(session: Session, *, settings: Settings, account: Account, now: datetime) -> str:
    """A new link for the account; the one before it ends."""
    issued = issue_secret(session, settings=settings, purpose=Purpose.INVITATION, account=account, now=now)
    return letter_link(settings, issued.token)
