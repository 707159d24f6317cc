"""How many blind repeats a round has, and giving them: drawn from a recorded seed, judge by judge."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete

from judging.db.models import BlindRepeat, RepeatPlan
from judging.db.queries.leases import is_led
from judging.db.queries.repeats import HIDING, all_repeats_of_round, repeat_plan, repeatable_readings
from judging.db.types import new_id
from judging.domain.lifecycle import ContestPhase
from judging.domain.repeats import (
    Place,
    can_set_repeats,
    place_repeats,
    room_for,
    wanted_problems,
    why_not_repeated,
)
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.rounds.entries import judged_round, round_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Assignment, Contest, Judge
    from judging.domain.permissions import Actor
    from judging.plugins import Registry

_SEED_BYTES = 16
_TIME_LETTERS = len("01234567-89ab")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeRepeats:
    """What one judge has and may get: their readings in their own order, the repeats given, and those lacking."""

    judge: Judge
    readings: Sequence[Assignment]
    given: Sequence[BlindRepeat]
    room: int

    @property
    def short(self) -> bool:
        """Whether the judge has too few entries for all the repeats that are wanted."""
        return len(self.given) < self.room


def set_repeats(
    session: Session, *, registry: Registry, contest: Contest, round_key: str, per_judge: int, actor: Actor,
    now: datetime,
) -> int:  # fmt: skip
    """Record how many repeats each judge of the round gets, and give them; returns how many were given now.

    Another number takes back what was given and gives anew, as long as no judge has begun one; afterwards the number
    can only grow. Raises NotAllowed, Refused for a number out of range, and Conflict where a round can have none.
    """
    if not can_set_repeats(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Repeats are set by an organiser who does not judge here, until the end of judging."))
    if problems := list(wanted_problems(per_judge)):
        raise Refused(problems)
    judged = judged_round(rules_in_force(registry, contest), round_key)
    if per_judge and (why := why_not_repeated(blind=judged.blind, mode=judged.mode)):
        raise Conflict(why)
    if per_judge and is_led(session, contest=contest, round_key=round_key):
        message = N_("Judges of this round are led from booth to booth: nobody can be met twice without noticing it.")
        raise Refused([Problem(code="booths", where="per_judge", message=message)])
    if round_row(session, contest=contest, round_key=round_key, lock=True).state not in HIDING:
        raise Conflict(N_("The round is closed: no entry is shown in it again."))
    plan = repeat_plan(session, contest_id=contest.id, round_key=round_key)
    if plan is None:
        plan = RepeatPlan(contest_id=contest.id, round=round_key, per_judge=0, seed=secrets.token_hex(_SEED_BYTES))
        session.add(plan)
    if per_judge < plan.per_judge:
        _take_back(session, contest, round_key)
    plan.per_judge, plan.set_by_id, plan.set_at = per_judge, actor.account_id, now
    session.flush()
    record_event(
        session, action="repeats-set", subject="round", subject_id=round_key, actor_id=actor.account_id,
        contest_id=contest.id, details={"repeats": per_judge}, now=now,
    )  # fmt: skip
    return give_repeats(session, contest=contest, round_key=round_key, now=now)


def hides_entries(session: Session, *, contest: Contest, round_key: str) -> bool:
    """Whether judges of the round are to know entries by codes alone, since some are shown twice."""
    plan = repeat_plan(session, contest_id=contest.id, round_key=round_key)
    return plan is not None and plan.per_judge > 0


def give_repeats(session: Session, *, contest: Contest, round_key: str, now: datetime) -> int:
    """Give each judge of the round the repeats that they lack, and return how many these were; without a plan none.

    Whoever calls this holds the round.
    """
    plan = repeat_plan(session, contest_id=contest.id, round_key=round_key)
    if plan is None or not plan.per_judge:
        return 0
    made = 0
    for one in repeats_by_judge(session, contest=contest, round_key=round_key):
        order = [reading.id for reading in one.readings]
        after = {reading.position: index for index, reading in enumerate(one.readings, start=1)}
        shown = [Place(entry=row.assignment_id, after=after.get(row.after, 0)) for row in one.given]
        for place in place_repeats(
            order, wanted=plan.per_judge, seed=plan.seed, judge=one.judge.alias, shown=shown
        ):  # fmt: skip
            last = one.readings[place.after - 1]
            session.add(_repeat(place.entry, last, now=now))
            made += 1
    session.flush()
    return made


def repeats_by_judge(session: Session, *, contest: Contest, round_key: str) -> list[JudgeRepeats]:
    """Every judge with readings in the round, with the repeats that they have, by alias; three queries."""
    plan = repeat_plan(session, contest_id=contest.id, round_key=round_key)
    wanted = plan.per_judge if plan is not None else 0
    by_reading = {
        row.assignment_id: row for row in all_repeats_of_round(session, contest_id=contest.id, round_key=round_key)
    }
    return [
        JudgeRepeats(
            judge=judge, readings=readings, room=room_for(len(readings), wanted),
            given=[by_reading[one.id] for one in readings if one.id in by_reading],
        )
        for judge, readings in _by_judge(
            repeatable_readings(session, contest_id=contest.id, round_key=round_key)
        )
    ]  # fmt: skip


def _by_judge(readings: Sequence[Assignment]) -> Iterator[tuple[Judge, Sequence[Assignment]]]:
    for _judge_id, own in groupby(readings, key=lambda one: one.judge_id):
        kept = list(own)
        yield kept[0].judge, kept


def _take_back(session: Session, contest: Contest, round_key: str) -> None:
    rows = all_repeats_of_round(session, contest_id=contest.id, round_key=round_key)
    if any(row.draft_version for row in rows):
        raise Conflict(N_("A judge has begun a repeat: from now on the number can only grow."))
    session.execute(delete(BlindRepeat).where(BlindRepeat.id.in_([row.id for row in rows])))


def _repeat(assignment_id: str, last: Assignment, *, now: datetime) -> BlindRepeat:
    return BlindRepeat(
        id=_id_like(last.id), assignment_id=assignment_id, after=last.position, given_at=now, changed_at=now
    )  # fmt: skip


def _id_like(other: str) -> str:
    """A new id with the time of another: ids tell when they were made, and a repeat is made later than its like."""
    return str(UUID(other[:_TIME_LETTERS] + new_id()[_TIME_LETTERS:]))
