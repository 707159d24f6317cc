"""The thirty days: a child's draft to which no guardian agreed is erased, after a letter a week before.

The clock runs from the moment at which a guardian was first asked. The look at it is a job a day that plans the next
one for as long as anything waits.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import func, select

from judging.db.jobs import enqueue_once
from judging.db.models import Entry, PeopleLink
from judging.domain.country import GivenBy
from judging.domain.entry_states import EntryState
from judging.domain.message_kinds import ERASURE_AHEAD
from judging.errors import N_
from judging.services.contests.editions import contest_rules
from judging.services.entries.people.roles import LinkRole
from judging.services.entries.people.standing import member_states
from judging.services.entries.people.terms import terms_of
from judging.services.letters import send_letter
from judging.services.privacy.erasure.erasing import erase_unconsented

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.plugins import Registry

CONSENT_JOB = "look-for-missing-consents"
ERASED_AFTER = timedelta(days=30)
TOLD_BEFORE = timedelta(days=7)
_NIGHT = time(19, tzinfo=UTC)  # two in the morning in Vietnam


def plan_next_look(session: Session, *, now: datetime) -> None:
    """Have the drafts looked at in the coming night; planned once, however often it is asked for."""
    due = datetime.combine(now.astimezone(UTC).date(), _NIGHT)
    due += timedelta(days=1) if due <= now else timedelta(0)
    job_id = str(uuid5(NAMESPACE_URL, f"judging:{CONSENT_JOB}:{due.isoformat()}"))
    enqueue_once(session, job_id=job_id, name=CONSENT_JOB, payload={}, now=now, run_after=due)


def look_for_missing_consents(database: Database, *, registry: Registry, now: datetime) -> int:
    """Tell of drafts that will be erased in a week, erase those whose time is up, and plan the next look.

    Each draft is its own unit of work, so that one that fails keeps no other from its day. Run again it does nothing
    more. Returns how many were erased.
    """
    with database.writing() as session:
        waiting = _waiting(session)
        if waiting:
            plan_next_look(session, now=now)
    erased = 0
    for entry_id, asked_at in waiting:
        if now < asked_at + ERASED_AFTER - TOLD_BEFORE:
            continue
        with database.writing() as session:
            entry = session.get_one(Entry, entry_id)
            erased += _act(session, registry, entry, now)
    return erased


def _waiting(session: Session) -> Sequence[tuple[str, datetime]]:
    """Every draft for which a guardian was asked, with the moment of the first question."""
    query = (
        select(PeopleLink.entry_id, func.min(PeopleLink.asked_at))
        .join(Entry, Entry.id == PeopleLink.entry_id)
        .where(
            PeopleLink.role == LinkRole.GUARDIAN.value, Entry.state == EntryState.DRAFT.value, Entry.erased_at.is_(None)
        )
        .group_by(PeopleLink.entry_id)
        .order_by(func.min(PeopleLink.asked_at))
    )
    return [(entry_id, asked_at) for entry_id, asked_at in session.execute(query)]


def _act(session: Session, registry: Registry, entry: Entry, now: datetime) -> int:
    session.refresh(entry, ["state", "version", "erased_at"], with_for_update=True)
    links = _unanswered(session, registry, entry, now)
    if entry.state != EntryState.DRAFT.value or entry.erased_at is not None or not links:
        return 0
    # The clock of a draft is that of its oldest question that is still without a yes.
    due = min(link.asked_at for link in links) + ERASED_AFTER
    if now < due - TOLD_BEFORE:
        return 0
    told = [link.reminded_at for link in links if link.reminded_at is not None]
    if not told:
        for link in links:
            link.reminded_at = now
        _tell_owner(session, entry, max(due, now + TOLD_BEFORE), now)
    elif now >= due and now.date() >= min(told).date() + TOLD_BEFORE:
        erase_unconsented(session, entry=entry, now=now)
        return 1
    return 0


def _tell_owner(session: Session, entry: Entry, due: datetime, now: datetime) -> None:
    send_letter(
        session,
        to=entry.owner,
        subject=N_("A draft will be erased on %(day)s"),
        text=N_(
            "For your draft “%(title)s” no father, mother or guardian has agreed yet.\n\n"
            "Without that agreement nothing may be kept about a child: the draft is erased after %(day)s, and your "
            "account with it if it has nothing else. To prevent this, send the link again or hand out the paper form, "
            "on the page of the entry under “Consents”.\n"
        ),
        params={"title": entry.title or "…", "day": f"{due:%Y-%m-%d}"},
        now=now,
        about=entry,
        kind=ERASURE_AHEAD,
    )


def _unanswered(session: Session, registry: Registry, entry: Entry, now: datetime) -> list[PeopleLink]:
    """The questions to guardians of those children for whom no guardian agrees."""
    terms = terms_of(session, contest=entry.contest, rules=contest_rules(registry, entry.contest))
    states = member_states(session, entry=entry, terms=terms, on=now.date())
    return [
        link
        for state in states
        if GivenBy.GUARDIAN in state.lacking
        for link in state.member.links
        if link.role == LinkRole.GUARDIAN
    ]
