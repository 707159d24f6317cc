"""How the office of a contest is reached, and where and when physical items are handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from judging.db.models import Contest, OfficeDesk
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Actor, can_configure
from judging.errors import N_, NotAllowed
from judging.services.audit import record_event
from judging.services.entries.answers import clean_text

_LONGEST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What everybody may know of the office; empty where nobody has said it."""

    contact: str = ""
    place: str = ""
    hours: str = ""


def find_desk(session: Session, *, contest: Contest) -> Desk:
    """The office of the contest."""
    row = session.get(OfficeDesk, contest.id)
    return Desk() if row is None else Desk(contact=row.contact, place=row.place, hours=row.hours)


def save_desk(session: Session, *, contest: Contest, desk: Desk, actor: Actor, now: datetime) -> None:
    """Say how the office is reached and where things are handed in. Raises NotAllowed."""
    if not can_configure(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Only an organiser of the contest may change this."))
    row = session.get(OfficeDesk, contest.id)
    if row is None:
        row = OfficeDesk(contest_id=contest.id)
        session.add(row)
    row.contact, row.place, row.hours = (
        clean_text(text)[:_LONGEST] for text in (desk.contact, desk.place, desk.hours)
    )  # fmt: skip
    session.flush()
    record_event(
        session, action="office-described", subject="contest", subject_id=contest.id, actor_id=actor.account_id,
        contest_id=contest.id, now=now, details={},
    )  # fmt: skip
