"""The first sheets of judges in a round: those that they may look at again in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, exists, func, select

from judging.db.models import Assignment, Entry, SecondLook, SheetVersion
from judging.db.queries.conflict_gate import clashing
from judging.db.queries.counting import NEWEST_VERSION
from judging.domain.lifecycle import SheetState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Subquery
    from sqlalchemy.orm import Session


class FirstSheet(NamedTuple):
    """A submitted sheet that its judge has not looked at again. `place` counts the judge's sheets of the round by time.

    `total` is the judge's own newest one.
    """

    judge_id: str
    round: str
    assignment_id: str
    place: int
    number: int
    title: str
    erased_at: datetime | None
    category: str
    total: str


def first_sheets_to_see_again(
    session: Session, *, judge_ids: Collection[str], most: int, round_key: str | None = None
) -> list[FirstSheet]:
    """Each judge's first `most` sheets of a round, by when they were first submitted, without those looked at again.

    One query. A sheet that is recused, written off or open again keeps its place and is left out.
    """
    asked = Assignment.judge_id.in_(judge_ids)
    ranked = _places(asked if round_key is None else and_(asked, Assignment.round == round_key))
    rows = session.execute(
        select(
            Assignment.judge_id, Assignment.round, Assignment.id, ranked.c.place, Entry.number, Entry.title,
            Entry.erased_at, Entry.category, SheetVersion.total,
        )
        .join(ranked, ranked.c.id == Assignment.id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(SheetVersion, NEWEST_VERSION)
        .where(ranked.c.place <= most, _offered())
        .order_by(Assignment.judge_id, Assignment.round, ranked.c.place)
    )  # fmt: skip
    return [FirstSheet(*row) for row in rows]


def count_sheets_to_see_again(session: Session, *, contest_id: str, round_key: str, most: int) -> int:
    """How many sheets of a round their judges have not looked at again; one query."""
    ranked = _places(and_(Assignment.contest_id == contest_id, Assignment.round == round_key))
    query = select(func.count()).select_from(Assignment).join(ranked, ranked.c.id == Assignment.id)
    return session.scalar(query.where(ranked.c.place <= most, _offered())) or 0


def _places(asked: ColumnElement[bool]) -> Subquery:
    """The sheets that were ever submitted, each with its place by time among its judge's of the round."""
    first = and_(SheetVersion.assignment_id == Assignment.id, SheetVersion.number == 1)
    place = func.row_number().over(
        partition_by=(Assignment.judge_id, Assignment.round), order_by=(SheetVersion.submitted_at, Assignment.id)
    )
    return select(Assignment.id, place.label("place")).join(SheetVersion, first).where(asked).subquery()


def _offered() -> ColumnElement[bool]:
    looked = exists().where(SecondLook.assignment_id == Assignment.id)
    return and_(Assignment.state == SheetState.SUBMITTED.value, ~clashing(), ~looked)
