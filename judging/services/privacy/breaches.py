"""A breach of personal data: from its discovery 72 hours run in which the authority must be told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.models import Breach
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotFound, Refused
from judging.services.audit import record_event
from judging.services.contests.organisations import must_administer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account

WINDOW = timedelta(hours=72)
"""Art. 33 GDPR and Art. 23 of Law 91/2025/QH15: 72 hours from when the breach was noticed."""

_MOST = 100


def deadline_of(breach: Breach) -> datetime:
    """By when the authority must be told."""
    return breach.noticed_at + WINDOW


def list_breaches(session: Session) -> Sequence[Breach]:
    """The breaches, the newest first; at most 100."""
    query = select(Breach).options(joinedload(Breach.by)).order_by(Breach.noticed_at.desc(), Breach.id.desc())
    return session.scalars(query.limit(_MOST)).all()


def find_breach(session: Session, breach_id: str) -> Breach:
    """The breach of that id. Raises NotFound."""
    found = session.get(Breach, breach_id, options=[joinedload(Breach.by)])
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found


def open_breach(session: Session, *, account: Account, what: str, noticed_at: datetime, now: datetime) -> Breach:
    """Start the clock. Raises NotAllowed, and Refused without words or for a moment that is still to come."""
    must_administer(account)
    problems = []
    if not what.strip():
        problems.append(Problem(code="missing", where="what", message=N_("Write what happened, as far as you know.")))
    if noticed_at > now:
        problems.append(Problem(code="future", where="noticed", message=N_("That moment is still to come.")))
    if problems:
        raise Refused(problems)
    breach = Breach(noticed_at=noticed_at, what=what.strip(), by_id=account.id, started_at=now)
    session.add(breach)
    session.flush()
    _record(session, "breach-opened", breach, account, now)
    return breach


def tell_authority(session: Session, *, account: Account, breach: Breach, now: datetime) -> None:
    """Record that the authority was told now. Raises NotAllowed, and Conflict for a second time."""
    must_administer(account)
    if breach.told_at is not None:
        raise Conflict(N_("That the authority was told is recorded already."))
    breach.told_at = now
    _record(session, "breach-told", breach, account, now)


def close_breach(session: Session, *, account: Account, breach: Breach, conclusion: str, now: datetime) -> None:
    """End it with what was found and done. Raises NotAllowed, Refused without words, Conflict for a closed one."""
    must_administer(account)
    if breach.closed_at is not None:
        raise Conflict(N_("This was closed before."))
    if not conclusion.strip():
        message = N_("Write what was found and what was done.")
        raise Refused([Problem(code="missing", where="conclusion", message=message)])
    breach.closed_at, breach.conclusion = now, conclusion.strip()
    _record(session, "breach-closed", breach, account, now)


def _record(session: Session, action: str, breach: Breach, account: Account, now: datetime) -> None:
    record_event(
        session, action=action, subject="breach", subject_id=breach.id, actor_id=account.id, now=now
    )  # fmt: skip
