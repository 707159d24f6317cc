"""Accounts for people whom an office names by their address: found, or made with a first password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from judging.db.models import Account
from judging.services.accounts import find_account, hash_password, register_account

# No letter or digit that is taken for another on paper.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An account, and the first password when it was made just now: it is stored nowhere and can be shown only once."""

    account: Account
    password: str | None = None


def new_password() -> str:
    """A password for handing over on paper: four groups of four signs, about 79 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def find_or_invite(session: Session, *, email: str, name: str, locale: str, now: datetime) -> Invited:
    """The account of that address, as its owner named it, or a new one with a first password.

    Raises Refused naming the field when a new account's address or name is wrong.
    """
    account = find_account(session, email=email)
    if account is not None:
        return Invited(account=account)
    password = new_password()
    account = register_account(
        session, email=email, name=name, password_hash=hash_password(password), locale=locale, now=now
    )
    return Invited(account=account, password=password)
