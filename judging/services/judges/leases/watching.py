"""What the office sees of a round without a timetable: who stands where until when, and which booths wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.db.queries.judge import judge_in
from judging.db.queries.leases import lease_in_force, standing_leases, waiting_booths
from judging.domain.asides import can_answer_aside
from judging.domain.leases import LeaseEnd
from judging.domain.lifecycle import ContestPhase
from judging.errors import N_, Conflict, NotAllowed
from judging.services.judges.leases.setting import lease_minutes
from judging.services.judges.leases.taking import end_lease
from judging.services.sheets.readings import lock_assignment

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Assignment, Contest
    from judging.db.queries.leases import Standing, Waiting
    from judging.domain.permissions import Actor

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """How it stands on the floor: leases in force, the soonest over first, and booths that wait, the longest first.

    `minutes` is for how long a booth is kept, 0 where nobody is led from booth to booth.
    """

    minutes: int
    standing: list[Standing]
    waiting: list[Waiting]


def floor_now(session: Session, *, contest: Contest, round_key: str, now: datetime) -> Floor:
    """Who stands where, and which booths have waited longest. Always the same number of queries."""
    minutes = lease_minutes(session, contest=contest, round_key=round_key)
    if not minutes:
        return Floor(minutes=0, standing=[], waiting=[])
    leases = standing_leases(session, contest_id=contest.id, round_key=round_key, now=now)
    standing = [one for one in leases if not one.over]
    waiting = waiting_booths(
        session, contest_id=contest.id, round_key=round_key, now=now, limit=MOST_SHOWN,
        besides=[one.lease.entry_id for one in standing],
    )  # fmt: skip
    return Floor(minutes=minutes, standing=standing, waiting=waiting)


def may_release(actor: Actor, contest: Contest) -> bool:
    """Whether the actor may let booths go that judges have."""
    return can_answer_aside(actor, phase=ContestPhase(contest.phase))


def release_booth(session: Session, *, assignment: Assignment, actor: Actor, now: datetime) -> None:
    """Let the booth go that the judge of a reading has; their sheet stays theirs.

    Raises NotAllowed, and Conflict when the judge does not have it any more.
    """
    contest = assignment.entry.contest
    # At one sheet only its own judge has a judge's role: whoever judges other entries is asked for here.
    judges = actor.account_id and judge_in(session, contest_id=contest.id, account_id=actor.account_id)
    if judges or not may_release(actor, contest):
        raise NotAllowed(N_("The secretary and the organiser release booths, during judging."))
    lock_assignment(session, assignment)
    lease = lease_in_force(session, assignment=assignment, now=now)
    if lease is None:
        raise Conflict(N_("The judge does not have this booth any more."))
    end_lease(session, lease, LeaseEnd.RELEASED, action="booth-released", actor=actor, now=now)
