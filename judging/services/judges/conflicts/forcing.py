"""Assigning in spite of a conflict of interest: an organiser proposes and says why, a second person approves.

Both acts are in the audit log, and what was approved in the score log. Lifted are the conflicts that both looked at:
any other one, found or declared later, keeps the judge from the entry again. Nobody is ever given their own work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Assignment, Conflict, ForcedAssignment
from judging.db.types import new_id
from judging.domain.conflicts import ConflictKind, is_forcible
from judging.domain.forcing import ForceState, can_decide_force, can_propose_force
from judging.domain.lifecycle import ContestPhase, SheetState
from judging.domain.permissions import Actor, Role, can_withdraw_override
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.errors import Conflict as NotNow
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.judges.assigning.assignments import LIVE_SHEETS, add_assignment
from judging.services.judges.conflicts.finding import renew_conflicts
from judging.services.judges.conflicts.force_letters import tell_force_proposer, tell_force_seconds
from judging.services.results.overrides.persons import relation_of
from judging.services.rounds.entries import entries_of_round, judged_round, round_row
from judging.services.rounds.running import ADVANCED, CLOSED
from judging.services.score_log.acts import record_forced
from judging.services.score_log.opening import ensure_log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Entry, Judge
    from judging.plugins import Registry


def propose_force(
    session: Session,
    *,
    registry: Registry,
    round_key: str,
    entry: Entry,
    judge: Judge,
    reason: str,
    actor: Actor,
    now: datetime,
) -> ForcedAssignment:
    """Propose to give an entry to a judge whom a conflict keeps from it. Nothing is assigned or lifted yet.

    Whoever may approve it is told by letter. Raises NotAllowed, Refused without a reason, and Conflict when there is
    nothing to force or it cannot be forced.
    """
    contest = entry.contest
    relation = relation_of(session, actor=actor, entry=entry)
    if not can_propose_force(actor, relation, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Only an organiser proposes this, who neither judges in the contest nor made the entry."))
    if not reason.strip():
        raise Refused([Problem(code="reason-missing", message=N_("Write down the reason."), where="reason")])
    ensure_log(session, contest, now=now)
    kinds = _check_pair(session, registry, round_key=round_key, entry=entry, judge=judge, now=now)
    if not kinds:
        raise NotNow(N_("No conflict keeps this judge from this entry. Assign it in the ordinary way."))
    if _waiting(session, round_key=round_key, entry=entry, judge=judge) is not None:
        raise NotNow(N_("A proposal for this judge and this entry already waits for a second person."))
    forced = ForcedAssignment(
        id=new_id(), contest_id=contest.id, round=round_key, entry_id=entry.id, entry=entry, judge_id=judge.id,
        judge=judge, kinds=[kind.value for kind in kinds], reason=reason.strip(), state=ForceState.PROPOSED.value,
        by_id=str(actor.account_id), at=now,
    )  # fmt: skip
    session.add(forced)
    session.flush()
    _record(session, "force-proposed", forced, actor=actor, now=now)
    tell_force_seconds(session, forced=forced, rules=rules_in_force(registry, contest), now=now)
    return forced


def decide_force(
    session: Session, *, registry: Registry, forced: ForcedAssignment, actor: Actor, approve: bool, now: datetime
) -> ForcedAssignment:
    """Approve or reject a proposal, as a second person. What is approved is assigned at once, and in the score log.

    Raises NotAllowed, and Conflict when it no longer waits or what it was about has changed.
    """
    contest = forced.entry.contest
    ensure_log(session, contest, now=now)
    _hold(session, forced)
    relation = relation_of(session, actor=actor, entry=forced.entry)
    if not can_decide_force(actor, relation, proposed_by=forced.by_id):
        raise NotAllowed(N_("Somebody else decides on this: a second person, who neither proposed it nor judges here."))
    forced.decided_by_id, forced.decided_at = actor.account_id, now
    if approve:
        _approve(session, registry, forced, actor=actor, now=now)
    else:
        forced.state = ForceState.REJECTED.value
    session.flush()
    _record(session, "force-approved" if approve else "force-rejected", forced, actor=actor, now=now)
    tell_force_proposer(session, forced=forced, rules=rules_in_force(registry, contest), now=now)
    return forced


def withdraw_force(session: Session, *, forced: ForcedAssignment, actor: Actor, now: datetime) -> ForcedAssignment:
    """Take one's own proposal back before it is decided. Raises NotAllowed and Conflict."""
    _hold(session, forced)
    if not can_withdraw_override(actor, proposed_by=forced.by_id):
        raise NotAllowed(N_("A proposal is taken back by whoever made it."))
    forced.state, forced.decided_at = ForceState.WITHDRAWN.value, now
    session.flush()
    _record(session, "force-withdrawn", forced, actor=actor, now=now)
    return forced


