"""Taking a contest to a phase: by one step where there is one, else by the steps in between, each recorded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from judging.db.models import Contest
from judging.domain.lifecycle import CONTEST_MOVES, ContestPhase, find_move
from judging.domain.permissions import Actor
from judging.plugins import Registry
from judging.services.contests.phases import move_phase, pass_phases


def go_to_phase(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    actor: Actor,
    to: ContestPhase,
    reason: str,
    now: datetime,
) -> None:
    """Take the step to `to`, or pass the steps that lie between. Raises as `move_phase` does; then roll back."""
    take = move_phase if find_move(CONTEST_MOVES, ContestPhase(contest.phase), to) is not None else pass_phases
    take(session, registry=registry, contest=contest, actor=actor, to=to, reason=reason, now=now)
