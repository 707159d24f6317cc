"""The list of eligible entries, confirmed by name: versions that are never changed, each with its hash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from judging.db.models import Contest, EligibleList, Entry, Receipt
from judging.domain.lifecycle import EntryState
from judging.domain.permissions import Actor
from judging.domain.roles import Role
from judging.domain.structure import digest
from judging.errors import N_, Conflict, NotAllowed
from judging.services.audit import record_event

# Judging takes nothing off the list; only a decision against the entry does.
ON_THE_LIST = (
    EntryState.ELIGIBLE, EntryState.IN_ROUND, EntryState.ADVANCED, EntryState.ELIMINATED, EntryState.AWARDED,
    EntryState.NOT_AWARDED,
)  # fmt: skip


def eligible_entries(session: Session, *, contest: Contest) -> Sequence[Entry]:
    """The entries found eligible, by number."""
    query = select(Entry).where(Entry.contest_id == contest.id, Entry.state.in_([state.value for state in ON_THE_LIST]))
    return session.scalars(query.order_by(Entry.number)).all()


def list_content(session: Session, *, contest: Contest) -> dict[str, Any]:
    """What is signed: each entry by number and alias, its category, and the hash of what was handed in last."""
    newest = select(Receipt.entry_id, func.max(Receipt.at).label("at")).group_by(Receipt.entry_id).subquery()
    receipts = session.execute(
        select(Receipt.entry_id, Receipt.sha256)
        .join(newest, (newest.c.entry_id == Receipt.entry_id) & (newest.c.at == Receipt.at))
        .join(Entry, Entry.id == Receipt.entry_id)
        .where(Entry.contest_id == contest.id)
    )
    hashes: dict[str, str] = {row.entry_id: row.sha256 for row in receipts}
    return {
        "contest": contest.slug,
        "rules": contest.rules_digest,
        "entries": [
            {
                "number": entry.number, "entry": entry.alias, "category": entry.category, "division": entry.division,
                "receipt": hashes.get(entry.id),
            }
            for entry in eligible_entries(session, contest=contest)
        ],
    }  # fmt: skip


def list_versions(session: Session, *, contest: Contest) -> Sequence[EligibleList]:
    """The signed versions with who signed them, the newest first."""
    query = select(EligibleList).where(EligibleList.contest_id == contest.id).options(joinedload(EligibleList.by))
    return session.scalars(query.order_by(EligibleList.version.desc())).all()


def sign_list(session: Session, *, contest: Contest, sha256: str, actor: Actor, now: datetime) -> EligibleList:
    """Confirm the list as it is now, which must be the one that was looked at: `sha256` is its hash.

    Signing the same list again changes nothing. Raises NotAllowed, and Conflict when the list has changed since or is
    empty.
    """
    if not actor.has(Role.SECRETARY, Role.ORGANISER):
        raise NotAllowed(N_("The list is signed by the secretary or the organiser."))
    session.refresh(contest, with_for_update={"of": Contest})
    content = list_content(session, contest=contest)
    found = digest(content)
    if not content["entries"]:
        raise Conflict(N_("No entry is eligible yet: there is nothing to sign."))
    if found != sha256:
        raise Conflict(N_("The list has changed since you looked at it. Look again, then sign."))
    versions = list_versions(session, contest=contest)
    if versions and versions[0].sha256 == found:
        return versions[0]
    number = versions[0].version + 1 if versions else 1
    made = EligibleList(
        contest_id=contest.id, version=number, sha256=found, content=content, by_id=str(actor.account_id), at=now
    )
    session.add(made)
    session.flush()
    record_event(
        session, action="eligible-list-signed", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now,
        details={"version": number, "sha256": found, "count": len(content["entries"])},
    )  # fmt: skip
    return made
