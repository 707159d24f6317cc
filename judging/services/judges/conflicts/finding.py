"""Which conflicts follow from the data and from words on whole units, and keeping them as rows.

A row that was found stays although the data no longer show it: whoever could make a conflict vanish by changing their
own address would. The office sees that it is no longer seen, and sets it aside.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from judging.db.models import Conflict, ConflictStatement, ConflictTerms, Entry, Judge
from judging.domain.affiliations import unit_key
from judging.domain.conflicts import MAY_HINT, ConflictKind, derived_conflicts
from judging.domain.lifecycle import EntryState
from judging.services.judges.conflicts.profiles import entry_profiles, judge_profiles
from judging.services.rounds.entries import OUT_OF_PLAY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

DETECTED, DECLARED, BY_OFFICE, BY_UNIT = "detected", "declared", "office", "unit"
FOUND = (DETECTED, BY_UNIT)
"""Sources of what is looked for again and again; the others are somebody's word on one entry."""

Key = tuple[str, str, ConflictKind]
"""Judge and entry by their ids, and the kind."""


class Lead(NamedTuple):
    """What shows a conflict, and the statement that it follows from, if any."""

    evidence: str
    statement_id: str | None


def find_leads(
    session: Session, *, contest_id: str, judges: Collection[Judge], entries: Collection[Entry]
) -> Mapping[Key, Lead]:
    """What the data and the statements on units show now between these judges and entries."""
    if not judges or not entries:
        return {}
    profiles = entry_profiles(session, entries)
    found = derived_conflicts(judge_profiles(session, judges), profiles)
    leads: dict[Key, Lead] = {(one.judge, one.entry, one.kind): Lead(one.evidence, None) for one in found}
    by_unit: defaultdict[str, list[ConflictStatement]] = defaultdict(list)
    for statement in _statements(session, contest_id, judges):
        by_unit[statement.unit_key].append(statement)
    if by_unit:
        for profile in profiles:
            for key in {unit_key(unit) for unit in profile.units}:
                for one in by_unit.get(key, ()):
                    leads[one.judge_id, profile.alias, ConflictKind(one.kind)] = Lead(one.unit, one.id)
    return leads


def hints_of(session: Session, contest_id: str) -> frozenset[ConflictKind]:
    """The kinds of found conflicts that the contest counts as hints only."""
    terms = session.get(ConflictTerms, contest_id)
    stored = terms.hints if terms is not None else ()
    return frozenset(kind for kind in MAY_HINT if kind.value in stored)


def is_set_aside(row: Conflict, lead: Lead) -> bool:
    """Whether somebody has said of just this evidence that it is no conflict."""
    return row.withdrawn_at is not None and (row.evidence, row.statement_id) == (lead.evidence, lead.statement_id)


def renew_conflicts(
    session: Session, *, contest_id: str, judges: Collection[Judge], entries: Collection[Entry], now: datetime
) -> list[Conflict]:
    """Keep what is found between these judges and entries as rows, and return those that are new or stand again."""
    session.flush()
    leads = find_leads(session, contest_id=contest_id, judges=judges, entries=entries)
    hints = hints_of(session, contest_id)
    rows = rows_between(session, judges=judges, entries=entries)
    fresh = []
    for (judge_id, entry_id, kind), lead in leads.items():
        row = rows.get((judge_id, entry_id, kind))
        if row is None:
            row = Conflict(contest_id=contest_id, judge_id=judge_id, entry_id=entry_id, kind=kind.value)
            session.add(row)
            _stand(row, lead, bars=_bars(kind, lead, hints), now=now)
            fresh.append(row)
        elif row.withdrawn_at is not None and not is_set_aside(row, lead):
            _stand(row, lead, bars=_bars(kind, lead, hints), now=now)
            fresh.append(row)
        elif row.withdrawn_at is None:
            _see_again(row, lead, bars=_bars(kind, lead, hints))
    for key, row in rows.items():
        if row.source in FOUND and key not in leads and row.unseen_at is None:
            row.unseen_at = now
    session.flush()
    return fresh


def rows_between(session: Session, *, judges: Collection[Judge], entries: Collection[Entry]) -> dict[Key, Conflict]:
    """All rows between these judges and entries, those that were set aside included."""
    query = select(Conflict).where(
        Conflict.judge_id.in_([judge.id for judge in judges]), Conflict.entry_id.in_([entry.id for entry in entries])
    )
    return {(row.judge_id, row.entry_id, ConflictKind(row.kind)): row for row in session.scalars(query)}


def active_judges(session: Session, contest_id: str) -> list[Judge]:
    """The judges of a contest who may be given entries."""
    return list(session.scalars(select(Judge).where(Judge.contest_id == contest_id, Judge.is_active)))


def entries_in_play(session: Session, contest_id: str) -> list[Entry]:
    """The entries of a contest that were handed in and not taken out."""
    query = select(Entry).where(
        Entry.contest_id == contest_id, Entry.state.not_in((*OUT_OF_PLAY, EntryState.DRAFT.value))
    )
    return list(session.scalars(query.order_by(Entry.number)))


def _statements(session: Session, contest_id: str, judges: Collection[Judge]) -> list[ConflictStatement]:
    query = select(ConflictStatement).where(
        ConflictStatement.contest_id == contest_id, ConflictStatement.withdrawn_at.is_(None),
        ConflictStatement.judge_id.in_([judge.id for judge in judges]),
    )  # fmt: skip
    return list(session.scalars(query.order_by(ConflictStatement.at, ConflictStatement.id)))


def _bars(kind: ConflictKind, lead: Lead, hints: frozenset[ConflictKind]) -> bool:
    # A word on a unit is no hint, whatever its kind: somebody has said it.
    return lead.statement_id is not None or kind not in hints


def _stand(row: Conflict, lead: Lead, *, bars: bool, now: datetime) -> None:
    row.source = BY_UNIT if lead.statement_id else DETECTED
    row.reason, row.evidence, row.statement_id = lead.evidence, lead.evidence, lead.statement_id
    row.bars, row.by_id, row.at = bars, None, now
    row.withdrawn_at = row.withdrawn_by_id = row.forced_id = row.unseen_at = None
    row.withdrawn_reason = ""


def _see_again(row: Conflict, lead: Lead, *, bars: bool) -> None:
    row.unseen_at = None
    if row.source not in FOUND:
        return
    row.bars = bars
    if (row.evidence, row.statement_id) != (lead.evidence, lead.statement_id):
        # Another tie than the one that was looked at: nobody has lifted this one.
        row.reason = row.evidence = lead.evidence
        row.statement_id, row.forced_id = lead.statement_id, None
        row.source = BY_UNIT if lead.statement_id else DETECTED
