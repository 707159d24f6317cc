"""What would go when: for the office of a contest, and for whoever runs the installation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, true

from judging.db.models import AuditEvent, ConsentTrace, DataRead, SentMessage
from judging.domain.retention import Kept, goes_at, is_over, over_before
from judging.services.privacy.retention.due import FilesDue, ended_contests, files_due, idle_accounts
from judging.services.privacy.retention.holds import what_is_held
from judging.services.privacy.retention.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassDue:
    """Of a class that belongs to no contest: how many are kept, how many are over, and when the next one goes."""

    kept: Kept
    count: int
    over: int
    next_at: datetime | None


def contest_files_due(session: Session, contest: Contest, *, now: datetime) -> list[FilesDue]:
    """When the files of one contest go."""
    return files_due(session, contest, terms_of(session, contest), what_is_held(session, now=now))


def all_files_due(session: Session, *, now: datetime) -> list[FilesDue]:
    """When the files of every contest that is over go, those that go first before the others."""
    held = what_is_held(session, now=now)
    found = [one for contest, terms in ended_contests(session) for one in files_due(session, contest, terms, held)]
    return sorted(found, key=lambda one: (one.at, one.contest.slug, one.kept))


def classes_due(session: Session, *, now: datetime) -> Sequence[ClassDue]:
    """Idle accounts, logs, letters and proofs of consent."""
    used = list(idle_accounts(session, what_is_held(session, now=now)).values())
    idle = ClassDue(
        kept=Kept.IDLE_ACCOUNTS, count=len(used),
        over=sum(is_over(Kept.IDLE_ACCOUNTS, one, now=now) for one in used),
        next_at=goes_at(Kept.IDLE_ACCOUNTS, min(used)) if used else None,
    )  # fmt: skip
    logs = (
        (Kept.ACCESS_LOG, DataRead.at, true()), (Kept.LETTERS, SentMessage.created_at, SentMessage.text != ""),
        (Kept.AUDIT_LOG, AuditEvent.at, true()), (Kept.CONSENT_PROOFS, ConsentTrace.data_gone_at, true()),
    )  # fmt: skip
    found = [idle]
    for kept, column, there in logs:
        count = session.scalar(select(func.count()).select_from(column.class_).where(there)) or 0
        oldest = session.scalar(select(column).where(there).order_by(column).limit(1))
        over = session.scalar(select(func.count()).where(column < over_before(kept, now), there)) or 0
        found.append(
            ClassDue(kept=kept, count=count, over=over, next_at=None if oldest is None else goes_at(kept, oldest))
        )
    return found


def due_now(session: Session, *, now: datetime) -> Mapping[Kept, int]:
    """How many of each class would go if the deletion ran now; of files only those that nobody holds."""
    found: Counter[Kept] = Counter(dict.fromkeys(Kept, 0))
    for one in all_files_due(session, now=now):
        if one.at <= now:
            found[one.kept] += one.entries - one.held
    for due in classes_due(session, now=now):
        found[due.kept] += due.over
    return dict(found)
