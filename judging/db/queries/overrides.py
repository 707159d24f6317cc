"""Reads of decisions over sheets: the office's list, what counts on an entry, and what the public is told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from judging.db.models import Account, Assignment, Contest, Entry, Judge, SheetOverride, SheetVersion
from judging.domain.lifecycle import SETTLED_SHEETS, OverrideState, SheetState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

_Decider = aliased(Account)
_Other = aliased(Assignment)


class OverrideRow(NamedTuple):
    """A decision with the sheet it is about, by aliases, and the names of the two people.

    `stands` says whether its version of the sheet is the one that counts, `locked` whether also the entry is locked.
    """

    override: SheetOverride
    version: int
    assignment_id: str
    round: str
    judge: str
    entry: str
    number: int
    title: str
    erased_at: datetime | None
    by: str
    decided_by: str | None
    stands: bool
    locked: bool


class Told(NamedTuple):
    """A decision as everybody may read it: by aliases, without marks, reason or people."""

    judge: str
    entry: str
    exclude: bool


def count_overrides(session: Session, *, contest_id: str, besides: str | None) -> int:
    """How many decisions there are, those on entries of the account `besides` left out."""
    query = _rows(contest_id, besides).with_only_columns(func.count(SheetOverride.id)).order_by(None)
    return session.scalar(query) or 0


def list_overrides(
    session: Session, *, contest_id: str, besides: str | None, limit: int, offset: int = 0, before: str = ""
) -> list[OverrideRow]:
    """Decisions in every state, the newest first; `before` is the id of the last one that was seen."""
    query = _rows(contest_id, besides)
    if before:
        query = query.where(SheetOverride.id < before)
    return [OverrideRow(*row) for row in session.execute(query.limit(limit).offset(offset))]


def find_row(session: Session, override: SheetOverride) -> OverrideRow:
    """One decision with everything that is shown of it."""
    query = _rows(override.contest_id, None).where(SheetOverride.id == override.id)
    return OverrideRow(*session.execute(query).one())


def load_override(session: Session, override_id: str) -> SheetOverride | None:
    """A decision with its sheet, entry and contest."""
    reading = joinedload(SheetOverride.sheet).joinedload(SheetVersion.assignment)
    query = (
        select(SheetOverride)
        .where(SheetOverride.id == override_id)
        .options(
            reading.joinedload(Assignment.entry).joinedload(Entry.contest).joinedload(Contest.organisation),
            reading.joinedload(Assignment.judge),
        )
    )
    return session.scalar(query)


def overrides_of_entry(session: Session, entry: Entry) -> dict[str, SheetOverride]:
    """What waits or counts over the sheets of an entry, by the version's id; what waits comes before what counts."""
    query = (
        select(SheetOverride)
        .join(SheetVersion, SheetVersion.id == SheetOverride.sheet_id)
        .join(Assignment, Assignment.id == SheetVersion.assignment_id)
        .where(
            Assignment.entry_id == entry.id,
            SheetOverride.state.in_((OverrideState.PROPOSED.value, OverrideState.APPROVED.value)),
        )
        # "approved" sorts first, so that a proposal for the same version takes its place.
        .order_by(SheetOverride.state)
    )
    return {one.sheet_id: one for one in session.scalars(query)}


def overrides_in_force(session: Session, contest: Contest) -> Sequence[Told]:
    """The decisions that count now, in one query."""
    query = (
        select(Judge.alias, Entry.alias, SheetOverride.exclude)
        .join(SheetVersion, SheetVersion.id == SheetOverride.sheet_id)
        .join(
            Assignment,
            (Assignment.id == SheetVersion.assignment_id) & (Assignment.sheet_version == SheetVersion.number),
        )
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(
            SheetOverride.contest_id == contest.id,
            SheetOverride.state == OverrideState.APPROVED,
            Assignment.state == SheetState.SUBMITTED,
        )
        .order_by(Entry.alias, Judge.alias)
    )
    return [Told(*row) for row in session.execute(query)]


def _rows(contest_id: str, besides: str | None) -> Select[*tuple[Any, ...]]:
    stands = (Assignment.sheet_version == SheetVersion.number) & (Assignment.state == SheetState.SUBMITTED)
    awaited = select(_Other.id).where(
        _Other.entry_id == Assignment.entry_id,
        _Other.round == Assignment.round,
        _Other.state.not_in([state.value for state in SETTLED_SHEETS]),
    )
    query: Select[*tuple[Any, ...]] = (
        select(
            SheetOverride, SheetVersion.number, Assignment.id, Assignment.round, Judge.alias, Entry.alias,
            Entry.number, Entry.title, Entry.erased_at, Account.name, _Decider.name, stands,
            stands & ~awaited.exists(),
        )
        .join(SheetVersion, SheetVersion.id == SheetOverride.sheet_id)
        .join(Assignment, Assignment.id == SheetVersion.assignment_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Account, Account.id == SheetOverride.by_id)
        .outerjoin(_Decider, _Decider.id == SheetOverride.decided_by_id)
        .where(SheetOverride.contest_id == contest_id)
        .order_by(SheetOverride.id.desc())
    )  # fmt: skip
    return query if besides is None else query.where(Entry.owner_id != besides)
