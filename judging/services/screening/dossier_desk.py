"""What is kept while a dossier is looked at: who has it in hand, and which points of the checklist were ticked."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from judging.db.models import Account, Contest, DossierHold, DossierTick, Entry, EntryMember
from judging.domain.addresses import email_key
from judging.domain.permissions import Actor

HOLD = timedelta(minutes=15)


def hold_of(session: Session, *, entry: Entry, now: datetime) -> DossierHold | None:
    """Who has the dossier in hand now, or None."""
    query = select(DossierHold).where(DossierHold.entry_id == entry.id, DossierHold.until > now)
    return session.scalars(query.options(joinedload(DossierHold.by))).first()


def take_dossier(session: Session, *, entry: Entry, actor: Actor, now: datetime) -> DossierHold:
    """Take the dossier in hand for a quarter of an hour, from somebody else too: it is a sign, not a lock."""
    held = session.get(DossierHold, entry.id)
    if held is None:
        held = DossierHold(entry_id=entry.id, by_id=str(actor.account_id), until=now + HOLD)
        session.add(held)
    else:
        held.by_id, held.until = str(actor.account_id), now + HOLD
    session.flush()
    return held


def release_dossier(session: Session, *, entry: Entry) -> None:
    """Lay the dossier down."""
    session.execute(delete(DossierHold).where(DossierHold.entry_id == entry.id))


def tick_key(point: str) -> str:
    """The key under which a point of the checklist is kept: a changed sentence is another point."""
    return hashlib.sha256(point.encode()).hexdigest()


def ticks_of(session: Session, *, entry: Entry) -> Mapping[str, DossierTick]:
    """The ticked points by key, with who ticked them."""
    query = select(DossierTick).where(DossierTick.entry_id == entry.id).options(joinedload(DossierTick.by))
    return {tick.key: tick for tick in session.scalars(query)}


def tick_points(
    session: Session, *, entry: Entry, points: Sequence[str], ticked: Collection[str], actor: Actor, now: datetime
) -> None:
    """Keep which of the checklist's `points` are ticked; a tick that stands keeps who made it and when."""
    held = ticks_of(session, entry=entry)
    for key in map(tick_key, points):
        if key in ticked and key not in held:
            session.add(DossierTick(entry_id=entry.id, key=key, by_id=str(actor.account_id), at=now))
        elif key not in ticked and key in held:
            session.delete(held[key])
    session.flush()


def is_party(session: Session, *, entry: Entry, actor: Actor) -> bool:
    """Whether the actor made the entry or stands among its people: such a person never screens it."""
    if entry.owner_id == actor.account_id:
        return True
    own = session.scalar(select(Account.email_key).where(Account.id == actor.account_id))
    emails = session.scalars(select(EntryMember.email).where(EntryMember.entry_id == entry.id, EntryMember.email != ""))
    return own is not None and own in {email_key(email) for email in emails}


def list_holds(session: Session, contest: Contest, *, now: datetime) -> Mapping[str, DossierHold]:
    """Who has which dossier of the contest in hand now, by entry."""
    query = (
        select(DossierHold)
        .join(Entry, Entry.id == DossierHold.entry_id)
        .where(Entry.contest_id == contest.id, DossierHold.until > now)
        .options(joinedload(DossierHold.by))
    )
    return {held.entry_id: held for held in session.scalars(query)}
