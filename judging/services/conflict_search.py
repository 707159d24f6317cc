"""Conflicts of interest that names and units give away, kept as leads until a person has looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from judging.db.models import Conflict, Entry, Judge
from judging.domain.conflicts import EntryProfile, FoundConflict, JudgeProfile, derived_conflicts
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_assign
from judging.errors import N_, NotAllowed
from judging.services.audit import record_event
from judging.services.round_entries import OUT_OF_PLAY

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor

DETECTED = "detected"
_MENTOR_FIELDS = ("mentor", "mentors")
_UNIT_FIELDS = ("school", "unit", "organisation", "company")


def search_conflicts(session: Session, *, contest: Contest, actor: Actor, now: datetime) -> int:
    """Compare judges with authors, mentors and units, keep what is new, and return how many conflicts that are.

    A conflict that a person has withdrawn is not found again. Raises NotAllowed.
    """
    if not can_assign(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Judges are assigned by the office, from the closing of entries to the end of judging."))
    judges = {judge.alias: judge for judge in _judges(session, contest)}
    entries = {entry.alias: entry for entry in _entries(session, contest)}
    found = derived_conflicts(
        [JudgeProfile(alias=one.alias, name=one.account.name, unit=one.unit) for one in judges.values()],
        [_profile(entry) for entry in entries.values()],
        same_unit=True,
    )
    known = _known(session, contest)
    fresh = [one for one in found if (judges[one.judge].id, entries[one.entry].id, one.kind.value) not in known]
    for one in fresh:
        session.add(_row(contest, judges[one.judge], entries[one.entry], one, now))
    record_event(
        session, action="conflicts-searched", subject="contest", subject_id=contest.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"found": len(fresh)}, now=now,
    )  # fmt: skip
    return len(fresh)


def withdraw_conflict(session: Session, *, contest: Contest, conflict: Conflict, actor: Actor, now: datetime) -> None:
    """Set aside a found conflict that is none, such as two people of one name. The row stays. Raises NotAllowed."""
    if not can_assign(actor, phase=ContestPhase(contest.phase)) or conflict.source != DETECTED:
        raise NotAllowed(N_("Only a conflict that the search found can be set aside, and only by the office."))
    conflict.withdrawn_at = now
    record_event(
        session, action="conflict-withdrawn", subject="conflict", subject_id=conflict.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"kind": conflict.kind}, now=now,
    )  # fmt: skip


def _judges(session: Session, contest: Contest) -> list[Judge]:
    query = select(Judge).where(Judge.contest_id == contest.id, Judge.is_active).options(joinedload(Judge.account))
    return list(session.scalars(query))


def _entries(session: Session, contest: Contest) -> list[Entry]:
    query = (
        select(Entry)
        .where(Entry.contest_id == contest.id, Entry.state.not_in((*OUT_OF_PLAY, "draft")))
        .options(selectinload(Entry.members))
        .order_by(Entry.number)
    )
    return list(session.scalars(query))


def _profile(entry: Entry) -> EntryProfile:
    answers = entry.answers
    return EntryProfile(
        alias=entry.alias,
        authors=tuple(member.name for member in entry.members),
        mentors=tuple(str(answers[key]) for key in _MENTOR_FIELDS if answers.get(key)),
        units=tuple(
            unit
            for unit in (
                entry.unit,
                *(member.unit for member in entry.members),
                *(str(answers.get(key) or "") for key in _UNIT_FIELDS),
            )
            if unit
        ),
    )


def _known(session: Session, contest: Contest) -> set[tuple[str, str, str]]:
    query = select(Conflict.judge_id, Conflict.entry_id, Conflict.kind).where(Conflict.contest_id == contest.id)
    return {(judge_id, entry_id, kind) for judge_id, entry_id, kind in session.execute(query)}


def _row(contest: Contest, judge: Judge, entry: Entry, found: FoundConflict, now: datetime) -> Conflict:
    return Conflict(
        contest_id=contest.id, judge_id=judge.id, entry_id=entry.id, kind=found.kind.value, source=DETECTED,
        reason=found.evidence, at=now,
    )  # fmt: skip
