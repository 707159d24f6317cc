"""A judge asks where to go next: the booth of one of their own open readings, to themselves for some minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Assignment, BoothLease, ContestRound
from judging.db.queries.judge import undeclared_counts
from judging.db.queries.leases import last_lease, lease_in_force, lease_round, own_readings, standing_leases
from judging.domain.leases import SKIPS, Kept, Lease, LeaseEnd, Offer, OpenReading, Wait, choose_next
from judging.domain.lifecycle import ContestPhase
from judging.errors import N_, Conflict, NotFound
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.sheets.readings import OPEN_ROUND, check_may_score, hold_reading

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Judge
    from judging.db.queries.leases import OwnReading, Standing
    from judging.domain.leases import Next
    from judging.domain.permissions import Actor
    from judging.plugins import Registry


class AllTaken(Conflict):
    """Somebody stands at every booth left to the judge; `free_at` is when the first is free at the latest."""

    def __init__(self, free_at: datetime) -> None:
        super().__init__(N_("Another judge stands at every entry left to you."))
        self.free_at = free_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Where a judge would go next (`step`), with what it is worked out from.

    `readings` are the judge's open ones by entry, `standing` the leases that nobody has ended, `last` the judge's own
    newest one.
    """

    step: Next
    readings: dict[str, OwnReading]
    standing: list[Standing]
    last: Standing | None

    @property
    def own(self) -> Standing | None:
        """The lease by which the judge has a booth now."""
        if not isinstance(self.step, Kept):
            return None
        kept = self.step.lease.entry
        return next(one for one in self.standing if not one.over and one.lease.entry_id == kept)


def look_ahead(session: Session, *, judge: Judge, round_key: str, now: datetime) -> Outlook:
    """Where the judge would be led now; nothing is taken. Always the same number of queries."""
    readings = {one.entry_id: one for one in own_readings(session, judge=judge, round_key=round_key, now=now)}
    standing = standing_leases(session, contest_id=judge.contest_id, round_key=round_key, now=now)
    last = last_lease(session, judge=judge, round_key=round_key, now=now)
    step = _choose(readings, standing, last, judge=judge, now=now)
    return Outlook(step=step, readings=readings, standing=standing, last=last)


def take_next(
    session: Session, *, registry: Registry, contest: Contest, round_key: str, judge: Judge, actor: Actor, now: datetime
) -> BoothLease:
    """Give the judge the next booth, or the one that they have already.

    Two who ask at the same moment are led to different booths. Raises AllTaken, and Conflict when nothing is left, the
    round is not open or nobody is led from booth to booth in it, or conflicts of interest are still to be declared.
    """
    rules_in_force(registry, contest)
    row = lease_round(session, contest_id=contest.id, round_key=round_key, lock=True)
    if row is None or not row.minutes:
        raise Conflict(N_("In this round judges are not led from booth to booth."))
    _check_open(session, contest, round_key)
    outlook = look_ahead(session, judge=judge, round_key=round_key, now=now)
    if outlook.own is not None:
        return outlook.own.lease
    readings, step = dict(outlook.readings), outlook.step
    while isinstance(step, Offer):
        reading = session.get_one(Assignment, readings[step.entry].id)
        if _holds(session, registry, reading, actor):
            return _begin(session, row.minutes, reading, outlook, actor=actor, now=now)
        # Off the entry, or the sheet submitted elsewhere, since it was looked at.
        del readings[step.entry]
        step = _choose(readings, outlook.standing, outlook.last, judge=judge, now=now)
    if isinstance(step, Wait):
        raise AllTaken(step.free_at)
    raise Conflict(_why_nothing(session, judge))


def give_free(session: Session, *, registry: Registry, assignment: Assignment, actor: Actor, now: datetime) -> bool:
    """Let the booth of one's own reading go; sheet and draft stay. Returns False when one no longer had it.

    Raises NotFound when the reading is another's.
    """
    hold_reading(session, registry=registry, assignment=assignment, actor=actor)
    lease = lease_in_force(session, assignment=assignment, now=now)
    if lease is None:
        return False
    end_lease(session, lease, LeaseEnd.GIVEN_FREE, action="booth-given-free", actor=actor, now=now)
    return True


def end_lease(
    session: Session, lease: BoothLease, how: LeaseEnd, *, action: str, actor: Actor, now: datetime
) -> None:  # fmt: skip
    """End a lease by somebody's word. Whoever calls this has checked that it may be."""
    lease.ended_at, lease.state = now, how.value
    _record(session, action, lease.assignment, actor=actor, now=now)
    session.flush()


def _choose(
    readings: dict[str, OwnReading], standing: list[Standing], last: Standing | None, *, judge: Judge, now: datetime
) -> Next:
    return choose_next(
        [
            OpenReading(entry=one.entry_id, place=place, visits=one.visits, aside=one.aside)
            for place, one in enumerate(readings.values())
        ],
        [
            Lease(entry=one.lease.entry_id, judge=one.lease.judge_id, until=one.lease.until)
            for one in standing
            if not one.over
        ],
        judge=judge.id,
        now=now,
        skipped=last.lease.entry_id if last is not None and last.over in SKIPS else None,
    )


def _begin(
    session: Session, minutes: int, reading: Assignment, outlook: Outlook, *, actor: Actor, now: datetime
) -> BoothLease:
    # What is over is written down now that nothing else waits for these rows: it makes room in the two indexes.
    for lease, over, _booth in outlook.standing:
        if over:
            lease.ended_at, lease.state = min(lease.until, now), over
    session.flush()
    made = BoothLease(
        contest_id=reading.contest_id, round=reading.round, entry_id=reading.entry_id, judge_id=reading.judge_id,
        assignment_id=reading.id, minutes=minutes, sheet_version=reading.sheet_version, began_at=now,
        until=now + timedelta(minutes=minutes),
    )  # fmt: skip
    session.add(made)
    session.flush()
    _record(session, "booth-taken", reading, actor=actor, now=now)
    return made


def _holds(session: Session, registry: Registry, assignment: Assignment, actor: Actor) -> bool:
    try:
        check_may_score(hold_reading(session, registry=registry, assignment=assignment, actor=actor), actor)
    except (NotFound, Conflict):
        return False
    return True


def _check_open(session: Session, contest: Contest, round_key: str) -> None:
    state = session.scalar(
        select(ContestRound.state).where(ContestRound.contest_id == contest.id, ContestRound.key == round_key)
    )
    if contest.phase != ContestPhase.JUDGING or state != OPEN_ROUND:
        raise Conflict(N_("This round takes no sheets now."))


def _why_nothing(session: Session, judge: Judge) -> str:
    if undeclared_counts(session, judge_ids=[judge.id]):
        return N_("First say which entries you have a conflict of interest with.")
    return N_("No entry is left to you in this round.")


def _record(session: Session, action: str, assignment: Assignment, *, actor: Actor, now: datetime) -> None:
    record_event(
        session, action=action, subject="assignment", subject_id=assignment.id, actor_id=actor.account_id,
        contest_id=assignment.contest_id, now=now,
        details={
            "round": assignment.round, "entry": assignment.entry.alias, "judge": assignment.judge.alias,
        },
    )  # fmt: skip
