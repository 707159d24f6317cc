"""Decisions of two people over a submitted sheet: other marks for it, or its exclusion. The sheet itself stays.

A sheet cannot be changed, not even by an organiser. What is wrong with one is put right in daylight: one person
proposes and says why, a second one approves, and both stand in the score log that everybody reads afterwards.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from judging.db.models import SheetOverride, SheetVersion
from judging.db.types import new_id
from judging.domain.lifecycle import ContestPhase, OverrideState, SheetState
from judging.domain.permissions import (
    can_decide_override,
    can_propose_override,
    can_withdraw_override,
    is_override_time,
)
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, NotFound, Refused
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.results.overrides.letters import tell_proposer, tell_second_persons
from judging.services.results.overrides.persons import relation_of
from judging.services.results.prizes import living_publication
from judging.services.rounds.entries import OUT_OF_PLAY, judged_round, round_row
from judging.services.rounds.running import CLOSED
from judging.services.rounds.states import list_rounds
from judging.services.score_log.acts import record_override
from judging.services.score_log.opening import ensure_log, hold_log
from judging.services.score_log.publishing import closed_size
from judging.services.sheets.drafts import canonical_marks, missing_and_wrong, read_draft
from judging.services.sheets.life import find_version
from judging.services.sheets.readings import OPEN_ROUND, entry_is_locked, lock_assignment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Assignment, Contest, Entry
    from judging.domain.permissions import Actor
    from judging.domain.rules import Round
    from judging.plugins import Registry

_DECIDABLE_ROUNDS = (OPEN_ROUND, CLOSED)
# What a decision has in place of comments is its reason.
_OF_COMMENTS = ("comment-", "overall-")


def propose_override(
    session: Session,
    *,
    registry: Registry,
    assignment: Assignment,
    actor: Actor,
    exclude: bool,
    marks: Mapping[str, str],
    reason: str,
    locale: str,
    now: datetime,
) -> SheetOverride:
    """Propose other marks (texts by mark key, all of them) for the newest version of a sheet, or its exclusion.

    Whoever may approve it is told by letter. Raises NotAllowed, Conflict when it is not the time or the sheet, and
    Refused with everything that is wrong with reason and marks.
    """
    rules = rules_in_force(registry, assignment.entry.contest)
    judged = judged_round(rules, assignment.round)
    ensure_log(session, assignment.entry.contest, now=now)
    lock_assignment(session, assignment)
    relation = relation_of(session, actor=actor, entry=assignment.entry)
    locked = entry_is_locked(session, entry_id=assignment.entry_id, round_key=assignment.round)
    if not can_propose_override(actor, relation, locked=locked):
        raise NotAllowed(_not_yours(locked=locked))
    version = _standing_version(session, assignment, judged, now=now)
    if find_override(session, sheet_id=version.id, state=OverrideState.PROPOSED) is not None:
        raise Conflict(N_("A proposal for this sheet already waits for a second person."))
    given = _wanted_marks(session, judged, version, exclude=exclude, marks=marks, reason=reason, locale=locale)
    override = SheetOverride(
        id=new_id(), contest_id=assignment.contest_id, sheet_id=version.id, sheet=version, exclude=exclude,
        marks=given, reason=reason.strip(), state=OverrideState.PROPOSED.value, by_id=str(actor.account_id), at=now,
    )  # fmt: skip
    session.add(override)
    session.flush()
    _record_act(session, "override-proposed", override, actor=actor, now=now)
    tell_second_persons(session, override=override, assignment=assignment, rules=rules, now=now)
    return override


def decide_override(
    session: Session, *, registry: Registry, override: SheetOverride, actor: Actor, approve: bool, now: datetime
) -> SheetOverride:
    """Approve or reject a proposal, as a second person. An approved one counts at once and is in the score log.

    A proposal can be rejected at any time, and approved only while it could be made. Raises NotAllowed and Conflict.
    """
    assignment = override.sheet.assignment
    rules = rules_in_force(registry, assignment.entry.contest)
    ensure_log(session, assignment.entry.contest, now=now)
    _hold(session, override)
    relation = relation_of(session, actor=actor, entry=assignment.entry)
    if not can_decide_override(actor, relation, proposed_by=override.by_id):
        raise NotAllowed(N_("Somebody else decides on this: a second person, who neither proposed it nor judges here."))
    override.decided_by_id, override.decided_at = actor.account_id, now
    if approve:
        _approve(session, override, judged_round(rules, assignment.round), actor=actor, now=now)
    else:
        override.state = OverrideState.REJECTED.value
        _record_act(session, "override-rejected", override, actor=actor, now=now)
    session.flush()
    tell_proposer(session, override=override, assignment=assignment, rules=rules, now=now)
    return override


def withdraw_override(session: Session, *, override: SheetOverride, actor: Actor, now: datetime) -> SheetOverride:
    """Take one's own proposal back before it is decided. Raises NotAllowed and Conflict."""
    _hold(session, override)
    if not can_withdraw_override(actor, proposed_by=override.by_id):
        raise NotAllowed(N_("A proposal is taken back by whoever made it."))
    override.state, override.decided_at = OverrideState.WITHDRAWN.value, now
    _record_act(session, "override-withdrawn", override, actor=actor, now=now)
    session.flush()
    return override


