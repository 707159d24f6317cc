"""What the office's pages show of conflicts of interest; whether one bars is the gate's to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, func, select, true
from sqlalchemy.orm import aliased, joinedload

from judging.db.models import Account, Assignment, Conflict, ConflictStatement, Entry, ForcedAssignment, Judge
from judging.db.queries.conflict_gate import clashing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from judging.db.models import Contest

STANDING, HINT, LIFTED, ASIDE = "standing", "hint", "lifted", "aside"
STATES = (STANDING, HINT, LIFTED, ASIDE)
_LIVE = ("assigned", "draft", "reopened", "submitted")
_Decider = aliased(Account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which conflicts are listed; an empty word leaves that out of account."""

    kind: str = ""
    source: str = ""
    state: str = STANDING
    judge_id: str = ""


class ForcedRow(NamedTuple):
    """A proposal to assign in spite of a conflict, with the names of the two people."""

    forced: ForcedAssignment
    by: str
    decided_by: str | None


def state_of(row: Conflict) -> str:
    """Whether a conflict bars, is a hint only, was lifted by two persons, or was set aside."""
    if row.withdrawn_at is not None:
        return ASIDE
    if row.forced_id is not None:
        return LIFTED
    return STANDING if row.bars else HINT


def count_conflicts(session: Session, contest: Contest, wanted: Wanted) -> int:
    """How many conflicts are as wanted."""
    query = select(func.count()).select_from(Conflict).where(_as_wanted(contest, wanted))
    return session.scalar(query) or 0


def list_conflicts(
    session: Session, contest: Contest, wanted: Wanted, *, limit: int, offset: int = 0
) -> Sequence[Conflict]:
    """Conflicts as wanted with judge and entry, what was found first, then the newest."""
    query = (
        select(Conflict)
        .where(_as_wanted(contest, wanted))
        .options(joinedload(Conflict.judge).joinedload(Judge.account), joinedload(Conflict.entry))
        .order_by((Conflict.source != "detected").asc(), Conflict.at.desc(), Conflict.id)
    )
    return session.scalars(query.limit(limit).offset(offset)).all()


def find_conflict(session: Session, contest: Contest, conflict_id: str) -> Conflict | None:
    """One conflict of the contest with judge and entry."""
    query = (
        select(Conflict)
        .where(Conflict.id == conflict_id, Conflict.contest_id == contest.id)
        .options(joinedload(Conflict.judge).joinedload(Judge.account), joinedload(Conflict.entry))
    )
    return session.scalar(query)


def conflicts_of_entry(session: Session, entry: Entry) -> Sequence[Conflict]:
    """The conflicts of the entry, those that were set aside included."""
    query = (
        select(Conflict)
        .where(Conflict.entry_id == entry.id)
        .options(joinedload(Conflict.judge).joinedload(Judge.account))
        .order_by(Conflict.at, Conflict.id)
    )
    return session.scalars(query).all()


def list_clashes(session: Session, contest: Contest, *, limit: int, round_key: str = "") -> Sequence[Assignment]:
    """Readings that are still on although a conflict keeps the judge from the entry."""
    query = (
        select(Assignment)
        .where(
            Assignment.contest_id == contest.id, Assignment.state.in_(_LIVE), clashing(),
            Assignment.round == round_key if round_key else true(),
        )
        .options(joinedload(Assignment.judge).joinedload(Judge.account), joinedload(Assignment.entry))
        .order_by(Assignment.id)
        .limit(limit)
    )  # fmt: skip
    return session.scalars(query).all()


def clashing_pairs(session: Session, contest: Contest) -> frozenset[tuple[str, str]]:
    """Judge and entry of every reading that is on in spite of a conflict."""
    query = select(Assignment.judge_id, Assignment.entry_id).where(
        Assignment.contest_id == contest.id, Assignment.state.in_(_LIVE), clashing()
    )
    return frozenset((judge_id, entry_id) for judge_id, entry_id in session.execute(query))


