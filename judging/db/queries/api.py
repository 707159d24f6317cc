"""Lists as programs read them: a part at a time, each part found by the key of the row before it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from judging.db.models import (
    Account,
    Assignment,
    Contest,
    ContestRole,
    ContestRound,
    Entry,
    Judge,
    OrganisationRole,
    SheetVersion,
    UnitsAnswer,
)
from judging.db.queries.asides import is_aside
from judging.db.queries.conflict_gate import clashing
from judging.db.queries.counting import NEWEST_VERSION
from judging.db.queries.judge import UNFINISHED
from judging.domain.lifecycle import ContestPhase, SheetState

if TYPE_CHECKING:
    from judging.db.models import BlindRepeat

_GONE = (SheetState.RECUSED.value, SheetState.REASSIGNED.value)


class SheetRow(NamedTuple):
    """A submitted sheet with the aliases of its judge and entry, and the entry's number."""

    assignment_id: str
    judge: str
    entry: str
    number: int
    version: SheetVersion


def list_contests(session: Session, *, office_of: Account | None, after: str, limit: int) -> Sequence[Contest]:
    """Contests that are announced, the newest first, and those in preparation whose office `office_of` is in."""
    query = select(Contest).options(joinedload(Contest.organisation)).order_by(Contest.id.desc()).limit(limit)
    if office_of is None or not office_of.is_administrator:
        query = query.where(_may_know(office_of))
    if after:
        query = query.where(Contest.id < after)
    return session.scalars(query).all()


def _may_know(account: Account | None) -> ColumnElement[bool]:
    announced = Contest.phase != ContestPhase.DRAFT.value
    if account is None:
        return announced
    by_contest = select(ContestRole.contest_id).where(ContestRole.account_id == account.id)
    by_organisation = select(OrganisationRole.organisation_id).where(OrganisationRole.account_id == account.id)
    return or_(announced, Contest.id.in_(by_contest), Contest.organisation_id.in_(by_organisation))


def list_entries(
    session: Session,
    *,
    contest_id: str,
    owner_id: str | None,
    states: Collection[str] | None,
    category: str | None,
    after: int,
    limit: int,
) -> Sequence[Entry]:
    """Entries of a contest by number; only those of `owner_id` when it is given, or in one of `states`.

    Drafts of others are left out unless they are asked for.
    """
    query = select(Entry).where(Entry.contest_id == contest_id, Entry.number > after).order_by(Entry.number)
    if owner_id is not None:
        query = query.where(Entry.owner_id == owner_id)
    elif states is None:
        query = query.where(Entry.state != "draft")
    if states is not None:
        query = query.where(Entry.state.in_(states))
    if category is not None:
        query = query.where(Entry.category == category)
    return session.scalars(query.limit(limit)).all()


def list_judges(session: Session, *, contest_id: str, after: str, limit: int) -> Sequence[Judge]:
    """The judges of a contest with accounts and seats, in the order in which they were named."""
    query = (
        select(Judge)
        .where(Judge.contest_id == contest_id, Judge.id > after)
        .options(joinedload(Judge.account), selectinload(Judge.seats))
        .order_by(Judge.id)
        .limit(limit)
    )
    return session.scalars(query).all()


class AssignedRow(NamedTuple):
    """A person's reading, or a repeat of one, with where its round stands; those set `aside` come last."""

    assignment: Assignment | BlindRepeat
    stage: ContestRound | None
    aside: bool


def list_assignments(
    session: Session,
    *,
    account_id: str,
    contest: str | None,
    state: str | None,
    after: str,
    limit: int,
    after_aside: bool = False,
) -> list[AssignedRow]:
    """A person's readings with their entries, contests and rounds, in the order in which they were given.

    Those that the judge has set aside come last; `after_aside` says that `after` is one of them. Left out are readings
    that the judge was taken off, and those that nobody may know of before their ties to schools and units are declared.
    """
    aside = is_aside()
    query = (
        select(Assignment, ContestRound, aside)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Contest, Contest.id == Assignment.contest_id)
        .outerjoin(
            ContestRound,
            and_(ContestRound.contest_id == Assignment.contest_id, ContestRound.key == Assignment.round),
        )
        .where(
            Judge.account_id == account_id, Judge.is_active, Assignment.state.not_in(_GONE), ~clashing(),
            is_told_of(),
        )
        .where(and_(aside, Assignment.id > after) if after_aside else or_(aside, Assignment.id > after))
        .options(joinedload(Assignment.entry).joinedload(Entry.contest), joinedload(Assignment.judge))
        .order_by(case((aside, 1), else_=0), Assignment.id)
        .limit(limit)
    )  # fmt: skip
    if contest is not None:
        query = query.where(Contest.slug == contest)
    if state is not None:
        query = query.where(Assignment.state == state)
    return [AssignedRow(*row) for row in session.execute(query)]


def is_told_of() -> ColumnElement[bool]:
    """Whether the judge of a query's row may know of the reading: not before their ties to schools and units."""
    return or_(~_undeclared(), _has_answered())


def contests_before_units(session: Session, *, account_id: str) -> Sequence[str]:
    """The slugs of the contests whose readings are left out until the person has declared ties to schools and units."""
    query = (
        select(Contest.slug)
        .join(Judge, Judge.contest_id == Contest.id)
        .join(Assignment, Assignment.judge_id == Judge.id)
        .where(
            Judge.account_id == account_id, Judge.is_active, Assignment.state.in_(UNFINISHED), ~clashing(),
            _undeclared(), ~_has_answered(),
        )
        .distinct()
        .order_by(Contest.slug)
    )  # fmt: skip
    return session.scalars(query).all()


def _undeclared() -> ColumnElement[bool]:
    """Whether the reading came since its judge last declared their conflicts."""
    return or_(Judge.conflicts_declared_at.is_(None), Assignment.assigned_at > Judge.conflicts_declared_at)


def _has_answered() -> ColumnElement[bool]:
    """Whether the judge has said which schools and units they are tied to."""
    return exists().where(UnitsAnswer.judge_id == Judge.id)


def list_sheets(
    session: Session,
    *,
    contest_id: str,
    round_key: str,
    locked: Select[str] | None,
    besides: str | None,
    after: str,
    limit: int,
) -> list[SheetRow]:
    """The newest version of every submitted sheet of a round; of the `locked` entries only when these are given.

    Entries that the account `besides` owns are left out: nobody reads sheets on their own work here.
    """
    query = (
        select(Assignment.id, Judge.alias, Entry.alias, Entry.number, SheetVersion)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(SheetVersion, NEWEST_VERSION)
        .where(
            Assignment.contest_id == contest_id, Assignment.round == round_key, Assignment.id > after,
            Assignment.state == SheetState.SUBMITTED.value, Entry.owner_id != (besides or ""),
        )
        .order_by(Assignment.id)
        .limit(limit)
    )  # fmt: skip
    if locked is not None:
        query = query.where(Assignment.entry_id.in_(locked))
    return [SheetRow(*row) for row in session.execute(query)]