def proposable_rounds(session: Session, *, entry: Entry, actor: Actor) -> frozenset[str]:
    """The rounds whose locked sheets on the entry the actor may propose something for now."""
    contest = entry.contest
    if not can_propose_override(actor, relation_of(session, actor=actor, entry=entry), locked=True):
        return frozenset()
    if not is_override_time(ContestPhase(contest.phase), withdrawn=_is_withdrawn(session, contest)):
        return frozenset()
    rows = list_rounds(session, contest=contest)
    return frozenset(row.key for row in rows if row.state in _DECIDABLE_ROUNDS)


def find_override(session: Session, *, sheet_id: str, state: OverrideState) -> SheetOverride | None:
    """The decision over a version of a sheet in that state; of proposed and approved ones there is at most one."""
    query = select(SheetOverride).where(SheetOverride.sheet_id == sheet_id, SheetOverride.state == state)
    return session.scalar(query.order_by(SheetOverride.at.desc(), SheetOverride.id.desc()).limit(1))


def _approve(session: Session, override: SheetOverride, judged: Round, *, actor: Actor, now: datetime) -> None:
    assignment = override.sheet.assignment
    version = _standing_version(session, assignment, judged, now=now)
    if version.id != override.sheet_id:
        raise Conflict(N_("The judge has submitted the sheet anew since this was proposed. Look at the new version."))
    if not entry_is_locked(session, entry_id=assignment.entry_id, round_key=assignment.round):
        raise Conflict(_not_yours(locked=False))
    # The rubric may have been amended meanwhile.
    if not override.exclude and _wrong_marks(judged, override.marks, locale="en"):
        raise Conflict(N_("The proposed marks no longer fit the rubric. Reject the proposal and make another one."))
    session.execute(
        update(SheetOverride)
        .where(SheetOverride.sheet_id == version.id, SheetOverride.state == OverrideState.APPROVED)
        .values(state=OverrideState.REPLACED.value)
    )
    override.state = OverrideState.APPROVED.value
    session.flush()
    record_override(session, contest=assignment.entry.contest, override=override, now=now)
    _record_act(session, "override-approved", override, actor=actor, now=now)


def _standing_version(session: Session, assignment: Assignment, judged: Round, *, now: datetime) -> SheetVersion:
    """The version that counts. Raises Conflict unless a decision over it may be made now."""
    contest = assignment.entry.contest
    phase = ContestPhase(contest.phase)
    if not is_override_time(phase, withdrawn=_is_withdrawn(session, contest)):
        if phase is ContestPhase.PUBLISHED:
            raise Conflict(N_("The results are public. Withdraw the publication first, with a reason."))
        raise Conflict(
            N_("Sheets are decided over from judging to deliberation, and while a publication is withdrawn.")
        )
    if round_row(session, contest=contest, round_key=assignment.round, lock=True).state not in _DECIDABLE_ROUNDS:
        raise Conflict(N_("“%(round)s” has ended, and who went on is settled by its sheets."), round=judged.label)
    # Held first: a publication that closes the log in this moment is waited for, and seen.
    if closed_size(session, hold_log(session, contest, now=now)):
        raise Conflict(N_("The score log is closed: nothing that counts can be added to it."))
    if assignment.state != SheetState.SUBMITTED or assignment.entry.state in OUT_OF_PLAY:
        raise Conflict(N_("This sheet does not count now, so there is nothing to decide over."))
    try:
        return find_version(session, assignment=assignment)
    except NotFound as missing:
        raise Conflict(N_("This sheet does not count now, so there is nothing to decide over.")) from missing


