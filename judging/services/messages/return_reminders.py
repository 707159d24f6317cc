"""Reminders before the date until which a returned dossier may be completed: one for each date, to its owner alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from judging.db.jobs import enqueue_once
from judging.db.models import Entry, ReturnTerm, Screening, SentMessage
from judging.db.queries.return_terms import standing_term, terms_before
from judging.domain.lifecycle import ContestPhase, EntryState
from judging.domain.message_kinds import RETURN_REMINDER, find_kind
from judging.domain.quiet_hours import next_moment
from judging.domain.return_dates import LEAD, is_reminder_due
from judging.services.contests.editions import contest_rules
from judging.services.letters import send_letter
from judging.services.links import page_link
from judging.services.messages.reminders import time_left
from judging.services.messages.rules import sending_rules
from judging.services.messages.texts import contest_title
from judging.services.rounds.entries import entry_code
from judging.services.screening.return_terms import RETURNS_TAKEN, date_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.plugins import Registry
    from judging.settings import Settings

RETURN_REMINDER_JOB = "remind-of-return"
# A date that is moved a little makes a reminder due again: whoever was reminded just now is not.
_JUST_NOW = timedelta(hours=24)
_PHASES = sorted(phase.value for phase in RETURNS_TAKEN)


def plan_return_reminders(database: Database, *, now: datetime) -> None:
    """Put down the reminders that are due: by decision and date, so that no two workers do it twice."""
    with database.reading() as session:
        due = [(term.screening_id, term.until.isoformat()) for term in _due_terms(session, now)]
    for screening_id, until in due:
        job_id = str(uuid5(NAMESPACE_URL, f"judging:return:{screening_id}:{until}"))
        _put_down(database, job_id, {"screening": screening_id, "until": until}, now)


def _put_down(database: Database, job_id: str, payload: Mapping[str, object], now: datetime) -> None:
    database.run(
        lambda session: enqueue_once(session, job_id=job_id, name=RETURN_REMINDER_JOB, payload=payload, now=now)
    )


def send_return_reminder(
    database: Database, *, registry: Registry, settings: Settings, screening_id: str, until: str, now: datetime
) -> None:
    """Remind the owner of one returned dossier: the handler of RETURN_REMINDER_JOB.

    Nothing happens once it has come back, was decided on, or has another date.
    """
    with database.writing() as session:
        term = session.get(ReturnTerm, screening_id)
        entry = None if term is None else session.get(Entry, term.entry_id)
        if term is None or entry is None or term.until.isoformat() != until or not _may_come_back(entry, now, term):
            return
        if standing_term(session, entry) is not term:
            return
        kind = find_kind(RETURN_REMINDER)
        send_letter(
            session, to=entry.owner, subject=kind.subject, text=kind.text, about=entry, kind=kind.key, now=now,
            key=_key(term),
            params=return_values(session, registry=registry, settings=settings, entry=entry, term=term, now=now),
        )  # fmt: skip


def return_values(
    session: Session, *, registry: Registry, settings: Settings, entry: Entry, term: ReturnTerm, now: datetime
) -> dict[str, str]:
    """What a reminder about this returned dossier says now, in its owner's language."""
    contest, locale = entry.contest, entry.owner.locale
    return {
        "name": entry.owner.name, "title": entry.title, "contest": contest_title(contest, locale),
        "code": entry_code(contest_rules(registry, contest), entry.number),
        "reason": session.get_one(Screening, term.screening_id).reason, "deadline": date_text(contest, term.until),
        "left": time_left(term.until - now, locale), "link": page_link(settings, f"/entries/{entry.id}"),
    }  # fmt: skip


def _due_terms(session: Session, now: datetime) -> Sequence[ReturnTerm]:
    """The terms whose reminder is due outside quiet hours and was not put down, and none was within a day."""
    near = [
        (term, entry)
        for term, screening, entry in terms_before(session, phases=_PHASES, now=now, last=now + LEAD)
        if is_reminder_due(given_at=screening.at, until=term.until, now=now)
    ]
    told = _told(session, [entry.id for _term, entry in near])
    return [
        term
        for term, entry in near
        if not any(key == f"{RETURN_REMINDER}:{_key(term)}" or at > now - _JUST_NOW for key, at in told[entry.id])
        and not _is_quiet(session, entry, now)
    ]


def _told(session: Session, entry_ids: Sequence[str]) -> dict[str, list[tuple[str, datetime]]]:
    found: dict[str, list[tuple[str, datetime]]] = {entry_id: [] for entry_id in entry_ids}
    query = select(SentMessage.entry_id, SentMessage.key, SentMessage.created_at).where(
        SentMessage.entry_id.in_(entry_ids), SentMessage.kind == RETURN_REMINDER
    )
    for entry_id, key, at in session.execute(query):
        found[str(entry_id)].append((key, at))
    return found


def _is_quiet(session: Session, entry: Entry, now: datetime) -> bool:
    quiet = sending_rules(session, contest_id=entry.contest_id).quiet
    return next_moment(quiet, zone=entry.contest.zone, now=now) != now


def _may_come_back(entry: Entry, now: datetime, term: ReturnTerm) -> bool:
    open_still = ContestPhase(entry.contest.phase) in RETURNS_TAKEN and now < term.until
    return open_still and EntryState(entry.state) is EntryState.RETURNED


def _key(term: ReturnTerm) -> str:
    return f"{term.screening_id}:{term.until.isoformat()}"