def list_statements(session: Session, contest: Contest, *, limit: int) -> Sequence[ConflictStatement]:
    """Words on schools and units, those that stand first."""
    query = (
        select(ConflictStatement)
        .where(ConflictStatement.contest_id == contest.id)
        .options(joinedload(ConflictStatement.judge).joinedload(Judge.account))
        .order_by(ConflictStatement.withdrawn_at.is_not(None), ConflictStatement.at.desc(), ConflictStatement.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def find_statement(session: Session, contest: Contest, statement_id: str) -> ConflictStatement | None:
    """One word on a unit, of this contest."""
    query = select(ConflictStatement).where(
        ConflictStatement.id == statement_id, ConflictStatement.contest_id == contest.id
    )
    return session.scalar(query.options(joinedload(ConflictStatement.judge)))


def list_forced(
    session: Session, contest: Contest, *, besides: str | None, limit: int, before: str = "", round_key: str = ""
) -> list[ForcedRow]:
    """Proposals in every state, the newest first, those about entries of the account `besides` left out."""
    query = (
        select(ForcedAssignment, Account.name, _Decider.name)
        .join(Account, Account.id == ForcedAssignment.by_id)
        .join(Entry, Entry.id == ForcedAssignment.entry_id)
        .outerjoin(_Decider, _Decider.id == ForcedAssignment.decided_by_id)
        .where(ForcedAssignment.contest_id == contest.id, true() if besides is None else Entry.owner_id != besides)
        .options(joinedload(ForcedAssignment.judge).joinedload(Judge.account), joinedload(ForcedAssignment.entry))
        .order_by(ForcedAssignment.id.desc())
        .limit(limit)
    )
    if before:
        query = query.where(ForcedAssignment.id < before)
    if round_key:
        query = query.where(ForcedAssignment.round == round_key)
    return [ForcedRow(*row) for row in session.execute(query)]


def find_forced(session: Session, contest: Contest, forced_id: str) -> ForcedAssignment | None:
    """One proposal of this contest, with judge and entry."""
    query = (
        select(ForcedAssignment)
        .where(ForcedAssignment.id == forced_id, ForcedAssignment.contest_id == contest.id)
        .options(
            joinedload(ForcedAssignment.judge).joinedload(Judge.account),
            joinedload(ForcedAssignment.entry).joinedload(Entry.contest),
        )
    )
    return session.scalar(query)


def entry_of_alias(session: Session, contest: Contest, alias: str) -> Entry | None:
    """The entry of the contest that goes by this alias."""
    return session.scalar(select(Entry).where(Entry.contest_id == contest.id, Entry.alias == alias))


def judge_of_alias(session: Session, contest: Contest, alias: str) -> Judge | None:
    """The judge of the contest who goes by this alias."""
    return session.scalar(select(Judge).where(Judge.contest_id == contest.id, Judge.alias == alias))


def assigned_pairs(session: Session, contest: Contest, *, limit: int) -> Sequence[Assignment]:
    """Readings that are on, each pair of judge and entry once, for what only a person can judge."""
    first = (
        select(func.min(Assignment.id))
        .where(Assignment.contest_id == contest.id, Assignment.state.in_(_LIVE))
        .group_by(Assignment.judge_id, Assignment.entry_id)
    )
    query = (
        select(Assignment)
        .where(Assignment.id.in_(first))
        .options(joinedload(Assignment.judge).joinedload(Judge.account), joinedload(Assignment.entry))
        .order_by(Assignment.judge_id, Assignment.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def _as_wanted(contest: Contest, wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [Conflict.contest_id == contest.id]
    if wanted.kind:
        conditions.append(Conflict.kind == wanted.kind)
    if wanted.source:
        conditions.append(Conflict.source == wanted.source)
    if wanted.judge_id:
        conditions.append(Conflict.judge_id == wanted.judge_id)
    if wanted.state == ASIDE:
        conditions.append(Conflict.withdrawn_at.is_not(None))
    elif wanted.state in STATES:
        conditions.append(Conflict.withdrawn_at.is_(None))
        lifted = Conflict.forced_id.is_not(None)
        conditions.append(lifted if wanted.state == LIFTED else ~lifted)
        if wanted.state != LIFTED:
            conditions.append(Conflict.bars.is_(wanted.state == STANDING))
    return and_(*conditions)
