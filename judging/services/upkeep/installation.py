"""An installation of its own: its first administrator, and whether there is anything in it yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.db.models import Account, Contest, Entry
from judging.domain.values import Problem
from judging.errors import N_, Conflict, Refused
from judging.services.access.accounts import check_password, register_account
from judging.services.audit import record_event


def create_administrator(
    session: Session, *, email: str, name: str, password: str | None, password_hash: str, now: datetime
) -> Account:
    """Register the first administrator. `password_hash` is that of `password`, which is looked at and not kept.

    Without a password the hash is empty, and the account waits to be opened by an invitation. Raises Conflict when
    there is an administrator already, and Refused for an address or password that will not do.
    """
    if session.scalar(select(Account.id).where(Account.is_administrator).limit(1)) is not None:
        raise Conflict(N_("This installation has an administrator already. Nothing was changed."))
    problems: tuple[Problem, ...] = () if password is None else check_password(password, email=email)
    if problems:
        raise Refused(problems)
    account = register_account(session, email=email, name=name, password_hash=password_hash, locale="vi", now=now)
    account.is_administrator = True
    record_event(
        session, action="administrator-created", subject="account", subject_id=account.id, actor_id=None, now=now
    )
    return account


def count_entries(session: Session) -> list[tuple[Contest, int]]:
    """All contests with the number of their entries, by year and address."""
    query = (
        select(Contest, func.count(Entry.id))
        .outerjoin(Entry, Entry.contest_id == Contest.id)
        .group_by(Contest.id)
        .order_by(Contest.year, Contest.slug)
    )
    return [(contest, count) for contest, count in session.execute(query)]
