"""What the office does about conflicts: looks for them, sets and sets aside, takes judges off, says what bars."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from judging.db.models import Assignment, Conflict, ConflictTerms
from judging.domain.conflicts import MAY_HINT, ConflictKind
from judging.domain.forcing import can_settle_conflicts
from judging.domain.lifecycle import SETTLED_SHEETS, ContestPhase, SheetState
from judging.domain.permissions import can_assign, can_configure
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.errors import Conflict as NotNow
from judging.services.audit import record_event
from judging.services.judges.conflicts.finding import BY_OFFICE, FOUND, active_judges, entries_in_play, renew_conflicts
from judging.services.judges.conflicts.recusals import recuse
from judging.services.judges.conflicts.words import keep_word
from judging.services.score_log.opening import ensure_log

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Entry, Judge
    from judging.domain.permissions import Actor


def search_conflicts(session: Session, *, contest: Contest, actor: Actor, now: datetime) -> int:
    """Look through all judges and entries, keep what is new, and return how many conflicts that are.

    A conflict that a person has set aside is not found again for the same evidence. Raises NotAllowed.
    """
    if not can_assign(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Judges are assigned by the office, from the closing of entries to the end of judging."))
    fresh = renew_conflicts(
        session, contest_id=contest.id, judges=active_judges(session, contest.id),
        entries=entries_in_play(session, contest.id), now=now,
    )  # fmt: skip
    record_event(
        session, action="conflicts-searched", subject="contest", subject_id=contest.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"found": len(fresh)}, now=now,
    )  # fmt: skip
    return len(fresh)


def withdraw_conflict(
    session: Session, *, contest: Contest, conflict: Conflict, reason: str, actor: Actor, now: datetime
) -> None:
    """Set a conflict aside that is none, with a reason: two people of one name, or a judge's slip. The row stays.

    What follows from a word on a whole unit is set aside for this one entry. Raises NotAllowed, and Refused.
    """
    _check_desk(actor)
    if conflict.contest_id != contest.id:
        raise NotAllowed(N_("Only the office, and nobody who judges here, decides on conflicts of interest."))
    _check_reason(reason)
    if conflict.withdrawn_at is not None:
        raise Refused([Problem(code="gone", message=N_("This was set aside already."), where="reason")])
    conflict.withdrawn_at, conflict.withdrawn_by_id = now, actor.account_id
    conflict.withdrawn_reason = reason.strip()
    record_event(
        session, action="conflict-withdrawn", subject="entry", subject_id=conflict.entry_id, actor_id=actor.account_id,
        contest_id=contest.id, now=now,
        details={**_told(conflict.judge, conflict.entry, conflict.kind), "reason": reason.strip()},
    )  # fmt: skip


def set_conflict(
    session: Session, *, judge: Judge, entry: Entry, kind: ConflictKind, reason: str, actor: Actor, now: datetime
) -> Conflict:
    """Bar a judge from an entry, with a reason; a judge who has it already is taken off. Raises NotAllowed, Refused."""
    _check_desk(actor)
    _check_reason(reason)
    if judge.contest_id != entry.contest_id:
        raise Refused([Problem(code="elsewhere", message=N_("Choose a judge of this contest."), where="judge")])
    ensure_log(session, entry.contest, now=now)
    for assignment in _living(session, judge_id=judge.id, entry_id=entry.id):
        # The first takes those of the other rounds along.
        if assignment.state != SheetState.RECUSED:
            # A sheet that counts in a closed round stays: leaving that out takes two persons.
            with suppress(NotNow):
                recuse(session, assignment=assignment, actor=actor, kind=kind, reason=reason, now=now)
    found = keep_word(
        session, judge=judge, entry=entry, kind=kind, source=BY_OFFICE, reason=reason, by_id=actor.account_id, now=now
    )
    record_event(
        session, action="conflict-set", subject="entry", subject_id=entry.id, actor_id=actor.account_id,
        contest_id=entry.contest_id, now=now, details={**_told(judge, entry, kind), "reason": reason.strip()},
    )  # fmt: skip
    return found


def take_judge_off(session: Session, *, conflict: Conflict, reason: str, actor: Actor, now: datetime) -> int:
    """Recuse the judge whom a conflict keeps from an entry that they have; returns from how many rounds.

    Raises NotAllowed, Refused without a reason, and Conflict when the sheet counts in a round that is closed.
    """
    _check_desk(actor)
    _check_reason(reason)
    ensure_log(session, conflict.entry.contest, now=now)
    kind = ConflictKind(conflict.kind)
    living = _living(session, judge_id=conflict.judge_id, entry_id=conflict.entry_id)
    for assignment in living:
        if assignment.state != SheetState.RECUSED:
            recuse(session, assignment=assignment, actor=actor, kind=kind, reason=reason, now=now)
    return sum(one.state == SheetState.RECUSED for one in living)


def set_terms(
    session: Session, *, contest: Contest, hints: Collection[ConflictKind], actor: Actor, now: datetime
) -> None:
    """Say which of the kinds that the data give away are hints only in this contest. Raises NotAllowed and Refused."""
    if not can_configure(actor, phase=ContestPhase(contest.phase)) or not can_settle_conflicts(actor):
        raise NotAllowed(N_("What bars a judge is settled by the organiser, who does not judge in the contest."))
    if not set(hints) <= set(MAY_HINT):
        raise Refused([Problem(code="kind", message=N_("This kind always bars."), where="hints")])
    wanted = [kind.value for kind in MAY_HINT if kind in hints]
    terms = session.get(ConflictTerms, contest.id)
    if terms is None:
        terms = ConflictTerms(contest_id=contest.id, hints=[])
        session.add(terms)
    before = list(terms.hints)
    terms.hints = wanted
    session.flush()
    for bars, kinds in ((False, wanted), (True, [kind.value for kind in MAY_HINT if kind.value not in wanted])):
        session.execute(
            update(Conflict)
            .where(
                Conflict.contest_id == contest.id, Conflict.source.in_(FOUND), Conflict.statement_id.is_(None),
                Conflict.kind.in_(kinds),
            )
            .values(bars=bars)
        )  # fmt: skip
    session.expire_all()
    record_event(
        session, action="conflict-terms-set", subject="contest", subject_id=contest.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"before": before, "hints": wanted}, now=now,
    )  # fmt: skip


def _living(session: Session, *, judge_id: str, entry_id: str) -> Sequence[Assignment]:
    ended = [state.value for state in SETTLED_SHEETS if state is not SheetState.SUBMITTED]
    query = select(Assignment).where(
        Assignment.judge_id == judge_id, Assignment.entry_id == entry_id, Assignment.state.not_in(ended)
    )
    return session.scalars(query.order_by(Assignment.assigned_at, Assignment.id)).all()


def _check_desk(actor: Actor) -> None:
    if not can_settle_conflicts(actor):
        raise NotAllowed(N_("Only the office, and nobody who judges here, decides on conflicts of interest."))


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused([Problem(code="reason-missing", message=N_("Write down the reason."), where="reason")])


def _told(judge: Judge, entry: Entry, kind: ConflictKind | str) -> dict[str, str]:
    return {"judge": judge.alias, "entry": entry.alias, "ties": str(kind)}
