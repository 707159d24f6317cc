"""What is due to go: the same questions for the preview and for the deletion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from judging.db.models import (
    Account,
    ApiToken,
    AuditEvent,
    Contest,
    ContestRole,
    Entry,
    EntryFile,
    Judge,
    LoginSession,
    OrganisationRole,
    RetentionTerms,
)
from judging.domain.addresses import ERASED_DOMAIN
from judging.domain.lifecycle import ContestPhase, EntryState
from judging.domain.retention import Kept, Terms, files_of, goes_at
from judging.services.privacy.retention.terms import read_terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ScalarSelect
    from sqlalchemy.orm import Session

    from judging.services.privacy.retention.holds import Held

OVER = (ContestPhase.PUBLISHED.value, ContestPhase.ARCHIVED.value, ContestPhase.CANCELLED.value)
_ROLES = (ContestRole, OrganisationRole, Judge)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesDue:
    """The files of one class of one contest: how many, of how many entries and bytes, and when they go.

    `held` entries stay beyond that moment.
    """

    contest: Contest
    kept: Kept
    at: datetime
    entries: int
    held: int
    files: int
    size: int


def clock_of(session: Session, contest: Contest) -> datetime | None:
    """From when the contest's files are counted: its publication, or the cancelling of one that had none."""
    if contest.published_at is not None:
        return contest.published_at if contest.phase in OVER else None
    if contest.phase not in (ContestPhase.CANCELLED, ContestPhase.ARCHIVED):
        return None
    return session.scalar(
        select(func.max(AuditEvent.at)).where(
            AuditEvent.contest_id == contest.id, AuditEvent.action == "phase-changed"
        )
    )  # fmt: skip


def ended_contests(session: Session) -> Sequence[tuple[Contest, Terms]]:
    """The contests whose clock may run, with their terms."""
    query = select(Contest).where(Contest.phase.in_(OVER)).order_by(Contest.published_at, Contest.id)
    set_by = {row.contest_id: read_terms(row) for row in session.scalars(select(RetentionTerms))}
    return [(contest, set_by.get(contest.id, Terms())) for contest in session.scalars(query)]


def files_due(session: Session, contest: Contest, terms: Terms, held: Held) -> list[FilesDue]:
    """When the files of the contest go, by class; what has no files left is not told."""
    since = clock_of(session, contest)
    if since is None:
        return []
    query = (
        select(Entry.id, Entry.state, func.count(), func.coalesce(func.sum(EntryFile.size), 0))
        .join(EntryFile, EntryFile.entry_id == Entry.id)
        .where(Entry.contest_id == contest.id)
        .group_by(Entry.id, Entry.state)
    )
    found: dict[Kept, list[tuple[str, int, int]]] = {}
    for entry_id, state, files, size in session.execute(query):
        found.setdefault(files_of(awarded=state == EntryState.AWARDED), []).append((entry_id, files, int(size)))
    return [
        FilesDue(
            contest=contest, kept=kept, at=goes_at(kept, since, terms=terms, zone=contest.zone), entries=len(rows),
            held=sum(contest.id in held.contests or entry_id in held.entries for entry_id, _, _ in rows),
            files=sum(files for _, files, _ in rows), size=sum(size for _, _, size in rows),
        )
        for kept, rows in sorted(found.items())
    ]  # fmt: skip


def entries_with_files(session: Session, contest: Contest, kept: Kept, held: Held) -> Sequence[Entry]:
    """The entries of that class whose files are still here and not held."""
    if contest.id in held.contests:
        return ()
    with_files = select(EntryFile.id).where(EntryFile.entry_id == Entry.id).exists()
    query = select(Entry).where(Entry.contest_id == contest.id, with_files).order_by(Entry.number)
    awarded = kept is Kept.WINNER_FILES
    return [
        entry
        for entry in session.scalars(query)
        if (entry.state == EntryState.AWARDED) == awarded and entry.id not in held.entries
    ]


def idle_accounts(session: Session, held: Held) -> Mapping[Account, datetime]:
    """Accounts that could go, with when each was used last: without any role, and without an entry still under way."""
    query = select(Account, _last(LoginSession), _last(ApiToken)).where(
        Account.is_administrator.is_(False),
        Account.email_key.not_like(f"%@{ERASED_DOMAIN}"),
        *(~select(model.id).where(model.account_id == Account.id).exists() for model in _ROLES),
        ~select(Entry.id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.owner_id == Account.id, Contest.phase.not_in(OVER))
        .exists(),
    )
    return {
        account: max(filter(None, (account.created_at, seen, used)))
        for account, seen, used in session.execute(query.order_by(Account.id))
        if account.id not in held.owners
    }


def _last(model: type[LoginSession | ApiToken]) -> ScalarSelect[datetime | None]:
    newest = select(func.max(model.seen_at)).where(model.account_id == Account.id)
    return newest.correlate(Account).scalar_subquery()
