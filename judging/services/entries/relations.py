"""What ties a person to one entry."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Assignment, Entry, Judge, Panel, PanelSeat
from judging.domain.lifecycle import EntryState, SheetState
from judging.domain.permissions import Actor, Relation, Role
from judging.domain.rules import ContestRules
from judging.services.judges.conflicts.gate import is_barred

GONE = frozenset({SheetState.RECUSED, SheetState.REASSIGNED})
# What has not passed the secretariat, or was withdrawn, is no panel's business and so not its chair's.
BEFORE_PANELS = frozenset(
    {
        EntryState.DRAFT,
        EntryState.SUBMITTED,
        EntryState.LATE,
        EntryState.RETURNED,
        EntryState.INELIGIBLE,
        EntryState.WITHDRAWN,
    }
)


def relation_to_entry(session: Session, *, actor: Actor, entry: Entry) -> Relation:
    """The actor's relation to the entry. A recusal, or a conflict that stands, outweighs every assignment."""
    author = actor.account_id is not None and entry.owner_id == actor.account_id
    # A role in the entry was worked out with the actor's others; it holds for this entry alone.
    coauthor, guardian = actor.has(Role.COAUTHOR), actor.has(Role.GUARDIAN)
    judge_id = _judge_id(session, actor, entry)
    if judge_id is None:
        return Relation(author=author, coauthor=coauthor, guardian=guardian)
    states = {
        SheetState(state)
        for state in session.scalars(
            select(Assignment.state).where(Assignment.entry_id == entry.id, Assignment.judge_id == judge_id)
        )
    }
    barred = is_barred(session, judge_id=judge_id, entry_id=entry.id)
    return Relation(
        author=author,
        coauthor=coauthor,
        guardian=guardian,
        assigned=bool(states - GONE),
        recused=SheetState.RECUSED in states or barred,
        chairs=_chairs(session, judge_id, entry),
    )


def judges_blind(session: Session, *, rules: ContestRules, actor: Actor, entry: Entry) -> bool:
    """Whether every round in which the actor judges the entry is blind; so for a chair without a sheet of their own."""
    judge_id = _judge_id(session, actor, entry)
    keys = session.scalars(
        select(Assignment.round).where(
            Assignment.entry_id == entry.id,
            Assignment.judge_id == judge_id,
            Assignment.state.not_in([state.value for state in GONE]),
        )
    )
    rounds = [judged for key in keys if (judged := rules.find_round(key)) is not None]
    return all(judged.blind for judged in rounds)


def _judge_id(session: Session, actor: Actor, entry: Entry) -> str | None:
    if not actor.has(Role.JUDGE, Role.CHAIR):
        return None
    return session.scalar(
        select(Judge.id).where(Judge.contest_id == entry.contest_id, Judge.account_id == actor.account_id)
    )


def _chairs(session: Session, judge_id: str, entry: Entry) -> bool:
    if entry.state in BEFORE_PANELS:
        return False
    panels = session.scalars(
        select(Panel.categories)
        .join(PanelSeat, PanelSeat.panel_id == Panel.id)
        .where(PanelSeat.judge_id == judge_id, PanelSeat.is_chair)
    )
    return any(entry.category in categories for categories in panels)
