"""What an administrator does for accounts: make one, close or reopen it, sign it out, give it a new first password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from judging.db.models import Account
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotFound, Refused
from judging.services.accounts import change_password, hash_password
from judging.services.audit import record_event
from judging.services.invitations import Invited, find_or_invite, new_password
from judging.services.organisations import must_administer
from judging.services.sign_in import end_sessions


def find_person(session: Session, *, account_id: str) -> Account:
    """The account of that id. Raises NotFound."""
    person = session.get(Account, account_id)
    if person is None:
        raise NotFound(N_("There is nothing here."))
    return person


def create_staff(
    session: Session, *, account: Account, email: str, name: str, administrator: bool, locale: str, now: datetime
) -> Invited:
    """Make an account with a first password. Raises NotAllowed, and Refused by field, for a taken address too."""
    must_administer(account)
    invited = find_or_invite(session, email=email, name=name, locale=locale, now=now)
    if invited.password is None:
        message = N_("There is an account with that address already.")
        raise Refused([Problem(code="taken", where="email", message=message)])
    invited.account.is_administrator = administrator
    _record(session, "account-created", invited.account, account, now, administrator=administrator)
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


def reset_password(session: Session, *, account: Account, person: Account, now: datetime) -> Invited:
    """Give a person who lost theirs a new first password, and end all sessions.

    Raises NotAllowed, and Conflict for one's own account.
    """
    must_administer(account)
    if person.id == account.id:
        raise Conflict(N_("Change your own password on the page “Your account”."))
    password = new_password()
    change_password(session, account=person, password_hash=hash_password(password), keep=None, now=now)
    _record(session, "password-reset", person, account, now)
    return Invited(account=person, password=password)


def _record(session: Session, action: str, person: Account, by: Account, now: datetime, **details: object) -> None:
    record_event(
        session, action=action, subject="account", subject_id=person.id, actor_id=by.id, now=now, details=details
    )
