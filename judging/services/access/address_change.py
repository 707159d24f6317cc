"""Another e-mail address: it counts once a letter to it was answered, and the old address is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.addresses import email_key, tidy_address
from judging.errors import N_, Refused
from judging.services.access.accounts import check_address, find_account
from judging.services.access.one_time_secrets import NEWEST_ONLY, Purpose, drop_secrets, issue_secret, use_secret
from judging.services.audit import record_event
from judging.services.letters import send_letter, send_secret_letter
from judging.services.links import letter_link

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account, OneTimeSecret
    from judging.settings import Settings


def ask_new_address(session: Session, *, settings: Settings, account: Account, email: str, now: datetime) -> None:
    """Send a link to the new address. Raises Refused when it is none; one that another account has gets no letter."""
    if problems := check_address(email):
        raise Refused(problems)
    issued = issue_secret(
        session, settings=settings, purpose=Purpose.NEW_ADDRESS, account=account, now=now,
        payload={"email": tidy_address(email)},
    )  # fmt: skip
    taken = find_account(session, email=email)
    if taken is not None and taken.id != account.id:
        return
    send_secret_letter(
        session, settings=settings, address=tidy_address(email), locale=account.locale,
        subject=N_("Confirm your new e-mail address"),
        text=N_(
            "Hello %(name)s,\n\nopen this link and press the button there, and this becomes the address of your "
            "account:\n\n%(link)s\n\nThe link holds for thirty minutes. If you did not ask for it, do nothing.\n"
        ),
        params={"name": account.name}, secrets={"link": letter_link(settings, issued.token)}, now=now,
    )  # fmt: skip


def confirm_new_address(session: Session, *, secret: OneTimeSecret, now: datetime) -> Account | None:
    """Give the account the new address and tell the old one. None when the link is used up or the address is taken."""
    account = secret.account
    if account is None or not use_secret(session, secret, now=now):
        return None
    address = secret.payload["email"]
    taken = find_account(session, email=address)
    if taken is not None and taken.id != account.id:
        return None
    send_letter(
        session,
        to=account,
        subject=N_("Your e-mail address was changed"),
        text=N_(
            "Hello %(name)s,\n\nyour account has another e-mail address from now on, and letters go there. If it was "
            "not you, tell the office at once.\n"
        ),
        params={"name": account.name},
        now=now,
    )
    drop_secrets(session, email_key=account.email_key, purposes=NEWEST_ONLY)
    account.email, account.email_key = address, email_key(address)
    record_event(
        session, action="address-changed", subject="account", subject_id=account.id, actor_id=account.id, now=now
    )
    return account
