"""Moving the deadline to later in one act: for everybody, or for all who had a draft open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from judging.db.models import Account, Contest, DeadlineExtension, Entry, ExtendedEntry
from judging.domain.lifecycle import ContestPhase, EntryState
from judging.domain.message_kinds import DEADLINE_EXTENDED
from judging.domain.permissions import Actor, can_configure
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.contests.dates import check_dates, dates_of
from judging.services.letters import send_letter
from judging.services.messages.texts import contest_title
from judging.services.score_log.acts import record_extensions
from judging.services.score_log.opening import ensure_log

EXTENDABLE = frozenset({ContestPhase.OPEN, ContestPhase.CLOSED})
LETTER_SUBJECT = N_("More time for your entry: %(contest)s")
LETTER_TEXT = N_(
    "Dear %(name)s,\n\nthe deadline of “%(contest)s” is later for you: your draft can be handed in until %(until)s.\n\n"
    "%(note)s\n"
)
_WHOLE, _DRAFTS = "closes_at", "closes_at-open-drafts"


def open_drafts(session: Session, *, contest: Contest) -> Sequence[Entry]:
    """The entries that are drafts now, with whom they belong to, by number."""
    query = (
        select(Entry)
        .where(Entry.contest_id == contest.id, Entry.state == EntryState.DRAFT)
        .options(joinedload(Entry.owner))
        .order_by(Entry.number)
    )
    return session.scalars(query).all()


def list_extensions(session: Session, *, contest: Contest) -> Sequence[DeadlineExtension]:
    """The extensions of the contest, the newest first."""
    query = select(DeadlineExtension).where(DeadlineExtension.contest_id == contest.id)
    return session.scalars(query.order_by(DeadlineExtension.at.desc(), DeadlineExtension.id.desc())).all()


def check_extension(
    contest: Contest, *, actor: Actor, until: datetime, reason: str, note: str, now: datetime
) -> tuple[Problem, ...]:
    """Everything against the extension. Raises NotAllowed when the actor may not extend, or nobody can any more."""
    phase = ContestPhase(contest.phase)
    if not can_configure(actor, phase=phase):
        raise NotAllowed(N_("Only the organiser changes the settings of a contest, and not after its end."))
    problems: list[Problem] = []
    if phase not in EXTENDABLE or contest.closes_at is None:
        message = N_("A deadline is extended while the contest is open or closed, before screening begins.")
        problems.append(Problem(code="phase", where="until", message=message))
    elif until <= contest.closes_at:
        message = N_("The new deadline must come after the present one: nobody's time is cut short.")
        problems.append(Problem(code="shorter", where="until", message=message))
    if until <= now:
        message = N_("The new deadline must still be to come.")
        problems.append(Problem(code="date-past", where="until", message=message))
    problems += check_dates(replace(dates_of(contest), closes_at=until))
    if not reason.strip():
        problems.append(
            Problem(code="missing", where="reason", message=N_("Write the reason: it stays in the record."))
        )
    if not note.strip():
        problems.append(Problem(code="missing", where="note", message=N_("Write the note: everybody reads it.")))
    return tuple(problems)


def extend_deadline(
    session: Session,
    *,
    contest: Contest,
    actor: Actor,
    until: datetime,
    whole: bool,
    reason: str,
    note: str,
    now: datetime,
) -> tuple[DeadlineExtension, Sequence[Entry]]:
    """Extend, tell everybody concerned, and return the extension with the entries it concerns.

    `whole` moves the contest's deadline; otherwise only entries that are drafts now get longer. Once entries are
    closed, drafts alone can still be handed in either way. Raises NotAllowed, and Refused naming what is wrong.
    """
    session.refresh(contest, with_for_update={"of": Contest})
    problems = check_extension(contest, actor=actor, until=until, reason=reason, note=note, now=now)
    if problems:
        raise Refused(problems)
    drafts = open_drafts(session, contest=contest)
    if not whole and not drafts:
        message = N_("Nobody has a draft open: there is nothing to extend.")
        raise Refused([Problem(code="nobody", where="whole", message=message)])
    made = _record(session, contest, drafts, actor=actor, until=until, whole=whole, reason=reason, note=note, now=now)
    for owner in {entry.owner_id: entry.owner for entry in drafts}.values():
        params = letter_params(contest, owner, until=until, note=note)
        send_letter(
            session, to=owner, subject=LETTER_SUBJECT, text=LETTER_TEXT, params=params, now=now, about=contest,
            kind=DEADLINE_EXTENDED, key=f"{made.id}:{owner.id}",
        )  # fmt: skip
    return made, drafts


def letter_params(contest: Contest, owner: Account, *, until: datetime, note: str) -> dict[str, str]:
    """What fills the letter to one person: the moment in the contest's zone with its offset."""
    title = contest_title(contest, owner.locale)
    local = until.astimezone(ZoneInfo(contest.zone))
    moment = f"{local:%H:%M, %d/%m/%Y} (UTC{local:%z})"
    return {"name": owner.name, "contest": title, "until": moment, "note": note.strip()}


def _record(
    session: Session,
    contest: Contest,
    drafts: Sequence[Entry],
    *,
    actor: Actor,
    until: datetime,
    whole: bool,
    reason: str,
    note: str,
    now: datetime,
) -> DeadlineExtension:
    ensure_log(session, contest, now=now)
    old = contest.closes_at
    if old is None:
        raise Refused([Problem(code="phase", where="until", message=N_("The deadline is not set."))])
    made = DeadlineExtension(
        contest_id=contest.id, old_at=old, new_at=until, whole=whole, reason=reason.strip(), note=note.strip(),
        by_id=str(actor.account_id), at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    if whole:
        contest.closes_at = until
    if not whole or ContestPhase(contest.phase) is not ContestPhase.OPEN:
        session.add_all(ExtendedEntry(extension_id=made.id, entry_id=entry.id, until=until) for entry in drafts)
    session.flush()
    moved = {_WHOLE if whole else _DRAFTS: (old.isoformat(), until.isoformat())}
    record_extensions(session, contest=contest, by_id=actor.account_id, now=now, moved=moved)
    record_event(
        session, action="deadline-extended", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now,
        details={
            "from": old.isoformat(), "to": until.isoformat(), "whole": whole, "count": len(drafts),
            "reason": reason.strip(), "note": note.strip(),
        },
    )  # fmt: skip
    return made
