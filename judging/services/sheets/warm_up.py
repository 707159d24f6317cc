"""Warm-up: judges look again at their first sheets of a round, once all others of theirs are in.

The first sheets are submitted, locked and receipted as any other, so that nothing is lost with a judge who never comes
back. The second look goes the way of a reopened sheet: what was submitted stays as a version, and a revision is the
next one, in the score log too. Until the judge has looked, the totals of the entry's other judges stay closed to them:
a revision never follows what others gave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.db.models import SecondLook
from judging.db.queries import judge as queries
from judging.db.queries.warm_up import FirstSheet, first_sheets_to_see_again
from judging.domain.lifecycle import SHEET_MOVES, ContestPhase, SheetState, find_move
from judging.errors import N_, Conflict
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.judges.repeats.order import has_open_repeat
from judging.services.sheets.drafts import restore_version
from judging.services.sheets.life import find_version
from judging.services.sheets.readings import hold_reading

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Assignment
    from judging.domain.permissions import Actor
    from judging.plugins import Registry
    from judging.services.sheets.readings import Reading


def looks_left(session: Session, *, reading: Reading) -> list[FirstSheet]:
    """The judge's first sheets of the reading's round that are to be looked at again now; none before the end."""
    if not _is_time(reading) or _has_work(session, reading.assignment) or has_open_repeat(session, reading=reading):
        return []
    return _first_sheets(session, reading)


def awaits_second_look(session: Session, *, reading: Reading) -> bool:
    """Whether the judge may still revise this sheet by a second look, so that nothing of others may be shown yet."""
    if not _is_time(reading):
        return False
    return any(one.assignment_id == reading.assignment.id for one in _first_sheets(session, reading))


def keep_first_sheet(
    session: Session, *, registry: Registry, assignment: Assignment, actor: Actor, now: datetime
) -> None:
    """Leave the sheet as it is. Raises Conflict when it is not to be looked at again now, NotFound for another's."""
    _take(session, registry=registry, assignment=assignment, actor=actor)
    _note(session, "warm-up-kept", assignment, kept=True, actor=actor, now=now)


def reopen_first_sheet(
    session: Session, *, registry: Registry, assignment: Assignment, actor: Actor, now: datetime
) -> None:
    """Open the sheet with its marks; the version that was submitted stays, the next one is a new version.

    Raises Conflict when it is not to be looked at again now or the round has ended, NotFound for another's.
    """
    reading = _take(session, registry=registry, assignment=assignment, actor=actor)
    if not reading.end.takes(now):
        raise Conflict(N_("The round has ended: a revision would not be taken. Keep the sheet as it is."))
    restore_version(assignment, find_version(session, assignment=assignment))
    assignment.state, assignment.reason, assignment.changed_at = SheetState.REOPENED.value, "", now
    _note(session, "warm-up-reopened", assignment, kept=False, actor=actor, now=now)


def _take(session: Session, *, registry: Registry, assignment: Assignment, actor: Actor) -> Reading:
    rules_in_force(registry, assignment.entry.contest)
    reading = hold_reading(session, registry=registry, assignment=assignment, actor=actor)
    move = find_move(SHEET_MOVES, SheetState(assignment.state), SheetState.REOPENED)
    offered = {one.assignment_id for one in looks_left(session, reading=reading)}
    if move is None or assignment.id not in offered:
        raise Conflict(N_("This sheet cannot be looked at again now. Ask the office if it needs a change."))
    return reading


def _is_time(reading: Reading) -> bool:
    return reading.judged.warm_up > 0 and reading.round_open and reading.contest.phase == ContestPhase.JUDGING


def _has_work(session: Session, assignment: Assignment) -> bool:
    tallies = queries.tallies(session, judge_ids=[assignment.judge_id])
    return any(one.round == assignment.round and one.state in queries.UNFINISHED for one in tallies)


def _first_sheets(session: Session, reading: Reading) -> list[FirstSheet]:
    return first_sheets_to_see_again(
        session, judge_ids=[reading.assignment.judge_id], round_key=reading.assignment.round,
        most=reading.judged.warm_up,
    )  # fmt: skip


def _note(session: Session, action: str, assignment: Assignment, *, kept: bool, actor: Actor, now: datetime) -> None:
    session.add(SecondLook(assignment_id=assignment.id, kept=kept, at=now))
    record_event(
        session, action=action, subject="assignment", subject_id=assignment.id, now=now, actor_id=actor.account_id,
        contest_id=assignment.contest_id,
        details={"round": assignment.round, "entry": assignment.entry.alias, "judge": assignment.judge.alias},
    )  # fmt: skip
    session.flush()
