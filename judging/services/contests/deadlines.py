"""Which deadline holds for an entry: the contest's, its written grace, and extensions of the entry's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Contest, Entry, ExtendedEntry, IntakeSettings, ReturnTerm
from judging.db.queries.return_terms import standing_term
from judging.domain.deadline import is_in_time, may_finish_upload
from judging.domain.lifecycle import ContestPhase

_DEFAULTS = IntakeSettings(grace_minutes=0, two_persons=False, return_days=7, checklist=[], reasons=[])


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDeadline:
    """The deadline of one entry. `own` says that an extension gave it; `closed_at` when entries were closed by hand."""

    at: datetime | None
    grace: timedelta
    own: bool = False
    closed_at: datetime | None = None

    def is_in_time(self, received: datetime) -> bool:
        """Whether a submission received then is in time."""
        return is_in_time(received, self.at, self.grace, closed_at=self.closed_at)

    def may_finish_upload(self, begun_at: datetime, received: datetime) -> bool:
        """Whether a part of an upload begun then may still be taken."""
        return may_finish_upload(begun_at, received, self.at, self.grace)


def intake_settings(session: Session, contest: Contest) -> IntakeSettings:
    """What is set for taking and screening entries; the defaults, which must not be changed, where nothing is."""
    return session.get(IntakeSettings, contest.id) or _DEFAULTS


def grace_of(session: Session, contest: Contest) -> timedelta:
    """The written grace of the contest."""
    return timedelta(minutes=intake_settings(session, contest).grace_minutes)


def entry_deadline(session: Session, entry: Entry, *, contest: Contest | None = None) -> EntryDeadline:
    """The deadline that holds for the entry; the later of the contest's and an extension of its own."""
    held = contest or entry.contest
    own = own_extension(session, entry)
    grace = grace_of(session, held)
    if own is not None and (held.closes_at is None or own > held.closes_at):
        return EntryDeadline(at=own, grace=grace, own=True)
    return EntryDeadline(at=held.closes_at, grace=grace, closed_at=_closed_at(session, held))


def own_extension(session: Session, entry: Entry) -> datetime | None:
    """Until when the entry was given longer than others, or None."""
    return session.scalar(select(func.max(ExtendedEntry.until)).where(ExtendedEntry.entry_id == entry.id))


def return_term(session: Session, entry: Entry) -> ReturnTerm | None:
    """Until when the dossier, now returned, may come back and what is asked; None when no date was set."""
    return standing_term(session, entry)


def _closed_at(session: Session, contest: Contest) -> datetime | None:
    """When the contest was closed for entries by hand or by a job; None while it is open."""
    if ContestPhase(contest.phase) is ContestPhase.OPEN:
        return None
    query = select(AuditEvent.at, AuditEvent.details).where(
        AuditEvent.contest_id == contest.id, AuditEvent.action == "phase-changed"
    )
    steps = session.execute(query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc())).all()
    closed = next((at for at, details in steps if details.get("from") == ContestPhase.OPEN), None)
    # Without a record of the step nothing says until when it was open, so that everything new is late.
    return closed or datetime.min.replace(tzinfo=UTC)
