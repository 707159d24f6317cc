"""Mending a plan with the fewest changes: after a judge dropped out, or for judges who came late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.models import Assignment, Entry, Judge
from judging.domain.assignment import JudgeSlot, Pair, Repair, repair_assignment
from judging.domain.lifecycle import ContestPhase, SheetState
from judging.domain.permissions import can_assign
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.errors import Conflict as Hindered
from judging.services.audit import record_event
from judging.services.judges.assigning.assignments import (
    RoundReadings,
    add_readings,
    check_round_takes,
    load_readings,
    seal_of,
)
from judging.services.judges.assigning.removal import remove_assignment
from judging.services.rounds.entries import round_row
from judging.services.score_log.acts import record_plan
from judging.services.score_log.opening import ensure_log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor
    from judging.domain.plan_settings import PlanSettings
    from judging.plugins import Registry

_UNFINISHED = frozenset({SheetState.ASSIGNED, SheetState.DRAFT, SheetState.REOPENED})
_LATE = N_("Given to a judge who came late.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairPlan:
    """A repair to look at. `leaving` drops out; `begun` are readings of theirs that they had begun.

    `seal` changes whenever the repair does.
    """

    repair: Repair
    entries: Mapping[str, Entry]
    judges: Mapping[str, Judge]
    existing: frozenset[Pair]
    settings: PlanSettings
    leaving: Judge | None
    begun: frozenset[Pair]
    seal: str

    @property
    def changes(self) -> int:
        """How many readings are added or taken."""
        return len(self.repair.plan.pairs) + len(self.repair.removed) + len(self.repair.lost)


def plan_repair(
    session: Session, *, registry: Registry, contest: Contest, round_key: str, leaving: Judge | None = None
) -> RepairPlan:
    """The least change that fills what can be filled: without a judge who drops out, or with those who came late.

    Readings that have begun stay where they are, but for those of the judge who drops out. Without a judge to drop out,
    judges who have nothing yet get their share, from readings that others have not begun.
    """
    now = load_readings(session, registry=registry, contest=contest, round_key=round_key)
    gone = leaving.alias if leaving is not None else ""
    lost = frozenset(pair for pair, state in now.made.items() if pair[0] == gone and state in _UNFINISHED)
    kept = now.existing - lost
    # What stands in spite of a conflict is shown to the office, which decides; it neither moves nor is lost silently.
    movable = {pair for pair in kept if now.made[pair] == SheetState.ASSIGNED} - now.forbidden
    current = {pair for pair in movable if pair[0] in now.judges}
    judges = {alias: judge for alias, judge in now.judges.items() if alias != gone}
    repair = repair_assignment(
        now.asked.entries, _slots(now, kept, gone), per_entry=now.per_entry, current=current, fixed=kept - current,
        forbidden=(now.forbidden | frozenset(now.made)) - kept, wishes=now.asked.wishes, groups=now.asked.groups,
    )  # fmt: skip
    repair = replace(repair, lost=tuple(sorted({*repair.lost, *lost})))
    return RepairPlan(
        repair=repair,
        entries=now.entries,
        judges={**judges, **({gone: leaving} if leaving is not None else {})},
        existing=kept - frozenset(repair.removed),
        settings=now.settings,
        leaving=leaving,
        begun=frozenset(pair for pair in lost if now.made[pair] != SheetState.ASSIGNED),
        seal=seal_of(now.settings, repair.plan.pairs, repair.removed, repair.lost),
    )


def apply_repair(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    round_key: str,
    seal: str,
    reason: str,
    actor: Actor,
    now: datetime,
    leaving: Judge | None = None,
) -> RepairPlan:
    """Make the repair that was looked at, in one act; a judge who drops out takes part no longer.

    Raises NotAllowed, Conflict when the repair changed since or the round is closed, Refused without a reason where a
    judge drops out.
    """
    if not can_assign(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Judges are assigned by the office, from the closing of entries to the end of judging."))
    if leaving is not None and not reason.strip():
        raise Refused([Problem(code="missing", where="reason", message=N_("Write the reason."))])
    ensure_log(session, contest, now=now)
    stage = round_row(session, contest=contest, round_key=round_key, lock=True)
    check_round_takes(stage.state)
    planned = plan_repair(session, registry=registry, contest=contest, round_key=round_key, leaving=leaving)
    if planned.seal != seal:
        raise Hindered(N_("The plan changed while you looked at it. Look at the new one, then assign."))
    taken = {*planned.repair.removed, *planned.repair.lost}
    for sheet in _sheets(session, contest, round_key, taken):
        remove_assignment(
            session, contest=contest, assignment=sheet, reason=reason.strip() or _LATE, actor=actor, now=now
        )
    add_readings(
        session, registry=registry, contest=contest, stage=stage, order=planned.repair.plan.order,
        judges=planned.judges, entries=planned.entries, now=now,
    )  # fmt: skip
    record_plan(session, contest=contest, round_key=round_key, now=now)
    _record(session, contest, round_key, planned, reason=reason.strip(), actor=actor, now=now)
    return planned


def _slots(now: RoundReadings, kept: frozenset[Pair], gone: str) -> Sequence[JudgeSlot]:
    """Who takes part; when nobody drops out, judges without any reading get a share at least."""
    slots = [slot for slot in now.asked.slots if slot.alias != gone]
    busy = {judge for judge, _ in kept}
    if gone or not busy:
        return [replace(slot, least=0) for slot in slots]
    return [slot if slot.alias in busy else replace(slot, least=_share(now, slot, slots)) for slot in slots]


def _share(now: RoundReadings, slot: JudgeSlot, slots: Sequence[JudgeSlot]) -> int:
    """What a judge would have if the readings of their panels were spread evenly over all who may have them."""
    panels = slot.panels or frozenset(panel for _, panel in now.asked.entries)
    places = now.per_entry * sum(panel in panels for _, panel in now.asked.entries)
    able = sum(not other.panels or bool(other.panels & panels) for other in slots)
    return min(slot.capacity, max(slot.least, places // max(able, 1)))


def _sheets(session: Session, contest: Contest, round_key: str, pairs: set[Pair]) -> list[Assignment]:
    """The readings behind the pairs, held until the unit of work ends."""
    query = (
        select(Assignment)
        .join(Assignment.judge)
        .join(Assignment.entry)
        .where(Assignment.contest_id == contest.id, Assignment.round == round_key)
        .where(Assignment.state.in_([state.value for state in _UNFINISHED]))
        .options(joinedload(Assignment.judge), joinedload(Assignment.entry))
        .order_by(Judge.alias, Entry.alias)
        .with_for_update(of=Assignment)
        .execution_options(populate_existing=True)
    )
    found = [one for one in session.scalars(query) if (one.judge.alias, one.entry.alias) in pairs]
    if len(found) != len(pairs):
        raise Hindered(N_("The plan changed while you looked at it. Look at the new one, then assign."))
    return found


def _record(
    session: Session,
    contest: Contest,
    round_key: str,
    planned: RepairPlan,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    repair, leaving = planned.repair, planned.leaving
    record_event(
        session, action="assignment-repaired", subject="round", subject_id=round_key, actor_id=actor.account_id,
        contest_id=contest.id, now=now,
        details={
            "added": len(repair.plan.pairs), "moved": len(repair.removed), "lost": len(repair.lost),
            "unfilled": len(repair.plan.unfilled),
        },
    )  # fmt: skip
    if leaving is None:
        return
    # The plan must not give the entries back to the judge who just left.
    leaving.is_active = False
    record_event(
        session, action="judge-released", subject="judge", subject_id=leaving.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"round": round_key, "sheets": len(repair.lost), "reason": reason}, now=now,
    )  # fmt: skip
