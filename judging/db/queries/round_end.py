"""When rounds end for whom: expressions for the queries that ask it of one reading, and the later ends of judges."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import joinedload

from judging.db.models import Assignment, IntakeSettings, Judge, LateSheet, RoundExtension
from judging.db.types import Instant
from judging.domain.lifecycle import SheetState
from judging.domain.round_end import NEVER

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import FromClause, ScalarSelect
    from sqlalchemy.orm import Session

_MOVED = RoundExtension.__table__
_INTAKE = IntakeSettings.__table__
_UNFINISHED = (SheetState.ASSIGNED.value, SheetState.DRAFT.value, SheetState.REOPENED.value)


def own_end(reading: FromClause) -> ScalarSelect[Any]:
    """The latest end that the judge of a reading was given, or the reading itself; None where there is none."""
    until = func.max(func.coalesce(_MOVED.c.new_at, literal(NEVER, Instant())), type_=Instant())
    return (
        select(until)
        .where(
            _MOVED.c.judge_id == reading.c.judge_id,
            _MOVED.c.round == reading.c.round,
            or_(_MOVED.c.assignment_id.is_(None), _MOVED.c.assignment_id == reading.c.id),
        )
        .correlate(reading)
        .scalar_subquery()
    )


def grace_minutes(reading: FromClause) -> ScalarSelect[Any]:
    """The written grace of the contest of a reading; None where nothing was set."""
    return (
        select(_INTAKE.c.grace_minutes)
        .where(_INTAKE.c.contest_id == reading.c.contest_id)
        .correlate(reading)
        .scalar_subquery()
    )


def later_ends(session: Session, *, judge_ids: Collection[str]) -> dict[tuple[str, str], datetime]:
    """The latest end that each of the judges was given for all their sheets of a round, by judge and round."""
    query = select(RoundExtension.judge_id, RoundExtension.round, RoundExtension.new_at).where(
        RoundExtension.judge_id.in_(judge_ids), RoundExtension.assignment_id.is_(None)
    )
    found: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
    for judge_id, round_key, until in session.execute(query):
        if judge_id is not None and until is not None:
            found[judge_id, round_key].append(until)
    return {place: max(moments) for place, moments in found.items()}


def list_extensions(session: Session, *, contest_id: str, round_key: str) -> Sequence[RoundExtension]:
    """How the end of a round was set and moved, the newest first, with who did it and for which judge."""
    query = (
        select(RoundExtension)
        .where(RoundExtension.contest_id == contest_id, RoundExtension.round == round_key)
        .options(joinedload(RoundExtension.by), joinedload(RoundExtension.judge).joinedload(Judge.account))
        .order_by(RoundExtension.at.desc(), RoundExtension.id.desc())
    )
    return session.scalars(query).all()


def list_late_sheets(session: Session, *, contest_id: str, round_key: str) -> Sequence[LateSheet]:
    """The sheets of a round that came after its end and are still awaited, the first one first; always one query."""
    query = (
        select(LateSheet)
        .join(Assignment, Assignment.id == LateSheet.assignment_id)
        .where(
            LateSheet.contest_id == contest_id, LateSheet.round == round_key, Assignment.state.in_(_UNFINISHED)
        )
        .options(
            joinedload(LateSheet.assignment).options(
                joinedload(Assignment.entry), joinedload(Assignment.judge).joinedload(Judge.account)
            )
        )
        .order_by(LateSheet.received_at, LateSheet.assignment_id)
    )  # fmt: skip
    return session.scalars(query).all()


def awaited_judges(session: Session, *, contest_id: str, round_key: str) -> Sequence[Judge]:
    """The judges with sheets of the round that are not in yet, by name."""
    waiting = select(Assignment.judge_id).where(
        Assignment.contest_id == contest_id, Assignment.round == round_key, Assignment.state.in_(_UNFINISHED)
    )
    query = select(Judge).where(Judge.id.in_(waiting), Judge.is_active).options(joinedload(Judge.account))
    return sorted(session.scalars(query), key=lambda one: (one.account.name, one.alias))
