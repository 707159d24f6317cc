"""Making an account: asked for with a password, made when the address is confirmed.

Before the confirmation there is no account, so nobody can act under, or keep others from, an address that is not
theirs. Whoever asks learns nothing about who has an account: the letter tells it to the address alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.addresses import email_key, tidy_address, tidy_name
from judging.errors import N_, Refused
from judging.services.access.accounts import change_password, check_address, check_name, find_account, register_account
from judging.services.access.one_time_secrets import Purpose, issue_secret, use_secret
from judging.services.letters import send_secret_letter
from judging.services.links import letter_link

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account, OneTimeSecret
    from judging.settings import Settings


def ask_to_register(
    session: Session,
    *,
    settings: Settings,
    email: str,
    name: str,
    password_hash: str,
    locale: str,
    next_path: str,
    now: datetime,
) -> None:
    """Send a letter that confirms the address, or one that says that there is an account already.

    Raises Refused by field for a name or an address that will not do; a known address is no reason.
    """
    if problems := [*check_name(name), *check_address(email)]:
        raise Refused(problems)
    known = find_account(session, email=email)
    if known is not None:
        _tell_owner(session, settings=settings, account=known, now=now)
        return
    issued = issue_secret(
        session, settings=settings, purpose=Purpose.REGISTER, email_key=email_key(email), now=now,
        payload={
            "email": tidy_address(email), "name": tidy_name(name), "password_hash": password_hash,
            "locale": locale, "next": next_path,
        },
    )  # fmt: skip
    # The name that a stranger typed stays out: a letter of ours must not carry anybody's words to anybody.
    send_secret_letter(
        session, settings=settings, address=tidy_address(email), locale=locale,
        subject=N_("Confirm your e-mail address"),
        text=N_(
            "Hello,\n\nsomebody, we hope you, wants to make an account with this address. Type this code on the page "
            "where you were:\n\n%(code)s\n\nor open this link and press the button there:\n\n%(link)s\n\nThe code "
            "holds for ten minutes, the link for one day. If it was not you, do nothing: then no account is made.\n"
        ),
        params={}, secrets={"code": issued.code, "link": letter_link(settings, issued.token)}, now=now,
    )  # fmt: skip


def _tell_owner(session: Session, *, settings: Settings, account: Account, now: datetime) -> None:
    """Tell the owner of a known address, at the address that is stored and not as it was typed."""
    issued = issue_secret(session, settings=settings, purpose=Purpose.RESET, account=account, now=now)
    if account.disabled_at is not None:
        return
    send_secret_letter(
        session, settings=settings, address=account.email, locale=account.locale,
        subject=N_("You have an account already"),
        text=N_(
            "Hello %(name)s,\n\nsomebody, we hope you, wanted to make an account with this address. You have one "
            "already: sign in with it. If you do not remember the password, set a new one here:\n\n%(link)s\n\nThe "
            "link holds for thirty minutes. If it was not you, do nothing.\n"
        ),
        params={"name": account.name}, secrets={"link": letter_link(settings, issued.token)}, now=now,
    )  # fmt: skip


def confirm_registration(session: Session, *, secret: OneTimeSecret, now: datetime) -> Account | None:
    """Make the account that the letter was about. None when that is done, or there is one with a password meanwhile."""
    if not use_secret(session, secret, now=now):
        return None
    asked = secret.payload
    account = find_account(session, email=asked["email"])
    if account is None:
        return register_account(
            session, email=asked["email"], name=asked["name"], password_hash=asked["password_hash"],
            locale=asked["locale"], now=now,
        )  # fmt: skip
    if account.password_hash or account.disabled_at is not None:
        return None
    # An office invited the person in between. The letter proves the address as the invitation would have.
    change_password(session, account=account, password_hash=asked["password_hash"], keep=None, now=now)
    return account
