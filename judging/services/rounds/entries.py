"""Which entries belong to a round, and which of them are locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, or_, select, update

from judging.db.models import Assignment, ContestRound, Entry
from judging.domain.lifecycle import SETTLED_SHEETS, EntryState, SheetState
from judging.errors import N_, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.rules import ContestRules, Round

OUT_OF_PLAY = (EntryState.WITHDRAWN, EntryState.DISQUALIFIED, EntryState.INELIGIBLE)
"""States in which an entry takes no part in any standing, whatever sheets it has."""

_SETTLED = tuple(state.value for state in SETTLED_SHEETS)


def entry_code(rules: ContestRules, number: int) -> str:
    """The code by which people speak of an entry: ST-041."""
    return f"{rules.prefix}-{number:03d}"


def judged_round(rules: ContestRules, round_key: str) -> Round:
    """The round of the rules. Raises NotFound."""
    found = rules.find_round(round_key)
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found


def round_row(session: Session, *, contest: Contest, round_key: str, lock: bool = False) -> ContestRound:
    """Where the round stands; with `lock` nobody else can move it until the unit of work ends. Raises NotFound."""
    query = select(ContestRound).where(ContestRound.contest_id == contest.id, ContestRound.key == round_key)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found


def in_round(rules: ContestRules, round_key: str) -> ColumnElement[bool]:
    """The condition on entries that are judged in the round now or wait for it."""
    keys = [judged.key for judged in rules.rounds]
    index = keys.index(round_key)
    waits = (
        Entry.state == EntryState.ELIGIBLE
        if index == 0
        else and_(Entry.state == EntryState.ADVANCED, Entry.round == keys[index - 1])
    )
    return or_(waits, and_(Entry.state == EntryState.IN_ROUND, Entry.round == round_key))


def entries_of_round(session: Session, *, contest: Contest, rules: ContestRules, round_key: str) -> Sequence[Entry]:
    """The entries that are judged in the round now or wait for it, by number."""
    query = select(Entry).where(Entry.contest_id == contest.id, in_round(rules, round_key)).order_by(Entry.number)
    return session.scalars(query).all()


def locked_entry_ids(contest: Contest, round_key: str) -> Select[str]:
    """The entries locked in the round: what `is_locked` says of their sheets' states, asked of the database."""
    submitted = func.sum(case((Assignment.state == SheetState.SUBMITTED, 1), else_=0))
    awaited = func.sum(case((Assignment.state.not_in(_SETTLED), 1), else_=0))
    return (
        select(Assignment.entry_id)
        .where(Assignment.contest_id == contest.id, Assignment.round == round_key)
        .group_by(Assignment.entry_id)
        .having(submitted > 0, awaited == 0)
    )


def unlocked_entries(session: Session, *, contest: Contest, rules: ContestRules, round_key: str) -> Sequence[Entry]:
    """The entries of the round that still wait for a sheet, or have none."""
    query = (
        select(Entry)
        .where(
            Entry.contest_id == contest.id,
            in_round(rules, round_key),
            Entry.id.not_in(locked_entry_ids(contest, round_key)),
        )
        .order_by(Entry.number)
    )
    return session.scalars(query).all()


def enter_round(session: Session, *, contest: Contest, rules: ContestRules, round_key: str) -> int:
    """Put the waiting entries that have a judge into the round, and return how many these are."""
    assigned = select(Assignment.entry_id).where(
        Assignment.contest_id == contest.id,
        Assignment.round == round_key,
        Assignment.state.not_in((SheetState.RECUSED, SheetState.REASSIGNED)),
    )
    session.flush()
    moved = session.execute(
        update(Entry)
        .where(
            Entry.contest_id == contest.id,
            in_round(rules, round_key),
            Entry.state != EntryState.IN_ROUND,
            Entry.id.in_(assigned),
        )
        .values(state=EntryState.IN_ROUND.value, round=round_key, version=Entry.version + 1)
        .returning(Entry.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(moved.all())
