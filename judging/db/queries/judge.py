"""What the judge's pages read: counts, lists and times of one person's own readings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import joinedload

from judging.db.models import Assignment, Contest, ContestRound, Entry, Judge, SheetVersion
from judging.db.queries.asides import is_aside
from judging.db.queries.conflict_gate import clashing
from judging.db.queries.counting import NEWEST_VERSION
from judging.domain.lifecycle import SheetState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

UNFINISHED = (SheetState.ASSIGNED.value, SheetState.DRAFT.value, SheetState.REOPENED.value)
_HIDDEN = (SheetState.RECUSED.value, SheetState.REASSIGNED.value)


class Tally(NamedTuple):
    """How many readings of a judge in a round are in a state."""

    judge_id: str
    round: str
    state: str
    number: int


class DeskRow(NamedTuple):
    """One reading in a judge's list: its place in the order, and the judge's own newest submitted total.

    `aside` says that the judge has set it aside: such ones come last.
    """

    assignment_id: str
    round: str
    state: str
    place: int
    number: int
    title: str
    erased_at: datetime | None
    category: str
    total: str | None
    aside: bool
    position: int


class PlacedReading(NamedTuple):
    """One reading in a judge's order; those set `aside` come last."""

    id: str
    state: str
    aside: bool
    position: int


class OwnSheet(NamedTuple):
    """When a judge submitted a sheet for the first time, in which round."""

    judge_id: str
    round: str
    at: datetime


class PanelSheet(NamedTuple):
    """The newest submitted total of one judge of an entry, by alias."""

    judge: str
    total: str


def _visible() -> ColumnElement[bool]:
    """Readings that the judge may still know of."""
    return and_(Assignment.state.not_in(_HIDDEN), ~clashing())


def _order() -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[str]]:
    """A judge's own order: as the plan has it, what is set aside last."""
    return case((is_aside(), 1), else_=0), Assignment.position.expression, Assignment.id.expression


def judging_roles(session: Session, *, account_id: str) -> list[tuple[Judge, Contest]]:
    """Every contest in which the person is an active judge, the newest first."""
    rows = session.execute(
        select(Judge, Contest)
        .join(Contest, Contest.id == Judge.contest_id)
        .where(Judge.account_id == account_id, Judge.is_active)
        .order_by(Contest.year.desc(), Contest.created_at.desc(), Contest.id)
    )
    return [(judge, contest) for judge, contest in rows]


def judge_in(session: Session, *, contest_id: str, account_id: str) -> Judge | None:
    """The person as an active judge of the contest."""
    return session.scalar(
        select(Judge).where(Judge.contest_id == contest_id, Judge.account_id == account_id, Judge.is_active)
    )


def stages_of(session: Session, *, contest_ids: Collection[str]) -> list[ContestRound]:
    """Where the rounds of these contests stand, in their order."""
    return list(
        session.scalars(
            select(ContestRound)
            .where(ContestRound.contest_id.in_(contest_ids))
            .order_by(ContestRound.contest_id, ContestRound.position)
        )
    )


def tallies(session: Session, *, judge_ids: Collection[str]) -> list[Tally]:
    """How many readings each judge has in each round and state."""
    rows = session.execute(
        select(Assignment.judge_id, Assignment.round, Assignment.state, func.count())
        .where(Assignment.judge_id.in_(judge_ids), _visible())
        .group_by(Assignment.judge_id, Assignment.round, Assignment.state)
    )
    return [Tally(*row) for row in rows]


def first_sheets(session: Session, *, judge_ids: Collection[str]) -> list[OwnSheet]:
    """When these judges submitted each sheet for the first time, in the order of time."""
    rows = session.execute(
        select(Assignment.judge_id, Assignment.round, SheetVersion.submitted_at)
        .join(SheetVersion, and_(SheetVersion.assignment_id == Assignment.id, SheetVersion.number == 1))
        .where(Assignment.judge_id.in_(judge_ids))
        .order_by(SheetVersion.submitted_at)
    )
    return [OwnSheet(*row) for row in rows]


