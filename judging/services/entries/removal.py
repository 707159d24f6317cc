"""Taking an entry out of the contest: withdrawn at its author's request, or disqualified by a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from judging.db.models import Assignment, Entry, Prize
from judging.domain.lifecycle import ENTRY_MOVES, ContestPhase, EntryState, SheetState, find_move, may_move
from judging.domain.message_kinds import find_kind
from judging.domain.permissions import can_remove_entry
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.services.entries.record import record_entry_event
from judging.services.letters import send_letter
from judging.services.messages.texts import contest_title
from judging.services.results.prizes import living_publication
from judging.services.score_log.acts import record_removal
from judging.services.score_log.opening import ensure_log

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.domain.permissions import Actor

_UNFINISHED = (SheetState.ASSIGNED.value, SheetState.DRAFT.value, SheetState.REOPENED.value)
_REMOVALS = (EntryState.WITHDRAWN, EntryState.DISQUALIFIED)
_ACTIONS: Mapping[EntryState, str] = {
    EntryState.WITHDRAWN: "entry-withdrawn",
    EntryState.DISQUALIFIED: "entry-disqualified",
}


def removals_for(entry: Entry, actor: Actor) -> Sequence[EntryState]:
    """The ways in which the actor may take the entry out of the contest now."""
    if not can_remove_entry(actor, phase=ContestPhase(entry.contest.phase)):
        return ()
    moves = {target: find_move(ENTRY_MOVES, EntryState(entry.state), target) for target in _REMOVALS}
    return [target for target, move in moves.items() if move is not None and may_move(move, actor.roles)]


def remove_entry(
    session: Session, *, entry: Entry, target: EntryState, reason: str, actor: Actor, now: datetime
) -> None:
    """Withdraw the entry at its author's request, or disqualify it, and tell its owner.

    Its unfinished sheets are taken back and its prizes fall; submitted sheets stay stored and count no longer.
    Raises NotAllowed, Conflict while results are published or when the entry's state allows no such step, Refused
    without a reason.
    """
    if not can_remove_entry(actor, phase=ContestPhase(entry.contest.phase)):
        raise NotAllowed(N_("Only the office and the committee take an entry out of a contest that is under way."))
    ensure_log(session, entry.contest, now=now)
    session.refresh(entry, ["state", "version"], with_for_update=True)
    before = EntryState(entry.state)
    if target not in removals_for(entry, actor):
        raise Conflict(N_("This entry cannot be taken out of the contest in this way now."))
    if living_publication(session, contest=entry.contest) is not None:
        raise Conflict(N_("The results are published. Withdraw the publication first, then take the entry out."))
    if not reason.strip():
        raise Refused(
            [Problem(code="missing", where="reason", message=N_("Write the reason: the contestant reads it."))]
        )
    entry.state, entry.changed_at = target.value, now
    details = {
        "from": before.value,
        "reason": reason.strip(),
        "sheets": _take_back_sheets(session, entry, reason=reason.strip(), now=now),
        "prizes": _take_back_prizes(session, entry),
    }
    record_entry_event(
        session, entry=entry, action=_ACTIONS[target], actor_id=actor.account_id, now=now, details=details
    )
    record_removal(
        session, entry=entry, reason=reason, by_id=actor.account_id,
        disqualified=target is EntryState.DISQUALIFIED, now=now,
    )  # fmt: skip
    _tell_owner(session, entry, target, reason=reason.strip(), now=now)
    session.flush()


def _take_back_sheets(session: Session, entry: Entry, *, reason: str, now: datetime) -> int:
    """Judges no longer see the entry among their work. Returns how many sheets were taken back."""
    session.flush()
    taken = session.execute(
        update(Assignment)
        .where(Assignment.entry_id == entry.id, Assignment.state.in_(_UNFINISHED))
        .values(state=SheetState.REASSIGNED.value, reason=reason, changed_at=now)
        .returning(Assignment.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(taken.all())


def _take_back_prizes(session: Session, entry: Entry) -> list[str]:
    levels = list(session.scalars(select(Prize.level).where(Prize.entry_id == entry.id).order_by(Prize.id)))
    session.execute(delete(Prize).where(Prize.entry_id == entry.id))
    return levels


def _tell_owner(session: Session, entry: Entry, target: EntryState, *, reason: str, now: datetime) -> None:
    kind, contest, owner = find_kind(target.value), entry.contest, entry.owner
    title = contest_title(contest, owner.locale)
    send_letter(
        session,
        to=owner,
        subject=kind.subject,
        text=kind.text,
        about=entry,
        kind=kind.key,
        params={
            "name": owner.name,
            "title": entry.title,
            "reason": reason,
            "contest": title,
        },
        now=now,
    )
