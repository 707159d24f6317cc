"""The audit log: what must be on record is, and every row of evidence has the act that made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from judging.db.models import Account, AuditEvent, Contest, Entry, Publication, Receipt, SheetVersion
from judging.services.upkeep.checks.finding import Finding, look

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_HANDED_IN = ("entry-submitted", "entry-late")


def check_record(session: Session) -> Finding:
    """Each sheet version, receipt and publication has its act in the audit log, and the log names who is known."""
    return look("audit-log", _look_at_record(session))


def _look_at_record(session: Session) -> Iterator[str | None]:
    yield from _sheets(session)
    yield from _receipts(session)
    yield from _publications(session)
    yield from _actors(session)


def _sheets(session: Session) -> Iterator[str | None]:
    recorded = {
        (reading, details.get("version"), details.get("code"))
        for reading, details in session.execute(
            select(AuditEvent.subject_id, AuditEvent.details).where(AuditEvent.action == "sheet-submitted")
        )
    }
    query = select(SheetVersion.assignment_id, SheetVersion.number, SheetVersion.code).execution_options(yield_per=1000)
    for reading, number, code in session.execute(query):
        known = (reading, number, code) in recorded
        recorded.discard((reading, number, code))
        yield (
            None if known else f"reading {reading}, version {number}: the audit log does not know that it was submitted"
        )
    # What was submitted is never deleted, so an act without its sheet tells of a lost one.
    yield from (f"reading {reading}, version {number}: it was submitted and is gone" for reading, number, _ in recorded)


def _receipts(session: Session) -> Iterator[str | None]:
    acts = Counter(session.scalars(select(AuditEvent.subject_id).where(AuditEvent.action.in_(_HANDED_IN))))
    query = select(Entry.id, Entry.alias, func.count()).join(Receipt, Receipt.entry_id == Entry.id)
    for entry_id, alias, count in session.execute(query.group_by(Entry.id, Entry.alias)):
        found = acts[entry_id]
        yield None if found == count else f"entry {alias}: {count} receipts, but the audit log knows of {found}"


def _publications(session: Session) -> Iterator[str | None]:
    recorded = {
        subject_id: details.get("sha256")
        for subject_id, details in session.execute(
            select(AuditEvent.subject_id, AuditEvent.details).where(AuditEvent.action == "results-published")
        )
    }
    living: set[str] = set()
    for publication in session.scalars(select(Publication)):
        if publication.withdrawn_at is None:
            living.add(publication.contest_id)
        known = recorded.get(publication.id) == publication.sha256
        yield None if known else f"publication {publication.id}: the audit log does not know it, or knows another"
    published = session.execute(select(Contest.id, Contest.slug).where(Contest.published_at.is_not(None)))
    yield from (
        f"contest {slug}: it is published, but no publication stands" for id_, slug in published if id_ not in living
    )


def _actors(session: Session) -> Iterator[str | None]:
    for column, model, what in ((AuditEvent.actor_id, Account, "person"), (AuditEvent.contest_id, Contest, "contest")):
        query = (
            select(column, func.count())
            .outerjoin(model, model.id == column)
            .where(column.is_not(None), model.id.is_(None))
            .group_by(column)
        )
        for missing, count in session.execute(query):
            yield f"{count} acts in the audit log are those of a {what} that is gone: {missing}"