def _wanted_marks(
    session: Session,
    judged: Round,
    version: SheetVersion,
    *,
    exclude: bool,
    marks: Mapping[str, str],
    reason: str,
    locale: str,
) -> dict[str, str]:
    """The marks as they are stored, none for an exclusion. Raises Refused with everything that is wrong."""
    problems = []
    if not reason.strip():
        problems.append(Problem(code="reason-missing", message=N_("Write down the reason."), where="reason"))
    if exclude and marks:
        message = N_("A sheet is excluded or gets other marks, not both.")
        problems.append(Problem(code="both", message=message, where="exclude"))
    wrong = () if exclude else _wrong_marks(judged, marks, locale=locale)
    given = {} if exclude or wrong else _canonical(judged, marks, locale=locale)
    if not wrong and _is_so_already(session, version, exclude=exclude, marks=given):
        message = N_("The sheet counts like this already: change something.")
        problems.append(Problem(code="same", message=message, where="exclude"))
    if problems or wrong:
        raise Refused([*problems, *wrong])
    return given


def _wrong_marks(judged: Round, marks: Mapping[str, str], *, locale: str) -> tuple[Problem, ...]:
    """What a sheet with these marks would be refused for, apart from its comments."""
    draft = read_draft(judged, marks=marks, bands={}, comments={}, comment="", locale=locale)
    return tuple(one for one in missing_and_wrong(judged, draft) if not one.code.startswith(_OF_COMMENTS))


def _canonical(judged: Round, marks: Mapping[str, str], *, locale: str) -> dict[str, str]:
    draft = read_draft(judged, marks=marks, bands={}, comments={}, comment="", locale=locale)
    return canonical_marks(draft.marks)


def _is_so_already(session: Session, version: SheetVersion, *, exclude: bool, marks: Mapping[str, str]) -> bool:
    approved = find_override(session, sheet_id=version.id, state=OverrideState.APPROVED)
    counts = (False, version.marks) if approved is None else (approved.exclude, approved.marks)
    return (exclude, _numbers(marks)) == (counts[0], _numbers(counts[1]))


def _numbers(marks: Mapping[str, str]) -> dict[str, Decimal]:
    return {key: Decimal(mark) for key, mark in marks.items()}


def _hold(session: Session, override: SheetOverride) -> None:
    """Hold the sheet and the proposal for this unit of work. Raises Conflict when it is decided already."""
    lock_assignment(session, override.sheet.assignment)
    session.refresh(override, with_for_update={"of": SheetOverride})
    if override.state != OverrideState.PROPOSED:
        raise Conflict(N_("This proposal no longer waits: it was decided or taken back."))


def _is_withdrawn(session: Session, contest: Contest) -> bool:
    return contest.phase == ContestPhase.PUBLISHED and living_publication(session, contest=contest) is None


def _not_yours(*, locked: bool) -> str:
    if not locked:
        return N_("Sheets are decided over once the entry is locked, when all of its sheets are in.")
    return N_("Only an organiser proposes this, who neither judges in the contest nor made the entry.")


def _record_act(session: Session, action: str, override: SheetOverride, *, actor: Actor, now: datetime) -> None:
    assignment = override.sheet.assignment
    record_event(
        session, action=action, subject="entry", subject_id=assignment.entry_id, now=now, actor_id=actor.account_id,
        contest_id=override.contest_id,
        details={
            "round": assignment.round, "entry": assignment.entry.alias, "judge": assignment.judge.alias,
            "version": override.sheet.number, "kind": "exclude" if override.exclude else "marks",
            "reason": override.reason,
        },
    )  # fmt: skip
