"""Who judges what: a plan to look at first, then its making, and changes of single pairs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, subqueryload

from judging.db.models import Assignment, Entry, Judge, Panel
from judging.domain.assignment import JudgeSlot, Pair, Plan, plan_assignment
from judging.domain.forcing import ForceState
from judging.domain.lifecycle import SHEET_MOVES, ContestPhase, SheetState, find_move, may_move
from judging.domain.permissions import can_assign
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.errors import Conflict as Hindered
from judging.services.audit import record_event
from judging.services.conflict_gate import barred_pairs
from judging.services.editions import rules_in_force
from judging.services.round_entries import enter_round, entries_of_round, judged_round, round_row
from judging.services.rounds import ADVANCED as ENDED
from judging.services.rounds import CLOSED, OPEN
from judging.services.score_log.acts import record_forced, record_plan, record_recusal
from judging.services.score_log.opening import ensure_log

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, ForcedAssignment
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules
    from judging.plugins import Registry

LIVE_SHEETS = (SheetState.ASSIGNED, SheetState.DRAFT, SheetState.REOPENED, SheetState.SUBMITTED)
# A written-off sheet was ended by a named decision: its place is not filled again.
_COUNTED = frozenset({*LIVE_SHEETS, SheetState.WRITTEN_OFF})
_UNFINISHED = (SheetState.ASSIGNED, SheetState.DRAFT, SheetState.REOPENED)
_NO_PANEL = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentPlan:
    """A plan with what it is made of. `seal` changes whenever the plan does."""

    plan: Plan
    entries: Mapping[str, Entry]
    judges: Mapping[str, Judge]
    existing: frozenset[Pair]
    forbidden: frozenset[Pair]
    seal: str

    @property
    def loads(self) -> tuple[int, ...]:
        """The number of entries of each judge with the plan, the smallest first."""
        return tuple(sorted(self.plan.load.values()))


def plan_round(session: Session, *, registry: Registry, contest: Contest, round_key: str) -> AssignmentPlan:
    """A fair plan for the entries of the round that lack judges; the same data give the same plan.

    Pairs that exist stay. A judge never gets an entry with a conflict, an own entry, or one that they gave up before.
    """
    rules = rules_in_force(registry, contest)
    judged = judged_round(rules, round_key)
    entries = {one.alias: one for one in entries_of_round(session, contest=contest, rules=rules, round_key=round_key)}
    judges = {judge.alias: judge for judge in _active_judges(session, contest)}
    made = _pairs(session, contest, round_key)
    existing = frozenset(pair for pair, state in made.items() if state in _COUNTED and pair[1] in entries)
    forbidden = frozenset(_forbidden(session, contest, entries, judges)) | (frozenset(made) - existing)
    panels = _panel_of_category(session, contest)
    plan = plan_assignment(
        [(alias, panels.get(entry.category, _NO_PANEL)) for alias, entry in entries.items()],
        [
            JudgeSlot(
                alias=judge.alias, panels=frozenset(seat.panel_id for seat in judge.seats), capacity=judge.capacity
            )
            for judge in judges.values()
        ],
        per_entry=judged.judges_per_entry,
        forbidden=forbidden - existing,
        existing=frozenset(pair for pair in existing if pair[0] in judges),
    )
    return AssignmentPlan(
        plan=plan, entries=entries, judges=judges, existing=existing, forbidden=forbidden - existing, seal=_seal(plan)
    )


def apply_plan(
    session: Session, *, registry: Registry, contest: Contest, round_key: str, seal: str, actor: Actor, now: datetime
) -> int:
    """Make the pairs of the plan that was looked at; returns how many. Raises Conflict when it changed since."""
    _check_may_assign(actor, contest)
    ensure_log(session, contest, now=now)
    row = round_row(session, contest=contest, round_key=round_key, lock=True)
    _check_round(row.state)
    planned = plan_round(session, registry=registry, contest=contest, round_key=round_key)
    if planned.seal != seal:
        raise Hindered(N_("The plan changed while you looked at it. Look at the new one, then assign."))
    last = _last_positions(session, contest, round_key)
    for alias, order in planned.plan.order.items():
        judge = planned.judges[alias]
        for place, entry_alias in enumerate(order, start=last.get(judge.id, 0) + 1):
            session.add(_assignment(round_key, planned.entries[entry_alias], judge, place=place, now=now))
    _enter_if_open(session, registry, contest, round_key, row.state)
    made = len(planned.plan.pairs)
    record_plan(session, contest=contest, round_key=round_key, now=now)
    record_event(
        session, action="assignment-made", subject="round", subject_id=round_key, actor_id=actor.account_id,
        contest_id=contest.id, details={"pairs": made, "unfilled": len(planned.plan.unfilled)}, now=now,
    )  # fmt: skip
    return made


def add_assignment(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    round_key: str,
    entry: Entry,
    judge: Judge,
    actor: Actor,
    now: datetime,
    forced: ForcedAssignment | None = None,
) -> Assignment:
    """Give one entry to one judge. Raises Conflict for a conflict of interest, an entry elsewhere, or a repeat.

    `forced` is the decision of two persons that lets the pair be in spite of a conflict.
    """
    _check_may_assign(actor, contest)
    ensure_log(session, contest, now=now)
    row = round_row(session, contest=contest, round_key=round_key, lock=True)
    _check_round(row.state)
    rules = rules_in_force(registry, contest)
    here = {one.alias: one for one in entries_of_round(session, contest=contest, rules=rules, round_key=round_key)}
    if entry.alias not in here or judge.contest_id != contest.id or not judge.is_active:
        raise Hindered(N_("That entry or that judge takes no part in this round."))
    if (judge.alias, entry.alias) in _pairs(session, contest, round_key):
        raise Hindered(N_("This judge has, or had, this entry in this round."))
    if not _is_forced(forced, entry, judge, round_key) and (judge.alias, entry.alias) in _forbidden(
        session, contest, {entry.alias: entry}, {judge.alias: judge}
    ):
        raise Hindered(N_("A conflict of interest keeps this judge from this entry."))
    place = _last_positions(session, contest, round_key).get(judge.id, 0) + 1
    made = _assignment(round_key, entry, judge, place=place, now=now)
    session.add(made)
    session.flush()
    _enter_if_open(session, registry, contest, round_key, row.state)
    if forced is None:
        record_plan(session, contest=contest, round_key=round_key, now=now)
    else:
        record_forced(session, contest=contest, forced=forced, now=now)
    record_event(
        session, action="judge-assigned", subject="assignment", subject_id=made.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"round": round_key, "entry": entry.alias, "judge": judge.alias}, now=now,
    )  # fmt: skip
    return made


def remove_assignment(
    session: Session, *, contest: Contest, assignment: Assignment, reason: str, actor: Actor, now: datetime
) -> None:
    """Take an unfinished sheet from its judge; the row stays, with the reason. Raises Conflict, Refused."""
    _check_may_assign(actor, contest)
    if not reason.strip():
        raise Refused([Problem(code="missing", where="reason", message=N_("Write the reason."))])
    move = find_move(SHEET_MOVES, SheetState(assignment.state), SheetState.REASSIGNED)
    if move is None or not may_move(move, actor.roles):
        raise Hindered(N_("A submitted sheet stays: reopen it, or record the judge's recusal."))
    ensure_log(session, contest, now=now)
    assignment.state = SheetState.REASSIGNED.value
    assignment.reason = reason.strip()
    assignment.changed_at = now
    if assignment.sheet_version:
        # The sheet was reopened, and its earlier version would count again.
        record_recusal(session, assignment=assignment, reason=reason, now=now)
    record_event(
        session, action="sheet-reassigned", subject="assignment", subject_id=assignment.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"round": assignment.round, "reason": reason.strip()}, now=now,
    )  # fmt: skip


def release_judge(
    session: Session, *, contest: Contest, round_key: str, judge: Judge, reason: str, actor: Actor, now: datetime
) -> int:
    """Take all unfinished sheets of the round from a judge who drops out; returns how many a new plan must fill."""
    query = (
        select(Assignment)
        .where(
            Assignment.contest_id == contest.id,
            Assignment.round == round_key,
            Assignment.judge_id == judge.id,
            Assignment.state.in_(_UNFINISHED),
        )
        .order_by(Assignment.position)
        .with_for_update()
    )
    sheets: Sequence[Assignment] = session.scalars(query).all()
    for sheet in sheets:
        remove_assignment(session, contest=contest, assignment=sheet, reason=reason, actor=actor, now=now)
    # The plan must not give the entries back to the judge who just left.
    judge.is_active = False
    record_event(
        session, action="judge-released", subject="judge", subject_id=judge.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"round": round_key, "sheets": len(sheets), "reason": reason.strip()}, now=now,
    )  # fmt: skip
    return len(sheets)


def _is_forced(forced: ForcedAssignment | None, entry: Entry, judge: Judge, round_key: str) -> bool:
    """Whether two persons decided just this."""
    if forced is None:
        return False
    pair = (forced.entry_id, forced.judge_id, forced.round) == (entry.id, judge.id, round_key)
    return pair and forced.state == ForceState.APPROVED and forced.decided_by_id not in (None, forced.by_id)


def _check_may_assign(actor: Actor, contest: Contest) -> None:
    if not can_assign(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Judges are assigned by the office, from the closing of entries to the end of judging."))


def _check_round(state: str) -> None:
    if state in (CLOSED, ENDED):
        raise Hindered(N_("The round is closed: nobody can be assigned in it any more."))


def _enter_if_open(session: Session, registry: Registry, contest: Contest, round_key: str, state: str) -> None:
    if state == OPEN:
        rules: ContestRules = rules_in_force(registry, contest)
        enter_round(session, contest=contest, rules=rules, round_key=round_key)


def _assignment(round_key: str, entry: Entry, judge: Judge, *, place: int, now: datetime) -> Assignment:
    return Assignment(
        contest_id=entry.contest_id, round=round_key, entry_id=entry.id, judge_id=judge.id, position=place,
        state=SheetState.ASSIGNED.value, assigned_at=now, changed_at=now,
    )  # fmt: skip


def _active_judges(session: Session, contest: Contest) -> Sequence[Judge]:
    query = (
        select(Judge)
        .where(Judge.contest_id == contest.id, Judge.is_active)
        .options(joinedload(Judge.account), subqueryload(Judge.seats))
        .order_by(Judge.alias)
    )
    return session.scalars(query).all()


def _pairs(session: Session, contest: Contest, round_key: str) -> dict[Pair, SheetState]:
    query = (
        select(Judge.alias, Entry.alias, Assignment.state)
        .select_from(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.contest_id == contest.id, Assignment.round == round_key)
    )
    return {(judge, entry): SheetState(state) for judge, entry, state in session.execute(query)}


def _forbidden(
    session: Session, contest: Contest, entries: Mapping[str, Entry], judges: Mapping[str, Judge]
) -> set[Pair]:
    return barred_pairs(session, contest=contest, entries=entries.values(), judges=judges.values())


def _panel_of_category(session: Session, contest: Contest) -> dict[str, str]:
    query = select(Panel).where(Panel.contest_id == contest.id).order_by(Panel.position)
    return {category: panel.id for panel in session.scalars(query) for category in panel.categories}


def _last_positions(session: Session, contest: Contest, round_key: str) -> dict[str, int]:
    query = (
        select(Assignment.judge_id, func.max(Assignment.position))
        .where(Assignment.contest_id == contest.id, Assignment.round == round_key)
        .group_by(Assignment.judge_id)
    )
    return dict(session.execute(query).all())


def _seal(plan: Plan) -> str:
    return hashlib.sha256(repr(sorted(plan.pairs)).encode()).hexdigest()
