"""Who judges what: a plan to look at first, then its making, and changes of single pairs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, subqueryload

from judging.db.models import Assignment, Entry, Judge, Panel
from judging.domain.assignment import Pair, Plan, plan_assignment
from judging.domain.forcing import ForceState
from judging.domain.lifecycle import ContestPhase, SheetState
from judging.domain.permissions import can_assign
from judging.errors import N_, NotAllowed
from judging.errors import Conflict as Hindered
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.judges.assigning.inputs import PlanInput, plan_input
from judging.services.judges.assigning.settings import judge_preferences, plan_settings
from judging.services.judges.conflicts.gate import barred_pairs
from judging.services.rounds.entries import enter_round, entries_of_round, judged_round, round_row
from judging.services.rounds.running import ADVANCED as ENDED
from judging.services.rounds.running import CLOSED, OPEN
from judging.services.score_log.acts import record_forced, record_plan
from judging.services.score_log.opening import ensure_log

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, ContestRound, ForcedAssignment
    from judging.domain.permissions import Actor
    from judging.domain.plan_settings import PlanSettings
    from judging.domain.rules import ContestRules
    from judging.plugins import Registry

LIVE_SHEETS = (SheetState.ASSIGNED, SheetState.DRAFT, SheetState.REOPENED, SheetState.SUBMITTED)
# A written-off sheet was ended by a named decision: its place is not filled again.
COUNTED = frozenset({*LIVE_SHEETS, SheetState.WRITTEN_OFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentPlan:
    """A plan with what it is made of. `seal` changes whenever the plan does."""

    plan: Plan
    entries: Mapping[str, Entry]
    judges: Mapping[str, Judge]
    existing: frozenset[Pair]
    forbidden: frozenset[Pair]
    settings: PlanSettings
    seal: str

    @property
    def loads(self) -> tuple[int, ...]:
        """The number of entries of each judge with the plan, the smallest first."""
        return tuple(sorted(self.plan.load.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundReadings:
    """A round as it stands before a plan: who reads what in which state, and which pairs nobody may make."""

    per_entry: int
    entries: Mapping[str, Entry]
    judges: Mapping[str, Judge]
    made: Mapping[Pair, SheetState]
    forbidden: frozenset[Pair]
    settings: PlanSettings
    asked: PlanInput

    @property
    def existing(self) -> frozenset[Pair]:
        """The readings that count, whoever's they are."""
        return frozenset(pair for pair, state in self.made.items() if state in COUNTED)


def load_readings(session: Session, *, registry: Registry, contest: Contest, round_key: str) -> RoundReadings:
    """The round with all that a plan or a repair of it is made from, always in the same number of queries."""
    rules = rules_in_force(registry, contest)
    judged = judged_round(rules, round_key)
    entries = {one.alias: one for one in entries_of_round(session, contest=contest, rules=rules, round_key=round_key)}
    judges = {judge.alias: judge for judge in _active_judges(session, contest)}
    made = {pair: state for pair, state in _pairs(session, contest, round_key).items() if pair[1] in entries}
    settings = plan_settings(session, contest=contest, round_key=round_key)
    return RoundReadings(
        per_entry=judged.judges_per_entry, entries=entries, judges=judges, made=made,
        forbidden=frozenset(_forbidden(session, contest, entries, judges)),
        settings=settings,
        asked=plan_input(
            rules, judged, entries=entries, judges=judges, panels=_panel_of_category(session, contest),
            existing=[pair for pair, state in made.items() if state in COUNTED], settings=settings,
            preferred=judge_preferences(session, contest=contest),
        ),
    )  # fmt: skip


def plan_round(session: Session, *, registry: Registry, contest: Contest, round_key: str) -> AssignmentPlan:
    """A fair plan for the entries of the round that lack judges; the same data give the same plan.

    Pairs that exist stay. A judge never gets an entry with a conflict, an own entry, or one that they gave up before.
    """
    round_now = load_readings(session, registry=registry, contest=contest, round_key=round_key)
    existing = round_now.existing
    forbidden = (round_now.forbidden | frozenset(round_now.made)) - existing
    asked = round_now.asked
    plan = plan_assignment(
        asked.entries, asked.slots, per_entry=round_now.per_entry, forbidden=forbidden, existing=existing,
        wishes=asked.wishes, goals=asked.goals, groups=asked.groups,
    )  # fmt: skip
    return AssignmentPlan(
        plan=plan, entries=round_now.entries, judges=round_now.judges, existing=existing, forbidden=forbidden,
        settings=round_now.settings, seal=seal_of(round_now.settings, plan.pairs),
    )  # fmt: skip


def apply_plan(
    session: Session, *, registry: Registry, contest: Contest, round_key: str, seal: str, actor: Actor, now: datetime
) -> int:
    """Make the pairs of the plan that was looked at; returns how many. Raises Conflict when it changed since."""
    check_may_assign(actor, contest)
    ensure_log(session, contest, now=now)
    row = round_row(session, contest=contest, round_key=round_key, lock=True)
    check_round_takes(row.state)
    planned = plan_round(session, registry=registry, contest=contest, round_key=round_key)
    if planned.seal != seal:
        raise Hindered(N_("The plan changed while you looked at it. Look at the new one, then assign."))
    add_readings(
        session, registry=registry, contest=contest, stage=row, order=planned.plan.order, judges=planned.judges,
        entries=planned.entries, now=now,
    )  # fmt: skip
    made = len(planned.plan.pairs)
    record_plan(session, contest=contest, round_key=round_key, now=now)
    record_event(
        session, action="assignment-made", subject="round", subject_id=round_key, actor_id=actor.account_id,
        contest_id=contest.id, details={"pairs": made, "unfilled": len(planned.plan.unfilled)}, now=now,
    )  # fmt: skip
    return made


def add_readings(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    stage: ContestRound,
    order: Mapping[str, Sequence[str]],
    judges: Mapping[str, Judge],
    entries: Mapping[str, Entry],
    now: datetime,
) -> None:
    """Give entries to judges after what each has, in the planned order; nothing is checked or recorded here."""
    last = _last_positions(session, contest, stage.key)
    for alias, aliases in order.items():
        judge = judges[alias]
        for place, entry_alias in enumerate(aliases, start=last.get(judge.id, 0) + 1):
            session.add(_assignment(stage.key, entries[entry_alias], judge, place=place, now=now))
    _enter_if_open(session, registry, contest, stage.key, stage.state)


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
    check_may_assign(actor, contest)
    ensure_log(session, contest, now=now)
    row = round_row(session, contest=contest, round_key=round_key, lock=True)
    check_round_takes(row.state)
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


def _is_forced(forced: ForcedAssignment | None, entry: Entry, judge: Judge, round_key: str) -> bool:
    """Whether two persons decided just this."""
    if forced is None:
        return False
    pair = (forced.entry_id, forced.judge_id, forced.round) == (entry.id, judge.id, round_key)
    return pair and forced.state == ForceState.APPROVED and forced.decided_by_id not in (None, forced.by_id)


def check_may_assign(actor: Actor, contest: Contest) -> None:
    """Refuse whoever may not assign judges now. Raises NotAllowed."""
    if not can_assign(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Judges are assigned by the office, from the closing of entries to the end of judging."))


def check_round_takes(state: str) -> None:
    """Refuse to change who judges what in a round that has ended. Raises Conflict."""
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


def seal_of(settings: PlanSettings, *parts: Collection[Pair]) -> str:
    """A digest that changes whenever what was asked for, or any of these sets of pairs, does."""
    return hashlib.sha256(repr((settings, [sorted(part) for part in parts])).encode()).hexdigest()
