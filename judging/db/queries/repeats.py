"""Blind repeats of a judge, of a round, and the plan of a round. No other module of queries reads their tables.

A repeat is there as long as its reading is: whoever is taken off the entry, or keeps a conflict from it, loses both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, false, func, select
from sqlalchemy.orm import contains_eager

from judging.db.models import Assignment, BlindRepeat, Contest, ContestRound, Entry, Judge, RepeatPlan, SheetVersion
from judging.db.queries.api import AssignedRow, is_told_of
from judging.db.queries.conflict_gate import clashing
from judging.db.queries.judge import UNFINISHED
from judging.domain.lifecycle import ContestPhase, EntryState, SheetState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Exists, Select
    from sqlalchemy.orm import Session

_PLAN = RepeatPlan.__table__
_TAKEN_OFF = (SheetState.RECUSED.value, SheetState.REASSIGNED.value)
_ENDED = (*_TAKEN_OFF, SheetState.WRITTEN_OFF.value)
_OUT_OF_PLAY = (EntryState.WITHDRAWN.value, EntryState.DISQUALIFIED.value, EntryState.INELIGIBLE.value)
HIDING = ("pending", "open")
"""States of a round in which repeats are not told from other entries."""


def repeat_plan(session: Session, *, contest_id: str, round_key: str) -> RepeatPlan | None:
    """What was set for a round; None where nothing ever was."""
    return session.get(RepeatPlan, (contest_id, round_key))


def has_repeats(contest_id: ColumnElement[str], round_key: ColumnElement[str]) -> Exists:
    """Whether repeats were set for the round of a query's row."""
    return exists().where(_PLAN.c.contest_id == contest_id, _PLAN.c.round == round_key, _PLAN.c.per_judge > 0)


def hiding_rounds(session: Session, *, contest_ids: Collection[str]) -> frozenset[tuple[str, str]]:
    """The rounds (contest, key) in which judges know their entries by codes now, so that repeats stay unnoticed."""
    rows = session.execute(
        select(RepeatPlan.contest_id, RepeatPlan.round)
        .join(ContestRound, _same_round())
        .where(RepeatPlan.contest_id.in_(contest_ids), RepeatPlan.per_judge > 0, ContestRound.state.in_(HIDING))
    )
    return frozenset((contest_id, key) for contest_id, key in rows)


def find_repeat(session: Session, repeat_id: str) -> BlindRepeat | None:
    """A repeat with its reading, entry, contest and judge; None when the judge does not have it any more."""
    first = contains_eager(BlindRepeat.first)
    query = (
        _standing()
        .where(BlindRepeat.id == repeat_id)
        .options(
            first.contains_eager(Assignment.entry).joinedload(Entry.contest).joinedload(Contest.organisation),
            first.joinedload(Assignment.judge),
        )
    )
    return session.scalar(query)


def repeats_of_judges(
    session: Session, *, judge_ids: Collection[str], round_key: str | None = None
) -> Sequence[BlindRepeat]:
    """The repeats that these judges have, in the order of each judge and round; one query."""
    query = _standing().where(Assignment.judge_id.in_(judge_ids))
    if round_key is not None:
        query = query.where(Assignment.round == round_key)
    order = (Assignment.judge_id, Assignment.round, BlindRepeat.after, BlindRepeat.id)
    return session.scalars(query.order_by(*order)).all()


def repeats_of_round(session: Session, *, contest_id: str, round_key: str) -> Sequence[BlindRepeat]:
    """The repeats of a round with entry, judge and the judge's account."""
    query = (
        _standing()
        .where(Assignment.contest_id == contest_id, Assignment.round == round_key)
        .join(Judge, Judge.id == Assignment.judge_id)
        .options(contains_eager(BlindRepeat.first).contains_eager(Assignment.judge).joinedload(Judge.account))
        .order_by(Judge.alias, BlindRepeat.after, BlindRepeat.id)
    )
    return session.scalars(query).all()


def all_repeats_of_round(session: Session, *, contest_id: str, round_key: str) -> Sequence[BlindRepeat]:
    """Every row of the round, those of judges who are off the entry too."""
    query = (
        select(BlindRepeat)
        .join(Assignment, Assignment.id == BlindRepeat.assignment_id)
        .where(Assignment.contest_id == contest_id, Assignment.round == round_key)
        .options(contains_eager(BlindRepeat.first))
        .order_by(BlindRepeat.id)
    )
    return session.scalars(query).all()


