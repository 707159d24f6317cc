"""The rows that say where each round of a contest stands."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Contest, ContestRound
from judging.domain.rules import ContestRules


def list_rounds(session: Session, *, contest: Contest) -> list[ContestRound]:
    """The contest's rounds in their order; empty before the contest opened."""
    query = select(ContestRound).where(ContestRound.contest_id == contest.id).order_by(ContestRound.position)
    return list(session.scalars(query))


def create_rounds(session: Session, *, contest: Contest, rules: ContestRules) -> None:
    """Make a pending row for each round of the rules that has none, and put all in the order of the rules."""
    present = {row.key: row for row in list_rounds(session, contest=contest)}
    for position, judged in enumerate(rules.rounds):
        row = present.get(judged.key)
        if row is None:
            session.add(ContestRound(contest_id=contest.id, key=judged.key, position=position))
        else:
            row.position = position
    session.flush()
