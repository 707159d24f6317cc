"""Taking readings from judges: one sheet, or all that a judge who drops out has not finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Assignment
from judging.domain.lifecycle import SHEET_MOVES, SheetState, find_move, may_move
from judging.domain.values import Problem
from judging.errors import N_, Refused
from judging.errors import Conflict as Hindered
from judging.services.audit import record_event
from judging.services.judges.assigning.assignments import check_may_assign
from judging.services.score_log.acts import record_recusal
from judging.services.score_log.opening import ensure_log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Judge
    from judging.domain.permissions import Actor

_UNFINISHED = (SheetState.ASSIGNED, SheetState.DRAFT, SheetState.REOPENED)


def remove_assignment(
    session: Session, *, contest: Contest, assignment: Assignment, reason: str, actor: Actor, now: datetime
) -> None:
    """Take an unfinished sheet from its judge; the row stays, with the reason. Raises Conflict, Refused."""
    check_may_assign(actor, contest)
    if not reason.strip():
        raise Refused([Problem(code="missing", where="reason", message=N_("Write the reason."))])
    move = find_move(SHEET_MOVES, SheetState(assignment.state), SheetState.REASSIGNED)
    if move is None or not may_move(move, actor.roles):
        raise Hindered(N_("A submitted sheet stays: reopen it, or record the judge's recusal."))
    ensure_log(session, contest, now=now)
    assignment.state = SheetState.REASSIGNED.value
    assignment.reason = reason.strip()
    assignment.changed_at = now
    if assignment.sheet_version:
        # The sheet was reopened, and its earlier version would count again.
        record_recusal(session, assignment=assignment, reason=reason, now=now)
    record_event(
        session, action="sheet-reassigned", subject="assignment", subject_id=assignment.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"round": assignment.round, "reason": reason.strip()}, now=now,
    )  # fmt: skip


def release_judge(
    session: Session, *, contest: Contest, round_key: str, judge: Judge, reason: str, actor: Actor, now: datetime
) -> int:
    """Take all unfinished sheets of the round from a judge who drops out; returns how many a new plan must fill."""
    query = (
        select(Assignment)
        .where(
            Assignment.contest_id == contest.id,
            Assignment.round == round_key,
            Assignment.judge_id == judge.id,
            Assignment.state.in_(_UNFINISHED),
        )
        .order_by(Assignment.position)
        .with_for_update()
    )
    sheets: Sequence[Assignment] = session.scalars(query).all()
    for sheet in sheets:
        remove_assignment(session, contest=contest, assignment=sheet, reason=reason, actor=actor, now=now)
    # The plan must not give the entries back to the judge who just left.
    judge.is_active = False
    record_event(
        session, action="judge-released", subject="judge", subject_id=judge.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"round": round_key, "sheets": len(sheets), "reason": reason.strip()}, now=now,
    )  # fmt: skip
    return len(sheets)
