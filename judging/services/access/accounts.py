"""Accounts and passwords."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from judging.db.models import Account
from judging.domain.addresses import email_key, tidy_address, tidy_name
from judging.domain.values import Problem
from judging.errors import N_, Refused
from judging.services.access.one_time_secrets import Purpose, drop_secrets
from judging.services.access.sign_in import end_sessions
from judging.services.audit import record_event

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 256
_KIBIBYTES = 19 * 1024
_OPENED_BY_LETTER = (Purpose.RESET, Purpose.INVITATION, Purpose.SIGN_IN, Purpose.SECOND_FACTOR)

# What people type when a form asks for eight characters; guessing starts with these.
_COMMON = frozenset({
    "12345678", "123456789", "1234567890", "11111111", "00000000", "88888888", "password", "password1", "matkhau1",
    "matkhau123", "qwertyui", "qwerty123", "abcd1234", "abc12345", "iloveyou", "khongbiet", "anhyeuem", "vietnam123",
    "12341234", "87654321", "66668888", "123123123", "abcdefgh", "1q2w3e4r", "admin123", "giamkhao1", "cuocthi1",
})  # fmt: skip


@cache
def _hasher() -> PasswordHasher:
    """Argon2id with 19 MiB, two passes, one lane: the OWASP minimum."""
    return PasswordHasher(time_cost=2, memory_cost=_KIBIBYTES, parallelism=1)


@cache
def _decoy() -> str:
    return _hasher().hash("no account has this password")


def hash_password(password: str) -> str:
    """Hash with argon2id. Takes tens of milliseconds: do it before a write transaction begins."""
    return _hasher().hash(_composed(password))


def password_fits(account: Account | None, password: str) -> bool:
    """Whether `password` is the account's. Takes the same time when there is no account, or no password of it."""
    known = account is not None and account.password_hash != ""
    fits = hash_fits(account.password_hash if account is not None and known else _decoy(), password)
    return fits and known and account is not None and account.disabled_at is None


def hash_fits(password_hash: str, password: str) -> bool:
    """Whether `password_hash` was made of `password` by `hash_password`."""
    try:
        return _hasher().verify(password_hash, _composed(password))
    except (VerificationError, InvalidHashError):
        return False


def _composed(password: str) -> str:
    """The password in composed letters: keyboards disagree about how a Vietnamese letter is written."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, *, email: str) -> tuple[Problem, ...]:
    """Why a new password is too weak: its length, a common one, or the address itself."""
    if len(password) < SHORTEST_PASSWORD:
        return (
            Problem(
                code="short",
                where="password",
                message=N_("The password needs at least %(least)s characters. A short sentence is easy to remember."),
                params={"least": SHORTEST_PASSWORD},
            ),
        )
    if len(password) > LONGEST_PASSWORD:
        return (
            Problem(
                code="long",
                where="password",
                message=N_("The password is longer than %(most)s characters."),
                params={"most": LONGEST_PASSWORD},
            ),
        )
    if password.casefold() in _COMMON or email_key(password) in {email_key(email), email_key(email).split("@")[0]}:
        return (
            Problem(
                code="common",
                where="password",
                message=N_("That password is one of the first that a stranger would try. Choose another."),
            ),
        )
    return ()


def check_name(name: str) -> tuple[Problem, ...]:
    """Why a name will not do: there is nothing in it that can be seen."""
    if tidy_name(name):
        return ()
    return (Problem(code="missing", where="name", message=N_("Write your name.")),)


def check_address(email: str) -> tuple[Problem, ...]:
    """Why an address will not do. Before the @ only Latin letters are taken: those of other scripts look like them."""
    try:
        # example.vn and other reserved names are what demonstrations and rehearsals use.
        validate_email(tidy_address(email), check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError:
        message = N_("That is not an e-mail address: name@domain is expected.")
        return (Problem(code="email", where="email", message=message),)
    return ()


def find_account(session: Session, *, email: str) -> Account | None:
    """The account of that address, however it is written."""
    return session.scalar(select(Account).where(Account.email_key == email_key(email)))


def register_account(
    session: Session, *, email: str, name: str, password_hash: str, locale: str, now: datetime
) -> Account:
    """Create an account. Raises Refused naming the field when the address is not one or is taken, or a name lacks.

    With an empty `password_hash` no password opens the account before its owner has set one.
    """
    problems = [*check_name(name), *check_address(email)]
    if find_account(session, email=email) is not None:
        problems.append(
            Problem(code="taken", where="email", message=N_("There is an account with that address. Sign in instead."))
        )
    if problems:
        raise Refused(problems)
    account = Account(
        email=tidy_address(email),
        email_key=email_key(email),
        name=tidy_name(name),
        password_hash=password_hash,
        locale=locale,
        created_at=now,
    )
    session.add(account)
    session.flush()
    record_event(
        session, action="account-registered", subject="account", subject_id=account.id, actor_id=account.id, now=now
    )
    return account


def rename_account(session: Session, *, account: Account, name: str, locale: str, now: datetime) -> None:
    """Change the name that others see and the language of pages and letters."""
    account.name = tidy_name(name)
    account.locale = locale
    record_event(
        session, action="account-changed", subject="account", subject_id=account.id, actor_id=account.id, now=now
    )


def change_password(session: Session, *, account: Account, password_hash: str, keep: str | None, now: datetime) -> None:
    """Set a new password, end all sessions but `keep`, and end the links that would set or stand in for one."""
    account.password_hash = password_hash
    record_event(
        session, action="password-changed", subject="account", subject_id=account.id, actor_id=account.id, now=now
    )
    drop_secrets(session, email_key=account.email_key, purposes=_OPENED_BY_LETTER)
    end_sessions(session, account_id=account.id, besides=keep, now=now)