def next_readings(session: Session, *, judge_ids: Collection[str]) -> dict[tuple[str, str], PlacedReading]:
    """The first unfinished reading by judge and round, in each judge's own order."""
    order = func.row_number().over(partition_by=(Assignment.judge_id, Assignment.round), order_by=_order())
    ranked = (
        select(
            Assignment.judge_id, Assignment.round, Assignment.id, Assignment.state, is_aside().label("aside"),
            Assignment.position, order.label("place"),
        )
        .where(Assignment.judge_id.in_(judge_ids), Assignment.state.in_(UNFINISHED), _visible())
        .subquery()
    )  # fmt: skip
    one = ranked.c
    rows = session.execute(
        select(one.judge_id, one.round, one.id, one.state, one.aside, one.position).where(one.place == 1)
    )
    return {(judge_id, round_key): PlacedReading(*placed) for judge_id, round_key, *placed in rows}


def desk_rows(
    session: Session, *, judge_id: str, round_key: str, limit: int | None = None, offset: int = 0
) -> list[DeskRow]:
    """A judge's readings in a round, in the judge's own order; all of them without a `limit`."""
    place = func.row_number().over(order_by=_order())
    rows = session.execute(
        select(
            Assignment.id, Assignment.round, Assignment.state, place, Entry.number, Entry.title, Entry.erased_at,
            Entry.category, SheetVersion.total, is_aside(), Assignment.position,
        )
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(
            SheetVersion,
            and_(NEWEST_VERSION, Assignment.state == SheetState.SUBMITTED.value),
        )
        .where(Assignment.judge_id == judge_id, Assignment.round == round_key, _visible())
        .order_by(*_order())
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return [DeskRow(*row) for row in rows]


def readings_in_order(session: Session, *, judge_id: str, round_key: str) -> list[PlacedReading]:
    """All of a judge's readings in a round, in the judge's own order."""
    rows = session.execute(
        select(Assignment.id, Assignment.state, is_aside(), Assignment.position)
        .where(Assignment.judge_id == judge_id, Assignment.round == round_key, _visible())
        .order_by(*_order())
    )
    return [PlacedReading(*row) for row in rows]


def hidden_count(session: Session, *, judge_id: str, round_key: str) -> int:
    """How many readings of a round the judge was taken off."""
    return session.scalar(
        select(func.count())
        .select_from(Assignment)
        .where(Assignment.judge_id == judge_id, Assignment.round == round_key, ~_visible())
    ) or 0  # fmt: skip


def undeclared_readings(session: Session, *, judge: Judge) -> Sequence[Assignment]:
    """Unfinished readings given to the judge since they last declared their conflicts, in the judge's own order."""
    query = (
        select(Assignment)
        .where(Assignment.judge_id == judge.id, Assignment.state.in_(UNFINISHED), _visible())
        .options(
            joinedload(Assignment.entry).subqueryload(Entry.members),
            joinedload(Assignment.entry).joinedload(Entry.contest),
            joinedload(Assignment.judge),
        )
        .order_by(Assignment.round, Assignment.position, Assignment.id)
    )
    if judge.conflicts_declared_at is not None:
        query = query.where(Assignment.assigned_at > judge.conflicts_declared_at)
    return session.scalars(query).all()


def undeclared_counts(session: Session, *, judge_ids: Collection[str]) -> dict[str, int]:
    """By judge, how many unfinished readings came since the judge last declared their conflicts."""
    rows = session.execute(
        select(Assignment.judge_id, func.count())
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(
            Assignment.judge_id.in_(judge_ids),
            Assignment.state.in_(UNFINISHED),
            _visible(),
            Judge.conflicts_declared_at.is_(None) | (Assignment.assigned_at > Judge.conflicts_declared_at),
        )
        .group_by(Assignment.judge_id)
    )
    return {row.judge_id: row[1] for row in rows}


def panel_sheets(session: Session, *, entry_id: str, round_key: str, besides: str) -> list[PanelSheet]:
    """The other judges' newest totals for an entry, by alias: only for an entry that is locked."""
    rows = session.execute(
        select(Judge.alias, SheetVersion.total)
        .select_from(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(SheetVersion, NEWEST_VERSION)
        .where(
            Assignment.entry_id == entry_id,
            Assignment.round == round_key,
            Assignment.id != besides,
            Assignment.state == SheetState.SUBMITTED.value,
        )
        .order_by(Judge.alias)
    )
    return [PanelSheet(*row) for row in rows]


def sheet_versions(session: Session, *, assignment_id: str) -> list[SheetVersion]:
    """All submitted versions of a sheet, the newest first."""
    return list(
        session.scalars(
            select(SheetVersion).where(SheetVersion.assignment_id == assignment_id).order_by(SheetVersion.number.desc())
        )
    )
