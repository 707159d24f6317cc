"""Conflicts of interest: declared by the judge, and recusing, after which the judge no longer sees the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Assignment
from judging.domain.conflicts import CONFLICT_LABELS, ConflictKind
from judging.domain.lifecycle import SETTLED_SHEETS, ContestPhase, SheetState
from judging.domain.permissions import Role, can_recuse
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.errors import Conflict as NotNow
from judging.services.audit import record_event
from judging.services.judges.conflicts.finding import BY_OFFICE, DECLARED
from judging.services.judges.conflicts.words import keep_word
from judging.services.score_log.acts import record_recusal
from judging.services.score_log.opening import ensure_log
from judging.services.sheets.readings import OPEN_ROUND, allowed_move, find_stage, lock_assignment, relation_to

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Conflict, Entry, Judge
    from judging.domain.permissions import Actor


def declare_conflict(
    session: Session,
    *,
    judge: Judge,
    entry: Entry,
    kind: ConflictKind,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Conflict:
    """Write down why a judge may not score an entry; a conflict withdrawn earlier stands again.

    The judge declares their own; the desk may declare any. Raises NotAllowed.
    """
    own = actor.account_id is not None and judge.account_id == actor.account_id
    if not (own or actor.has(Role.SECRETARY, Role.ORGANISER)):
        raise NotAllowed(N_("Judges declare their own conflicts; the office may declare any."))
    _record(session, "conflict-declared", judge=judge, entry=entry, actor=actor, now=now, kind=kind)
    return keep_word(
        session, judge=judge, entry=entry, kind=kind, source=DECLARED if own else BY_OFFICE, reason=reason,
        by_id=actor.account_id, now=now,
    )  # fmt: skip


def recuse(
    session: Session, *, assignment: Assignment, actor: Actor, kind: ConflictKind, reason: str, now: datetime
) -> Conflict:
    """Take the judge off the entry, at once and in every round that is not over.

    By the judge, or by the desk on the judge's behalf. Raises NotAllowed, Conflict when the sheet counts in a round
    that is closed, Refused when “other reason” is not explained.
    """
    if kind is ConflictKind.OTHER and not reason.strip():
        problem = Problem(code="reason-missing", message=N_("Say in a few words what the reason is."), where="reason")
        raise Refused([problem])
    ensure_log(session, assignment.entry.contest, now=now)
    lock_assignment(session, assignment)
    relation = relation_to(session, assignment=assignment, actor=actor)
    if not (can_recuse(actor, relation) or actor.has(Role.SECRETARY, Role.ORGANISER)):
        raise NotAllowed(N_("Only the judge of an entry, or the office, can take the judge off it."))
    _check_still_open(session, assignment)
    allowed_move(assignment, SheetState.RECUSED, actor)
    why = reason.strip() or CONFLICT_LABELS[kind]
    for one in [assignment, *_other_rounds(session, assignment)]:
        one.state = SheetState.RECUSED.value
        one.reason = why
        one.changed_at = now
    judge, entry = assignment.judge, assignment.entry
    record_recusal(session, assignment=assignment, reason=why, now=now)
    _record(session, "judge-recused", judge=judge, entry=entry, actor=actor, now=now, kind=kind)
    return declare_conflict(session, judge=judge, entry=entry, kind=kind, reason=why, actor=actor, now=now)


def declare_conflicts(
    session: Session,
    *,
    judge: Judge,
    actor: Actor,
    kinds: Mapping[Assignment, ConflictKind | None],
    now: datetime,
) -> int:
    """Record that the judge has looked at all these entries, and recuse from those with a conflict; returns how many.

    Raises NotAllowed when somebody else speaks for the judge.
    """
    if actor.account_id is None or judge.account_id != actor.account_id:
        raise NotAllowed(N_("Judges declare their own conflicts."))
    found = {assignment: kind for assignment, kind in kinds.items() if kind is not None}
    for assignment, kind in found.items():
        recuse(session, assignment=assignment, actor=actor, kind=kind, reason=CONFLICT_LABELS[kind], now=now)
    judge.conflicts_declared_at = now
    record_event(
        session, action="conflicts-declared", subject="judge", subject_id=judge.id, now=now,
        actor_id=actor.account_id, contest_id=judge.contest_id,
        details={"judge": judge.alias, "looked_at": len(kinds), "conflicts": len(found)},
    )  # fmt: skip
    return len(found)


def _check_still_open(session: Session, assignment: Assignment) -> None:
    """A sheet that already counts in a closed round is the office's to deal with: it would change a known result."""
    if assignment.state != SheetState.SUBMITTED:
        return
    stage = find_stage(session, assignment=assignment)
    judging = assignment.entry.contest.phase == ContestPhase.JUDGING
    if not judging or stage is None or stage.state != OPEN_ROUND:
        raise NotNow(N_("The round is closed and your sheet counts in it. Tell the office about the conflict."))


def _other_rounds(session: Session, assignment: Assignment) -> list[Assignment]:
    return list(
        session.scalars(
            select(Assignment).where(
                Assignment.judge_id == assignment.judge_id,
                Assignment.entry_id == assignment.entry_id,
                Assignment.id != assignment.id,
                Assignment.state.not_in([state.value for state in SETTLED_SHEETS]),
            )
        )
    )


def _record(
    session: Session, action: str, *, judge: Judge, entry: Entry, actor: Actor, now: datetime, kind: ConflictKind
) -> None:
    record_event(
        session, action=action, subject="entry", subject_id=entry.id, now=now, actor_id=actor.account_id,
        contest_id=entry.contest_id, details={"judge": judge.alias, "entry": entry.alias, "kind": kind.value},
    )  # fmt: skip