def repeatable_readings(session: Session, *, contest_id: str, round_key: str) -> Sequence[Assignment]:
    """The readings of the round whose judges have them, judge by judge in the judge's order."""
    query = (
        select(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(
            Assignment.contest_id == contest_id, Assignment.round == round_key, Judge.is_active,
            _stands(), Entry.erased_at.is_(None),
        )
        .options(contains_eager(Assignment.judge).joinedload(Judge.account), contains_eager(Assignment.entry))
        .order_by(Judge.alias, Assignment.position, Assignment.id)
    )  # fmt: skip
    return session.scalars(query).all()


def open_repeats(session: Session, *, account_id: str) -> Sequence[tuple[BlindRepeat, ContestRound]]:
    """The repeats on which the person may write now, with their rounds, as `judge_work.open_readings`."""
    first = contains_eager(BlindRepeat.first)
    links = first.contains_eager(Assignment.entry).selectinload(Entry.links)
    query = (
        select(BlindRepeat, ContestRound)
        .join(Assignment, Assignment.id == BlindRepeat.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Contest, Contest.id == Assignment.contest_id)
        .join(
            ContestRound,
            and_(ContestRound.contest_id == Assignment.contest_id, ContestRound.key == Assignment.round),
        )
        .where(
            Judge.account_id == account_id, Judge.is_active, _stands(), BlindRepeat.submitted_at.is_(None),
            Assignment.assigned_at <= Judge.conflicts_declared_at, Contest.phase == ContestPhase.JUDGING.value,
            ContestRound.state == "open",
        )
        .options(first.contains_eager(Assignment.entry).contains_eager(Entry.contest), links)
        .order_by(Contest.id, ContestRound.position, BlindRepeat.after, BlindRepeat.id)
    )  # fmt: skip
    return [(row, stage) for row, stage in session.execute(query)]


def listed_repeats(
    session: Session, *, account_id: str, contest: str | None, state: str | None
) -> list[AssignedRow]:  # fmt: skip
    """A person's repeats as `api.list_assignments` lists their readings, by id; one query."""
    first = contains_eager(BlindRepeat.first)
    query = (
        select(BlindRepeat, ContestRound)
        .join(Assignment, Assignment.id == BlindRepeat.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Contest, Contest.id == Assignment.contest_id)
        .outerjoin(
            ContestRound,
            and_(ContestRound.contest_id == Assignment.contest_id, ContestRound.key == Assignment.round),
        )
        .where(Judge.account_id == account_id, Judge.is_active, _stands(), is_told_of())
        .options(
            first.contains_eager(Assignment.entry).contains_eager(Entry.contest),
            first.contains_eager(Assignment.judge),
        )
        .order_by(BlindRepeat.id)
    )
    if contest is not None:
        query = query.where(Contest.slug == contest)
    if state is not None:
        query = query.where(BlindRepeat.state == state)
    return [AssignedRow(row, stage, _is_aside(row)) for row, stage in session.execute(query)]


def is_met_by_code(session: Session, *, entry_id: str, account_id: str | None) -> bool:
    """Whether the person reads the entry as a judge, and only where it goes by a code; one query."""
    hides = has_repeats(Assignment.contest_id.expression, Assignment.round.expression)
    is_hidden = and_(hides, ContestRound.state.in_(HIDING))
    rows = session.scalars(
        select(func.coalesce(is_hidden, false()))
        .select_from(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .outerjoin(
            ContestRound,
            and_(ContestRound.contest_id == Assignment.contest_id, ContestRound.key == Assignment.round),
        )
        .where(
            Assignment.entry_id == entry_id, Judge.account_id == account_id, Judge.is_active,
            Assignment.state.not_in(_TAKEN_OFF),
        )
    ).all()  # fmt: skip
    return bool(rows) and all(rows)


def first_versions(session: Session, *, assignment_ids: Collection[str]) -> dict[str, SheetVersion]:
    """By reading, its sheet as it was submitted first."""
    query = select(SheetVersion).where(SheetVersion.assignment_id.in_(assignment_ids), SheetVersion.number == 1)
    return {one.assignment_id: one for one in session.scalars(query)}


def unfinished_judges(session: Session, *, contest_id: str, round_key: str) -> frozenset[str]:
    """The judges (ids) who still have a sheet of the round to submit, repeats left aside."""
    query = (
        select(Assignment.judge_id)
        .where(
            Assignment.contest_id == contest_id, Assignment.round == round_key, ~clashing(),
            Assignment.state.in_(
                [SheetState.ASSIGNED.value, SheetState.DRAFT.value, SheetState.REOPENED.value]
            ),
        )
        .distinct()
    )  # fmt: skip
    return frozenset(session.scalars(query))


def ended_repeats(session: Session, *, account_id: str) -> Sequence[BlindRepeat]:
    """A person's repeats of rounds that are over, those without a sheet too, for their own archive; by time."""
    query = (
        select(BlindRepeat)
        .join(Assignment, Assignment.id == BlindRepeat.assignment_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(
            ContestRound,
            and_(ContestRound.contest_id == Assignment.contest_id, ContestRound.key == Assignment.round),
        )
        .where(Judge.account_id == account_id, ContestRound.state.not_in(HIDING))
        .options(contains_eager(BlindRepeat.first).contains_eager(Assignment.entry))
        .order_by(BlindRepeat.given_at, BlindRepeat.id)
    )
    return session.scalars(query).all()


def _standing() -> Select[BlindRepeat]:
    return (
        select(BlindRepeat)
        .join(Assignment, Assignment.id == BlindRepeat.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(_stands())
        .options(contains_eager(BlindRepeat.first).contains_eager(Assignment.entry))
    )


def _stands() -> ColumnElement[bool]:
    return and_(Assignment.state.not_in(_ENDED), Entry.state.not_in(_OUT_OF_PLAY), ~clashing())


def _is_aside(repeat: BlindRepeat) -> bool:
    return repeat.aside_at is not None and repeat.state in UNFINISHED


def _same_round() -> ColumnElement[bool]:
    return and_(ContestRound.contest_id == RepeatPlan.contest_id, ContestRound.key == RepeatPlan.round)
