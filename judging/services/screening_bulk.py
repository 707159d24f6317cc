"""One decision on many dossiers: first exactly who is told what and who is left out, then the act."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from judging.db.models import Contest, Entry
from judging.domain.lifecycle import ENTRY_LABELS, EntryState
from judging.domain.permissions import Actor
from judging.errors import N_, Conflict, NotAllowed
from judging.plugins import Registry
from judging.services.opinions import open_opinions
from judging.services.screening import Verdict, screen_entry, verdicts_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An entry that is left out: `why` is an msgid."""

    entry: Entry
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPlan:
    """Whom the decision would touch, by number, and whom it would not."""

    taken: tuple[Entry, ...]
    skipped: tuple[Skipped, ...]


def plan_bulk(
    session: Session, *, contest: Contest, entry_ids: Collection[str], verdict: Verdict, actor: Actor
) -> BulkPlan:
    """Look what the decision would do. Ids of other contests count as unknown and are left out without a word."""
    query = (
        select(Entry)
        .where(Entry.contest_id == contest.id, Entry.id.in_(entry_ids))
        .options(joinedload(Entry.owner))
        .order_by(Entry.number)
    )
    taken, skipped = [], []
    for entry in session.scalars(query):
        why = _why_not(session, contest, entry, verdict, actor)
        if why is None:
            taken.append(entry)
        else:
            skipped.append(Skipped(entry=entry, why=why))
    return BulkPlan(taken=tuple(taken), skipped=tuple(skipped))


def screen_bulk(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    entry_ids: Collection[str],
    verdict: Verdict,
    reason: str,
    actor: Actor,
    now: datetime,
) -> BulkPlan:
    """Decide on all that can be decided, and say which. Asked again, it finds nothing left to do."""
    plan = plan_bulk(session, contest=contest, entry_ids=entry_ids, verdict=verdict, actor=actor)
    taken, skipped = [], list(plan.skipped)
    for entry in plan.taken:
        try:
            with session.begin_nested():
                screen_entry(
                    session, registry=registry, contest=contest, entry=entry, verdict=verdict, reason=reason,
                    actor=actor, now=now,
                )  # fmt: skip
        except (Conflict, NotAllowed) as refused:
            skipped.append(Skipped(entry=entry, why=refused.message))
        else:
            taken.append(entry)
    return BulkPlan(taken=tuple(taken), skipped=tuple(skipped))


def _why_not(session: Session, contest: Contest, entry: Entry, verdict: Verdict, actor: Actor) -> str | None:
    if EntryState(entry.state) is not EntryState.SUBMITTED:
        return ENTRY_LABELS[EntryState(entry.state)]
    if verdict not in verdicts_for(contest, entry, actor):
        return N_("Your own entry: somebody else decides.")
    if any(one.by_id == actor.account_id for one in open_opinions(session, entry=entry)):
        return N_("You have said this of the dossier already: another person confirms it.")
    return None
