"""Signing in without a password: a link by letter, or its code typed on another device, good for ten minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.addresses import email_key
from judging.errors import N_
from judging.services.access.accounts import find_account
from judging.services.access.one_time_secrets import Purpose, issue_secret
from judging.services.letters import send_secret_letter
from judging.services.links import letter_link

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.settings import Settings


def ask_to_sign_in(session: Session, *, settings: Settings, email: str, next_path: str, now: datetime) -> None:
    """Send link and code when there is an account; the same is written down when there is none."""
    account = find_account(session, email=email)
    issued = issue_secret(
        session, settings=settings, purpose=Purpose.SIGN_IN, account=account, email_key=email_key(email),
        payload={"next": next_path}, now=now,
    )  # fmt: skip
    if account is None or account.disabled_at is not None:
        return
    send_secret_letter(
        session, settings=settings, address=account.email, locale=account.locale,
        subject=N_("Your code for signing in"),
        text=N_(
            "Hello %(name)s,\n\ntype this code on the page where you were:\n\n%(code)s\n\nor open this link on the "
            "device that you want to use and press the button there:\n\n%(link)s\n\nBoth hold for ten minutes and "
            "once. Give the code to nobody. If you did not ask for it, do nothing.\n"
        ),
        params={"name": account.name},
        secrets={"code": issued.code, "link": letter_link(settings, issued.token)}, now=now,
    )  # fmt: skip
