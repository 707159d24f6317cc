"""What a contest did before it had a log, recorded when the log begins: round by round, from the rows.

So it is for a contest that opened under an earlier version of the program, and for the demonstration year, whose rows
are made all at once. What such a log proves begins with its first checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from judging.db.models import Assignment, ChairVote, ContestRound, Entry, Judge, Prize, Publication, SheetVersion
from judging.domain.entry_states import EntryState
from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.leaf_types import Assign
from judging.domain.sheet_states import SheetState
from judging.services.rounds.states import list_rounds
from judging.services.score_log.appending import Log, NewLeaf, append
from judging.services.score_log.bodies import person_alias, recusal_leaf, removal_leaf, sheet_leaf, vote_leaf
from judging.services.score_log.closing import ADVANCED, CLOSED, add_round_event, close_log
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.papers import current_plan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest

_AT_A_TIME = 1000
# A sheet of such a reading does not count, though a version of it may be stored.
_TAKEN_OFF = (SheetState.RECUSED, SheetState.REASSIGNED, SheetState.WRITTEN_OFF)
_OUT = (EntryState.WITHDRAWN, EntryState.DISQUALIFIED)


def record_earlier_acts(session: Session, log: Log, *, contest: Contest, now: datetime, as_dated: bool = False) -> None:
    """Add everything that moved a result so far. `as_dated` gives leaves the times of their acts."""
    session.flush()
    rows = list_rounds(session, contest=contest)
    for number, row in enumerate(rows):
        if number and _has_readings(session, contest, row.key):
            # A judge who was taken off in an earlier round may have been given the entry anew.
            plan = sha256_hex(bytes(current_plan(session, contest)))
            append(session, log, [NewLeaf(body=Assign(round=row.key, assign_sha256=plan))], now=now)
        _record_round(session, log, contest, row, now=now, as_dated=as_dated)
    publication = session.scalar(
        select(Publication).where(Publication.contest_id == contest.id, Publication.withdrawn_at.is_(None))
    )
    if publication is not None:
        prizes = session.scalars(
            select(Prize).where(Prize.contest_id == contest.id).options(joinedload(Prize.entry)).order_by(Prize.id)
        )
        close_log(
            session, log, contest=contest, registry=keeper_of(session).registry, prizes=prizes.all(), counted=None,
            approved_by=person_alias(contest, publication.by_id), now=publication.at if as_dated else now,
        )  # fmt: skip


def _record_round(
    session: Session, log: Log, contest: Contest, row: ContestRound, *, now: datetime, as_dated: bool
) -> None:
    registry = keeper_of(session).registry
    _record_sheets(session, log, contest, row.key, now=now, as_dated=as_dated)
    leaves = [*_recusals(session, contest, row.key), *_removals(session, contest, row.key)]
    ended = row.closed_at if as_dated and row.closed_at is not None else now
    if leaves:
        append(session, log, leaves, now=ended)
    if row.state not in (CLOSED, ADVANCED):
        return
    for event in (CLOSED, ADVANCED):
        if event == ADVANCED and row.state != ADVANCED:
            break
        onward = add_round_event(
            session, log, contest=contest, registry=registry, round_key=row.key, event=event, counted=None, now=ended
        )
        if event == ADVANCED and row.advanced is None:
            row.advanced = list(onward)
        if event == CLOSED and (votes := list(_votes(session, contest, row.key))):
            append(session, log, votes, now=ended)


def _record_sheets(
    session: Session, log: Log, contest: Contest, round_key: str, *, now: datetime, as_dated: bool
) -> None:
    query = (
        select(SheetVersion, Judge.alias, Entry.alias)
        .join(Assignment, Assignment.id == SheetVersion.assignment_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.contest_id == contest.id, Assignment.round == round_key, Entry.state != EntryState.INELIGIBLE)
        .order_by(SheetVersion.submitted_at, SheetVersion.assignment_id, SheetVersion.number)
        .execution_options(yield_per=_AT_A_TIME)
    )
    newest: dict[str, int] = {}
    for batch in session.execute(query).partitions():
        leaves: list[NewLeaf] = []
        for version, judge, entry in batch:
            before = newest.get(version.assignment_id)
            newest[version.assignment_id] = log.size + len(leaves)
            leaf = sheet_leaf(version, round_key=round_key, judge=judge, entry=entry, supersedes=before)
            leaves.append(replace(leaf, at=version.submitted_at if as_dated else None))
        append(session, log, leaves, now=now)


def _recusals(session: Session, contest: Contest, round_key: str) -> Iterator[NewLeaf]:
    query = (
        select(Judge.alias, Entry.alias, Assignment.reason)
        .select_from(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(
            Assignment.contest_id == contest.id, Assignment.round == round_key, Assignment.state.in_(_TAKEN_OFF),
            (Assignment.state == SheetState.RECUSED) | (Assignment.sheet_version > 0),
        )
        .order_by(Assignment.changed_at, Assignment.id)
    )  # fmt: skip
    for judge, entry, reason in session.execute(query):
        yield recusal_leaf(judge=judge, entry=entry, reason=reason)


def _removals(session: Session, contest: Contest, round_key: str) -> Iterator[NewLeaf]:
    """Entries that are out, in the last round in which they had judges."""
    last = (
        select(Assignment.entry_id, func.max(ContestRound.position).label("position"))
        .join(ContestRound, (ContestRound.contest_id == Assignment.contest_id) & (ContestRound.key == Assignment.round))
        .where(Assignment.contest_id == contest.id)
        .group_by(Assignment.entry_id)
        .subquery()
    )
    query = (
        select(Entry.alias, Entry.state)
        .join(last, last.c.entry_id == Entry.id)
        .join(ContestRound, (ContestRound.contest_id == Entry.contest_id) & (ContestRound.position == last.c.position))
        .where(Entry.contest_id == contest.id, Entry.state.in_(_OUT), ContestRound.key == round_key)
        .order_by(Entry.number)
    )
    for alias, state in session.execute(query):
        yield removal_leaf(entry=alias, reason="", by="system", disqualified=state == EntryState.DISQUALIFIED)


def _votes(session: Session, contest: Contest, round_key: str) -> Iterator[NewLeaf]:
    """The votes of a round, those of one moment as one."""
    query = (
        select(ChairVote.at, ChairVote.reason, Entry.alias)
        .join(Entry, Entry.id == ChairVote.entry_id)
        .where(ChairVote.contest_id == contest.id, ChairVote.round == round_key)
        .order_by(ChairVote.at, ChairVote.reason, ChairVote.number.desc())
    )
    for (_, reason), rows in groupby(session.execute(query), key=lambda row: (row[0], row[1])):
        yield vote_leaf(round_key=round_key, order=[alias for _, _, alias in rows], minutes=reason)


def _has_readings(session: Session, contest: Contest, round_key: str) -> bool:
    found = select(Assignment.id).where(Assignment.contest_id == contest.id, Assignment.round == round_key).limit(1)
    return session.scalar(found) is not None
