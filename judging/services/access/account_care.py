"""What an administrator does for accounts: make one, close or reopen it, sign it out, let its owner begin anew."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from judging.db.models import Account
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotFound, Refused
from judging.services.access.accounts import find_account
from judging.services.access.invitations import Invited, find_or_invite
from judging.services.access.one_time_secrets import Purpose, issue_secret
from judging.services.access.passkeys import forget_passkeys
from judging.services.access.second_factor import remove_totp
from judging.services.access.sign_in import end_sessions
from judging.services.audit import record_event
from judging.services.contests.organisations import must_administer
from judging.services.letters import send_letter, send_secret_letter
from judging.services.links import letter_link

if TYPE_CHECKING:
    from judging.settings import Settings


def find_person(session: Session, *, account_id: str) -> Account:
    """The account of that id. Raises NotFound."""
    person = session.get(Account, account_id)
    if person is None:
        raise NotFound(N_("There is nothing here."))
    return person


def create_staff(
    session: Session,
    *,
    settings: Settings,
    account: Account,
    email: str,
    name: str,
    administrator: bool,
    locale: str,
    now: datetime,
) -> Invited:
    """Make an account and invite its owner. Raises NotAllowed, and Refused by field, for a taken address too."""
    must_administer(account)
    if find_account(session, email=email) is not None:
        message = N_("There is an account with that address already.")
        raise Refused([Problem(code="taken", where="email", message=message)])
    invited = find_or_invite(session, settings=settings, email=email, name=name, locale=locale, now=now)
    invited.account.is_administrator = administrator
    _record(session, "account-created", invited.account, account, now, administrator=administrator)
    send_secret_letter(
        session, settings=settings, address=invited.account.email, locale=locale,
        subject=N_("You have an account"),
        text=N_(
            "Hello %(name)s,\n\nthe administration has made an account for you. Begin here:\n\n%(link)s\n\nThe link "
            "holds for fourteen days and once.\n"
        ),
        params={"name": invited.account.name}, secrets={"link": invited.link}, now=now,
    )  # fmt: skip
    return invited


def disable_account(session: Session, *, account: Account, person: Account, now: datetime) -> None:
    """Close an account and end its sessions; what it did stays. Raises NotAllowed, and Conflict for one's own."""
    must_administer(account)
    if person.id == account.id:
        raise Conflict(N_("You cannot close your own account: another administrator must."))
    person.disabled_at = now
    end_sessions(session, account_id=person.id, now=now)
    _record(session, "account-disabled", person, account, now)


def enable_account(session: Session, *, account: Account, person: Account, now: datetime) -> None:
    """Reopen a closed account. Raises NotAllowed."""
    must_administer(account)
    person.disabled_at = None
    _record(session, "account-enabled", person, account, now)


def end_all_sessions(session: Session, *, account: Account, person: Account, now: datetime) -> int:
    """Sign a person out everywhere; returns of how many devices. Raises NotAllowed."""
    must_administer(account)
    ended = end_sessions(session, account_id=person.id, now=now)
    _record(session, "account-signed-out", person, account, now)
    return ended


def renew_access(session: Session, *, settings: Settings, account: Account, person: Account, now: datetime) -> Invited:
    """Sign a person out who lost the password, and give them a link that sets a new one; it goes by letter too.

    The old password holds until then. Raises NotAllowed, and Conflict for one's own account.
    """
    must_administer(account)
    _not_own(account, person)
    end_sessions(session, account_id=person.id, now=now)
    issued = issue_secret(session, settings=settings, purpose=Purpose.RESET, account=person, now=now)
    link = letter_link(settings, issued.token)
    _record(session, "password-link-made", person, account, now)
    send_secret_letter(
        session, settings=settings, address=person.email, locale=person.locale,
        subject=N_("Set a new password"),
        text=N_(
            "Hello %(name)s,\n\nthe administration has made a link for you with which you set a new password:\n\n"
            "%(link)s\n\nIt holds for thirty minutes and once. You are signed out everywhere.\n"
        ),
        params={"name": person.name}, secrets={"link": link}, now=now,
    )  # fmt: skip
    return Invited(account=person, link=link, is_new=False)


def remove_factors(session: Session, *, account: Account, person: Account, now: datetime) -> None:
    """Take app, recovery codes and passkeys off the account of a person who lost them, and sign that person out.

    Raises NotAllowed, and Conflict for one's own account.
    """
    must_administer(account)
    _not_own(account, person)
    remove_totp(session, account=person, actor_id=account.id, now=now)
    forget_passkeys(session, account=person)
    end_sessions(session, account_id=person.id, now=now)
    _record(session, "factors-removed", person, account, now)
    send_letter(
        session,
        to=person,
        subject=N_("Your second factors were removed"),
        text=N_(
            "Hello %(name)s,\n\nthe administration has removed the authenticator app and the passkeys of your account. "
            "Sign in with your password and set them up anew. If you did not ask for it, tell the office at once.\n"
        ),
        params={"name": person.name},
        now=now,
    )


def _not_own(account: Account, person: Account) -> None:
    if person.id == account.id:
        raise Conflict(N_("Change your own password and factors on the page “Your account”."))


def _record(session: Session, action: str, person: Account, by: Account, now: datetime, **details: object) -> None:
    record_event(
        session, action=action, subject="account", subject_id=person.id, actor_id=by.id, now=now, details=details
    )