def _approve(session: Session, registry: Registry, forced: ForcedAssignment, *, actor: Actor, now: datetime) -> None:
    entry, judge, contest = forced.entry, forced.judge, forced.entry.contest
    kinds = _check_pair(session, registry, round_key=forced.round, entry=entry, judge=judge, now=now)
    if [kind.value for kind in kinds] != forced.kinds:
        raise NotNow(N_("The conflicts are no longer those of the proposal. Reject it and make another one."))
    forced.state = ForceState.APPROVED.value
    for row in _barring(session, entry=entry, judge=judge):
        row.forced_id = forced.id
    session.flush()
    if _reading(session, forced.round, entry, judge) is not None:
        record_forced(session, contest=contest, forced=forced, now=now)
        return
    # The second person may be of the committee, which assigns nothing by itself: this an organiser has proposed.
    second = Actor(account_id=actor.account_id, roles=actor.roles | {Role.ORGANISER})
    add_assignment(
        session, registry=registry, contest=contest, round_key=forced.round, entry=entry, judge=judge, actor=second,
        now=now, forced=forced,
    )  # fmt: skip


def _check_pair(
    session: Session, registry: Registry, *, round_key: str, entry: Entry, judge: Judge, now: datetime
) -> Sequence[ConflictKind]:
    """The conflicts that bar now, looked for anew. Raises Conflict when the pair cannot be in this round at all."""
    contest = entry.contest
    rules = rules_in_force(registry, contest)
    judged = judged_round(rules, round_key)
    if round_row(session, contest=contest, round_key=round_key, lock=True).state in (CLOSED, ADVANCED):
        raise NotNow(N_("The round is closed: nobody can be assigned in it any more."))
    here = {one.id for one in entries_of_round(session, contest=contest, rules=rules, round_key=judged.key)}
    if entry.id not in here or judge.contest_id != contest.id or not judge.is_active:
        raise NotNow(N_("That entry or that judge takes no part in this round."))
    reading = _reading(session, round_key, entry, judge)
    if reading is not None and SheetState(reading.state) not in LIVE_SHEETS:
        raise NotNow(N_("This judge had this entry in this round and was taken off it: that cannot be undone."))
    renew_conflicts(session, contest_id=contest.id, judges=[judge], entries=[entry], now=now)
    every = session.scalars(
        select(Conflict.kind).where(
            Conflict.judge_id == judge.id, Conflict.entry_id == entry.id, Conflict.withdrawn_at.is_(None)
        )
    ).all()
    if entry.owner_id == judge.account_id or not is_forcible(every):
        raise NotNow(N_("Nobody judges their own entry: this cannot be forced."))
    return sorted(ConflictKind(row.kind) for row in _barring(session, entry=entry, judge=judge))


def _barring(session: Session, *, entry: Entry, judge: Judge) -> Sequence[Conflict]:
    query = select(Conflict).where(
        Conflict.judge_id == judge.id, Conflict.entry_id == entry.id, Conflict.withdrawn_at.is_(None), Conflict.bars,
        Conflict.forced_id.is_(None),
    )  # fmt: skip
    return session.scalars(query.order_by(Conflict.kind)).all()


def _reading(session: Session, round_key: str, entry: Entry, judge: Judge) -> Assignment | None:
    return session.scalar(
        select(Assignment).where(
            Assignment.round == round_key, Assignment.entry_id == entry.id, Assignment.judge_id == judge.id
        )
    )


def _waiting(session: Session, *, round_key: str, entry: Entry, judge: Judge) -> ForcedAssignment | None:
    query = select(ForcedAssignment).where(
        ForcedAssignment.entry_id == entry.id, ForcedAssignment.judge_id == judge.id,
        ForcedAssignment.round == round_key, ForcedAssignment.state == ForceState.PROPOSED,
    )  # fmt: skip
    return session.scalar(query.limit(1))


def _hold(session: Session, forced: ForcedAssignment) -> None:
    """Hold the proposal for this unit of work. Raises Conflict when it is decided already."""
    session.flush()
    session.refresh(forced, with_for_update={"of": ForcedAssignment})
    if forced.state != ForceState.PROPOSED:
        raise NotNow(N_("This proposal no longer waits: it was decided or taken back."))


def _record(session: Session, action: str, forced: ForcedAssignment, *, actor: Actor, now: datetime) -> None:
    record_event(
        session, action=action, subject="entry", subject_id=forced.entry_id, now=now, actor_id=actor.account_id,
        contest_id=forced.contest_id,
        details={
            "round": forced.round, "entry": forced.entry.alias, "judge": forced.judge.alias,
            "ties": list(forced.kinds), "reason": forced.reason,
        },
    )  # fmt: skip
