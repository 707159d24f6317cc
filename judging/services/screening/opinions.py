"""Hearing one person in the two-person check of a dossier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from judging.db.models import Contest, Entry, ScreeningOpinion
from judging.domain.permissions import Actor
from judging.domain.roles import Role
from judging.domain.second_look import Opinion, Outcome, weigh
from judging.errors import N_, Conflict, NotAllowed
from judging.services.audit import record_event
from judging.services.contests.deadlines import intake_settings


def open_opinions(session: Session, *, entry: Entry) -> Sequence[ScreeningOpinion]:
    """What was said in the present round of the check, the first word first."""
    query = (
        select(ScreeningOpinion)
        .where(ScreeningOpinion.entry_id == entry.id, ScreeningOpinion.closed_at.is_(None))
        .options(joinedload(ScreeningOpinion.by))
        .order_by(ScreeningOpinion.at, ScreeningOpinion.id)
    )
    return session.scalars(query).all()


def hear_opinion(
    session: Session, *, contest: Contest, entry: Entry, verdict: str, reason: str, actor: Actor, now: datetime
) -> ScreeningOpinion | None:
    """Keep the word when it needs a second person; None when it decides. The entry is locked by the caller.

    Raises Conflict for a second word of the same person, NotAllowed where only the organiser may settle.
    """
    said = open_opinions(session, entry=entry)
    word = Opinion(by=str(actor.account_id), verdict=verdict)
    outcome = weigh(
        [Opinion(by=one.by_id, verdict=one.verdict) for one in said], word, organiser=actor.has(Role.ORGANISER),
        two_persons=intake_settings(session, contest).two_persons,
    )  # fmt: skip
    if outcome is Outcome.OWN:
        raise Conflict(N_("You have said this of the dossier already: another person confirms it."))
    if outcome is Outcome.ORGANISERS:
        raise NotAllowed(N_("Two persons differ about this dossier: the organiser decides."))
    if outcome is Outcome.DECIDES:
        return None
    opinion = ScreeningOpinion(entry_id=entry.id, verdict=verdict, reason=reason.strip(), by_id=word.by, at=now)
    session.add(opinion)
    session.flush()
    record_event(
        session, action="entry-opinion", subject="entry", subject_id=entry.id, actor_id=actor.account_id,
        contest_id=contest.id, now=now,
        details={"verdict": verdict, "reason": reason.strip(), "disputed": outcome is Outcome.DISPUTED},
    )  # fmt: skip
    return opinion


def close_opinions(session: Session, *, entry: Entry, now: datetime) -> None:
    """End the round of the check: the dossier is decided, or back with its authors."""
    session.execute(
        update(ScreeningOpinion)
        .where(ScreeningOpinion.entry_id == entry.id, ScreeningOpinion.closed_at.is_(None))
        .values(closed_at=now)
    )
