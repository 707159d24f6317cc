"""Moving a contest through its phases: the table says which steps there are, the guards what each one needs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from judging.db.models import Contest
from judging.domain.lifecycle import (
    CONTEST_LABELS,
    CONTEST_MOVES,
    MAIN_LINE,
    PASSABLE_PHASES,
    ContestPhase,
    Move,
    find_move,
    may_move,
    moves_from,
    path,
)
from judging.domain.permissions import Actor
from judging.domain.structure import digest
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.audit import record_event
from judging.services.contests.editions import pin_rules, planned_rules, rules_in_force
from judging.services.contests.phase_guards import Situation, find_missing, find_publication_gap, find_setup_gaps
from judging.services.rounds.running import open_round
from judging.services.rounds.states import create_rounds
from judging.services.score_log.day_letters import plan_day_letters
from judging.services.score_log.opening import ensure_log

_SET_UP = frozenset(MAIN_LINE[: MAIN_LINE.index(ContestPhase.JUDGING) + 1])
# Stopping a contest must be possible even when its plugin is gone.
_STOPS = frozenset({ContestPhase.SUSPENDED, ContestPhase.CANCELLED, ContestPhase.ARCHIVED})


def what_is_missing(session: Session, *, registry: Registry, contest: Contest) -> tuple[Problem, ...]:
    """What is still to be set up: rules, dates, panels and judges. `where` names the page that puts it right.

    Nothing is missing once judging is over.
    """
    if ContestPhase(contest.phase) not in _SET_UP:
        return ()
    return tuple(find_setup_gaps(session, registry=registry, contest=contest))


def next_moves(contest: Contest, *, actor: Actor) -> tuple[Move[ContestPhase], ...]:
    """The steps that the actor may ask for now, whether or not their conditions are met yet."""
    here = ContestPhase(contest.phase)
    moves = (move for move in moves_from(CONTEST_MOVES, here) if may_move(move, actor.roles))
    return tuple(move for move in moves if here is not ContestPhase.SUSPENDED or _resumes(contest, move.target))


def move_phase(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    actor: Actor,
    to: ContestPhase,
    reason: str,
    now: datetime,
) -> None:
    """Take one step. Raises Conflict when there is none from here, NotAllowed, Refused listing all that is missing.

    `reason` is recorded; steps against the ordinary course cannot do without one.
    """
    session.refresh(contest, with_for_update={"of": Contest})
    here = ContestPhase(contest.phase)
    move = find_move(CONTEST_MOVES, here, to)
    if move is None:
        raise _no_way(here, to)
    _make(session, registry=registry, contest=contest, actor=actor, move=move, reason=reason, now=now, passed=False)


def pass_phases(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    actor: Actor,
    to: ContestPhase,
    reason: str,
    now: datetime,
) -> None:
    """Go on to `to`, passing the steps in between that an organiser may switch off, each recorded on its own.

    Every step's conditions hold as if it were taken. Raises as `move_phase` does; the caller then rolls back.
    """
    session.refresh(contest, with_for_update={"of": Contest})
    here = ContestPhase(contest.phase)
    moves = path(CONTEST_MOVES, here, to, through=PASSABLE_PHASES)
    if not moves:
        raise _no_way(here, to)
    for move in moves:
        _make(
            session, registry=registry, contest=contest, actor=actor, move=move, reason=reason, now=now,
            passed=move.target is not to,
        )  # fmt: skip


def _no_way(here: ContestPhase, to: ContestPhase) -> Conflict:
    return Conflict(
        N_("The contest cannot go from “%(source)s” to “%(target)s”."),
        source=CONTEST_LABELS[here], target=CONTEST_LABELS[to],
    )  # fmt: skip


def _make(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    actor: Actor,
    move: Move[ContestPhase],
    reason: str,
    now: datetime,
    passed: bool,
) -> None:
    if not may_move(move, actor.roles):
        raise NotAllowed(
            N_("Your roles in this contest do not allow the step to “%(phase)s”."), phase=CONTEST_LABELS[move.target]
        )
    missing = _missing(session, registry=registry, contest=contest, move=move, reason=reason, now=now)
    if missing:
        raise Refused(missing)
    if move.target not in _STOPS:
        rules_in_force(registry, contest)
    contest.phase = move.target.value
    contest.resume_phase = move.source.value if move.target is ContestPhase.SUSPENDED else None
    if move.target is ContestPhase.PUBLISHED and contest.published_at is None:
        contest.published_at = now
    details: dict[str, object] = {"from": move.source.value, "to": move.target.value, "passed": passed}
    if reason.strip():
        details["reason"] = reason.strip()
    if move.effect == "freeze-rules":
        # Which code the contest opened with, for whoever has to explain a result later.
        details |= {"plugins": registry.describe(), "digest": digest(planned_rules(registry, contest))}
    record_event(
        session, action="phase-changed", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now, details=details,
    )  # fmt: skip
    session.flush()
    _take_effect(session, registry=registry, contest=contest, actor=actor, effect=move.effect, now=now)


def _missing(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    move: Move[ContestPhase],
    reason: str,
    now: datetime,
) -> tuple[Problem, ...]:
    situation = Situation(session=session, registry=registry, contest=contest, target=move.target, now=now)
    missing = [*find_missing(move.guard, situation)]
    if move.needs_reason and not reason.strip():
        missing.append(Problem(code="missing", where="reason", message=N_("This step needs a reason.")))
    if move.effect == "publish-results":
        missing += find_publication_gap(session, contest=contest)
    return tuple(missing)


def _take_effect(
    session: Session, *, registry: Registry, contest: Contest, actor: Actor, effect: str, now: datetime
) -> None:
    if effect == "freeze-rules":
        pin_rules(registry, contest)
        create_rounds(session, contest=contest, rules=planned_rules(registry, contest))
        # A contest that is opened again after it was closed goes on in the log that it has.
        ensure_log(session, contest, now=now)
    elif effect == "open-first-round":
        first = rules_in_force(registry, contest).rounds[0].key
        open_round(session, registry=registry, contest=contest, round_key=first, actor_id=actor.account_id, now=now)
        plan_day_letters(session, contest, now=now)


def _resumes(contest: Contest, target: ContestPhase) -> bool:
    return target is ContestPhase.CANCELLED or target.value == contest.resume_phase
