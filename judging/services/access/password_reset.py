"""A forgotten password: a link by letter, good for thirty minutes and once, with which a new one is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.addresses import email_key
from judging.errors import N_
from judging.services.access.accounts import change_password, find_account
from judging.services.access.one_time_secrets import Purpose, issue_secret, use_secret
from judging.services.letters import send_letter, send_secret_letter
from judging.services.links import letter_link

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account, OneTimeSecret
    from judging.settings import Settings


def ask_for_reset(session: Session, *, settings: Settings, email: str, now: datetime) -> None:
    """Send the link when there is an account; the same is written down when there is none, for the time it takes."""
    account = find_account(session, email=email)
    issued = issue_secret(
        session, settings=settings, purpose=Purpose.RESET, account=account, email_key=email_key(email), now=now
    )
    if account is None or account.disabled_at is not None:
        return
    send_secret_letter(
        session, settings=settings, address=account.email, locale=account.locale,
        subject=N_("Set a new password"),
        text=N_(
            "Hello %(name)s,\n\nopen this link to set a new password:\n\n%(link)s\n\nIt holds for thirty minutes and "
            "once. If you did not ask for it, do nothing: your password stays as it is.\n"
        ),
        params={"name": account.name}, secrets={"link": letter_link(settings, issued.token)}, now=now,
    )  # fmt: skip


def set_password_by_letter(
    session: Session, *, secret: OneTimeSecret, password_hash: str, now: datetime
) -> Account | None:
    """Set the password with a link for a reset or an invitation, and end all sessions. None when the link is used up.

    Nobody is signed in by it: a second factor is asked for as ever.
    """
    account = secret.account
    if account is None or not use_secret(session, secret, now=now):
        return None
    had_one = account.password_hash != ""
    change_password(session, account=account, password_hash=password_hash, keep=None, now=now)
    if had_one:
        tell_password_changed(session, account=account, now=now)
    return account


def tell_password_changed(session: Session, *, account: Account, now: datetime) -> None:
    """Tell the owner that the password was changed."""
    send_letter(
        session,
        to=account,
        subject=N_("Your password was changed"),
        text=N_(
            "Hello %(name)s,\n\nthe password of your account was changed, and all other devices were signed out. If it "
            "was not you, set a new password at once under “Forgotten your password?” and tell the office.\n"
        ),
        params={"name": account.name},
        now=now,
    )
