"""A round's progress for whoever runs the contest: found the same way for the page, its live part and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import ContestRound
from judging.services.rounds.entries import judged_round
from judging.services.rounds.progress import RoundProgress, round_progress

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.rules import ContestRules


def progress_now(
    session: Session, *, contest: Contest, rules: ContestRules, round_key: str, now: datetime
) -> RoundProgress:
    """How far the round has come. Raises NotFound for a round that the rules do not know."""
    judged = judged_round(rules, round_key)
    stage = session.scalar(
        select(ContestRound).where(ContestRound.contest_id == contest.id, ContestRound.key == round_key)
    )
    is_open = stage is not None and stage.state == "open"
    return round_progress(
        session, contest=contest, judged=judged, open_since=stage.opened_at if stage and is_open else None, now=now
    )
