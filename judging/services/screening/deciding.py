"""The secretariat's check of a dossier: eligible, returned to complete, or rejected; always told to the contestant."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from judging.db.models import Entry, ReturnTerm, Screening, ScreeningOpinion
from judging.domain.lifecycle import ENTRY_LABELS, ENTRY_MOVES, ContestPhase, EntryState, find_move, may_move
from judging.domain.message_kinds import find_kind
from judging.domain.permissions import can_decide_late, can_screen
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.letters import send_letter
from judging.services.messages.texts import contest_title
from judging.services.rounds.entries import entry_code
from judging.services.screening.dossier_desk import is_party, release_dossier
from judging.services.screening.opinions import close_opinions, hear_opinion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.moves import Move
    from judging.domain.permissions import Actor
    from judging.plugins import Registry


class DecisionLetter(NamedTuple):
    """A letter before it is filled: msgids, and what fills them."""

    kind: str
    subject: str
    text: str
    params: Mapping[str, str]


class Verdict(StrEnum):
    """What the secretariat decides; `admitted` lets a late entry in, by a named decision."""

    ELIGIBLE = "eligible"
    RETURNED = "returned"
    REJECTED = "rejected"
    ADMITTED = "admitted"


_TARGETS: Mapping[Verdict, EntryState] = {
    Verdict.ELIGIBLE: EntryState.ELIGIBLE,
    Verdict.RETURNED: EntryState.RETURNED,
    Verdict.REJECTED: EntryState.INELIGIBLE,
    Verdict.ADMITTED: EntryState.SUBMITTED,
}


_RETURNED_UNTIL = N_(
    "Dear %(name)s,\n\nthe office has checked the dossier of “%(title)s” (%(code)s) and gives it back to you "
    "to complete:\n\n%(reason)s\n\nCorrect it and submit it again until %(until)s.\n\n%(contest)s"
)


def screen_entry(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    entry: Entry,
    verdict: Verdict,
    reason: str,
    actor: Actor,
    now: datetime,
    until: datetime | None = None,
    items: Sequence[Mapping[str, str]] = (),
) -> Screening | ScreeningOpinion:
    """Decide on a dossier and tell its owner. `reason` may lack only for `eligible`, unless that undoes a rejection.

    Where two persons check, the first one's word waits: it is returned, changes no state and tells nobody. A return may
    have a date `until` which it may come back, and `items` to be mended: `where` in the entry, and a `text`. Raises
    NotAllowed, Conflict when the entry is in no state for it, and Refused naming `reason` or `until`.
    """
    rules = rules_in_force(registry, contest)
    session.refresh(entry, ["state", "version"], with_for_update=True)
    _check_rights(session, actor, contest, entry, verdict)
    target = _TARGETS[verdict]
    move = _move(entry, verdict)
    if move is None or entry.contest_id != contest.id:
        raise Conflict(
            N_("%(code)s is not waiting for this decision: %(state)s."),
            code=entry_code(rules, entry.number), state=ENTRY_LABELS[EntryState(entry.state)],
        )  # fmt: skip
    if not may_move(move, actor.roles):
        raise NotAllowed(N_("This decision is the organiser's."))
    if move.needs_reason and not reason.strip():
        raise Refused(
            [Problem(code="missing", where="reason", message=N_("Write the reason: the contestant reads it."))]
        )
    if until is not None and until <= now:
        message = N_("The date for completing the dossier must still be to come.")
        raise Refused([Problem(code="date-past", where="until", message=message)])
    opinion = hear_opinion(
        session, contest=contest, entry=entry, verdict=verdict.value, reason=reason, actor=actor, now=now
    )
    if opinion is not None:
        release_dossier(session, entry=entry)
        return opinion
    screening = Screening(
        entry_id=entry.id, verdict=verdict.value, reason=reason.strip(), by_id=str(actor.account_id), at=now
    )
    session.add(screening)
    if verdict is Verdict.RETURNED and until is not None:
        session.flush()
        told = [dict(item) for item in items]
        session.add(ReturnTerm(screening_id=screening.id, entry_id=entry.id, until=until, items=told))
    close_opinions(session, entry=entry, now=now)
    release_dossier(session, entry=entry)
    before, entry.state, entry.changed_at = entry.state, target.value, now
    record_event(
        session, action=f"entry-{verdict}", subject="entry", subject_id=entry.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"from": before, "to": target.value, "reason": reason.strip()}, now=now,
    )  # fmt: skip
    letter = decision_letter(
        contest, entry, verdict=verdict, reason=screening.reason, code=entry_code(rules, entry.number), until=until
    )
    send_letter(session, to=entry.owner, about=entry, key=screening.id, now=now, **letter._asdict())
    return screening


def verdicts_for(contest: Contest, entry: Entry, actor: Actor) -> tuple[Verdict, ...]:
    """The decisions that the actor may take on the entry as it stands."""
    if entry.owner_id == actor.account_id:
        return ()
    allowed = []
    for verdict in Verdict:
        move = _move(entry, verdict)
        if move is not None and may_move(move, actor.roles) and _may_decide(actor, contest, verdict):
            allowed.append(verdict)
    return tuple(allowed)


def _move(entry: Entry, verdict: Verdict) -> Move[EntryState] | None:
    state = EntryState(entry.state)
    # A returned entry is handed in again by its authors; only a late one is admitted by a decision.
    if verdict is Verdict.ADMITTED and state is not EntryState.LATE:
        return None
    return find_move(ENTRY_MOVES, state, _TARGETS[verdict])


def check_screener(session: Session, *, actor: Actor, contest: Contest, entry: Entry) -> None:
    """Raises NotAllowed when the actor screens nothing in this phase of the contest, or is a party to the entry."""
    if not can_screen(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Dossiers are screened by the secretary and the organiser, until judging begins."))
    if is_party(session, entry=entry, actor=actor):
        raise NotAllowed(N_("You cannot decide on your own entry."))


def _may_decide(actor: Actor, contest: Contest, verdict: Verdict) -> bool:
    if verdict is Verdict.ADMITTED and not can_decide_late(actor):
        return False
    return can_screen(actor, phase=ContestPhase(contest.phase))


def _check_rights(session: Session, actor: Actor, contest: Contest, entry: Entry, verdict: Verdict) -> None:
    if not _may_decide(actor, contest, verdict):
        raise NotAllowed(N_("Dossiers are screened by the secretary and the organiser, until judging begins."))
    check_screener(session, actor=actor, contest=contest, entry=entry)


def decision_letter(
    contest: Contest, entry: Entry, *, verdict: Verdict, reason: str, code: str, until: datetime | None
) -> DecisionLetter:
    """What the owner of the entry is told of a decision, in their language."""
    kind, owner = find_kind(verdict.value), entry.owner
    told = f"{until.astimezone(ZoneInfo(contest.zone)):%H:%M, %d/%m/%Y (UTC%z)}" if until is not None else ""
    params = {
        "name": owner.name, "title": entry.title, "code": code, "reason": reason.strip(),
        "contest": contest_title(contest, owner.locale),
    }  # fmt: skip
    if verdict is Verdict.RETURNED:
        params["until"] = told
    dated = verdict is Verdict.RETURNED and until is not None
    return DecisionLetter(
        kind=kind.key, subject=kind.subject, text=_RETURNED_UNTIL if dated else kind.text, params=params
    )
