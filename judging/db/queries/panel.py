"""What a panel's chair reads: the sheets of the panels that the chair heads, as counts and states, never as marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from judging.db.models import Assignment, Entry, Judge, Panel, PanelSeat
from judging.db.queries.conflict_gate import bars
from judging.domain.lifecycle import SheetState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import InstrumentedAttribute, Session

_GONE = (SheetState.RECUSED.value, SheetState.REASSIGNED.value)
_FINISHED = (SheetState.SUBMITTED.value, SheetState.WRITTEN_OFF.value)


def headed_panels(session: Session, *, judge: Judge) -> Sequence[Panel]:
    """The panels that the judge heads, in the contest's order."""
    query = (
        select(Panel)
        .join(PanelSeat, PanelSeat.panel_id == Panel.id)
        .where(PanelSeat.judge_id == judge.id, PanelSeat.is_chair)
        .order_by(Panel.position)
    )
    return session.scalars(query).all()


def entries_of_headed_panels(session: Session, *, chair: Judge) -> frozenset[str]:
    """The aliases of the entries of the panels that the judge heads, but for those that the chair is off, or made."""
    categories = {category for panel in headed_panels(session, judge=chair) for category in panel.categories}
    query = select(Entry.alias).where(
        Entry.contest_id == chair.contest_id, Entry.category.in_(categories), *_impartial(chair, Entry.id)
    )
    return frozenset(session.scalars(query))


def list_sheets(
    session: Session, *, chair: Judge, categories: Collection[str], round_key: str, limit: int, offset: int
) -> Sequence[Assignment]:
    """The sheets of these categories in a round with entry and judge: unfinished ones first, then by entry.

    An entry that the chair is off, or made, is left out.
    """
    query = (
        _sheets(chair, categories)
        .where(Assignment.round == round_key)
        .options(contains_eager(Assignment.entry), joinedload(Assignment.judge).joinedload(Judge.account))
        .order_by(
            case((Assignment.state.in_(_FINISHED), 1), else_=0), Entry.number, Assignment.assigned_at, Assignment.id
        )
    )
    return session.scalars(query.limit(limit).offset(offset)).all()


def count_sheets(session: Session, *, chair: Judge, categories: Collection[str], round_key: str) -> tuple[int, int]:
    """How many sheets `list_sheets` has in all, and how many of them are finished."""
    found = _sheets(chair, categories).where(Assignment.round == round_key).subquery()
    finished = func.coalesce(func.sum(case((found.c.state.in_(_FINISHED), 1), else_=0)), 0)
    total, done = session.execute(select(func.count(), finished).select_from(found)).one()
    return total, done


def find_sheet(session: Session, *, chair: Judge, categories: Collection[str], sheet_id: str) -> Assignment | None:
    """One sheet of these categories with its entry and judge, or None when the chair has no business with it."""
    query = (
        _sheets(chair, categories)
        .where(Assignment.id == sheet_id)
        .options(
            contains_eager(Assignment.entry).joinedload(Entry.contest),
            joinedload(Assignment.judge).joinedload(Judge.account),
        )
    )
    return session.scalar(query)


def _sheets(chair: Judge, categories: Collection[str]) -> Select[Assignment]:
    return (
        select(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(
            Assignment.contest_id == chair.contest_id,
            Entry.category.in_(categories),
            Assignment.state.not_in(_GONE),
            *_impartial(chair, Assignment.entry_id),
        )
    )


def _impartial(chair: Judge, entry_id: InstrumentedAttribute[str]) -> tuple[ColumnElement[bool], ...]:
    return or_(Entry.owner_id.is_(None), Entry.owner_id != chair.account_id), ~bars(chair.id, entry_id)
