"""Whoever writes on the sheet of a booth they have keeps it: each save of the draft prolongs the lease."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from judging.db.models import BoothLease
from judging.domain.leases import prolonged

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Assignment

_LEASE = BoothLease.__table__
# Every save of a draft asks this, in all rounds: a statement made once, over the table.
_STANDING = select(_LEASE.c.id, _LEASE.c.until, _LEASE.c.minutes).where(
    _LEASE.c.assignment_id == bindparam("assignment"), _LEASE.c.ended_at.is_(None)
)


def prolong_lease(session: Session, *, assignment: Assignment, now: datetime) -> None:
    """Let the judge of the reading keep its booth, if they have it still. An expired lease stays so.

    The caller holds the reading. At most once a minute something is written.
    """
    # By the connection: what the caller is about to store is stored once, not before this and again after it.
    found = session.connection().execute(_STANDING, {"assignment": assignment.id}).first()
    if found is None:
        return
    until = prolonged(found.until, minutes=found.minutes, now=now)
    if until != found.until:
        # Whoever ends it at this moment is the later word.
        standing = BoothLease.id == found.id, BoothLease.ended_at.is_(None)
        session.execute(update(BoothLease).where(*standing).values(until=until))
