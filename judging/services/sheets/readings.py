"""One judge's reading of one entry, with all that decides what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from judging.db.models import Assignment, Contest, ContestRound, Judge, Panel, PanelSeat
from judging.db.queries.conflict_gate import bars
from judging.db.queries.repeats import HIDING, has_repeats
from judging.db.queries.round_end import grace_minutes, own_end
from judging.domain.lifecycle import SHEET_MOVES, ContestPhase, SheetState, find_move, is_locked, may_move
from judging.domain.permissions import Actor, Relation, Role, can_score
from judging.domain.round_end import RoundEnd
from judging.errors import N_, NotAllowed, NotFound
from judging.errors import Conflict as NotNow
from judging.services.contests.editions import contest_rules
from judging.services.judges.conflicts.gate import is_barred

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.domain.moves import Move
    from judging.domain.rules import ContestRules, Round
    from judging.plugins import Registry

OPEN_ROUND = "open"
PENDING_ROUND = "pending"

_READING, _STAGE, _OWN = Assignment.__table__, ContestRound.__table__, Assignment.__mapper__.column_attrs
_COLUMNS = tuple(attribute.key for attribute in _OWN)
# What every save of a sheet asks: statements made once, over tables, since objects of the rest are there already.
_GROUND = (
    select(
        _STAGE.c.state,
        _STAGE.c.ends_at,
        Contest.__table__.c.phase,
        bars(_READING.c.judge_id, _READING.c.entry_id),
        own_end(_READING),
        grace_minutes(_READING),
        has_repeats(_READING.c.contest_id, _READING.c.round),
    )
    .select_from(_READING.join(Contest.__table__, Contest.__table__.c.id == _READING.c.contest_id))
    .outerjoin(_STAGE, and_(_STAGE.c.contest_id == _READING.c.contest_id, _STAGE.c.key == _READING.c.round))
    .where(_READING.c.id == bindparam("id"))
)
# Only the reading's own row is locked: PostgreSQL cannot lock a row that may be missing.
_HELD = _GROUND.add_columns(*(attribute.columns[0] for attribute in _OWN)).with_for_update(of=_READING)


class Stage(NamedTuple):
    """Where the round of a reading stands, and when it ends."""

    state: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An assignment in its contest and round, and what ties the actor to it; whether the round has blind `repeats`."""

    assignment: Assignment
    contest: Contest
    rules: ContestRules
    judged: Round
    stage: Stage | None
    relation: Relation
    repeats: bool = False
    end: RoundEnd = field(default_factory=RoundEnd)

    @property
    def state(self) -> SheetState:
        """Where the sheet stands."""
        return SheetState(self.assignment.state)

    @property
    def round_open(self) -> bool:
        """Whether sheets of the round are taken now."""
        return self.stage is not None and self.stage.state == OPEN_ROUND

    @property
    def hides_names(self) -> bool:
        """Whether the judge is to know the entry by a code alone, so that repeats stay unnoticed."""
        return self.repeats and self.stage is not None and self.stage.state in HIDING

    @property
    def deadline(self) -> datetime | None:
        """Until when the sheet is awaited: the end that holds for it, else the contest's end of judging."""
        return round_deadline(self.contest, self.stage) if self.end.at is None else self.end.last

    @property
    def must_declare(self) -> bool:
        """Whether the judge has yet to say if there is a conflict with this entry."""
        declared = self.assignment.judge.conflicts_declared_at
        return declared is None or self.assignment.assigned_at > declared


def round_deadline(
    contest: Contest, stage: ContestRound | Stage | None, *, own: datetime | None = None
) -> datetime | None:
    """Until when sheets of a round are awaited: the round's own end, else the contest's end of judging.

    `own` is a later end that the judge was given.
    """
    if stage is not None and stage.ends_at is not None:
        return RoundEnd(at=stage.ends_at, own=own).last
    return contest.judging_ends_at


def find_reading(session: Session, *, registry: Registry, assignment: Assignment, actor: Actor) -> Reading:
    """The reading as it is to be shown. Raises NotFound when the actor may not know the entry any more.

    Whoever acts on it asks `editions.rules_in_force` first: these rules can be read even of a suspended contest.
    """
    session.flush()
    return _reading(session, registry, assignment, actor, _find_ground(session, assignment))


def hold_reading(session: Session, *, registry: Registry, assignment: Assignment, actor: Actor) -> Reading:
    """As `find_reading`, the sheet held for this unit of work and read as it is now: two devices may write at once."""
    # What this transaction changed itself must reach the row first, or reading it again would undo that.
    session.flush()
    found = session.execute(_HELD, {"id": assignment.id}).one()
    parts = len(_Ground._fields)
    for key, value in zip(_COLUMNS, found[parts:], strict=True):
        set_committed_value(assignment, key, value)
    return _reading(session, registry, assignment, actor, _Ground(*found[:parts]))


def find_end(session: Session, *, assignment: Assignment) -> RoundEnd:
    """The end of the round as it holds for this sheet."""
    session.flush()
    return _find_ground(session, assignment).end


class _Ground(NamedTuple):
    """What the database says now: the round's state and end, the contest's phase, whether a conflict stands.

    `own_end` is a later end of the judge or of the sheet, `grace` what the contest wrote down, in minutes.
    """

    state: str | None
    ends_at: datetime | None
    phase: str
    conflict: bool
    own_end: datetime | None
    grace: int | None
    repeats: bool

    @property
    def end(self) -> RoundEnd:
        """The end that holds for the sheet."""
        return RoundEnd(at=self.ends_at, grace=timedelta(minutes=self.grace or 0), own=self.own_end)


def _find_ground(session: Session, assignment: Assignment) -> _Ground:
    return _Ground(*session.execute(_GROUND, {"id": assignment.id}).one())


def _reading(session: Session, registry: Registry, assignment: Assignment, actor: Actor, ground: _Ground) -> Reading:
    contest = assignment.entry.contest
    set_committed_value(contest, "phase", ground.phase)
    rules = contest_rules(registry, contest)
    judged = rules.find_round(assignment.round)
    relation = _relation(session, assignment=assignment, actor=actor, conflict=ground.conflict)
    if judged is None or not relation.scores:
        raise NotFound(N_("There is nothing here."))
    stage = None if ground.state is None else Stage(ground.state, ground.ends_at)
    return Reading(
        assignment=assignment, contest=contest, rules=rules, judged=judged, stage=stage, relation=relation,
        repeats=ground.repeats, end=ground.end,
    )  # fmt: skip


def find_stage(session: Session, *, assignment: Assignment) -> ContestRound | None:
    """Where the round of an assignment stands."""
    return session.scalar(
        select(ContestRound).where(
            ContestRound.contest_id == assignment.contest_id, ContestRound.key == assignment.round
        )
    )


def relation_to(session: Session, *, assignment: Assignment, actor: Actor) -> Relation:
    """What ties the actor to the entry of an assignment. A conflict that stands counts as a recusal."""
    conflict = is_barred(session, judge_id=assignment.judge_id, entry_id=assignment.entry_id)
    return _relation(session, assignment=assignment, actor=actor, conflict=conflict)


def _relation(session: Session, *, assignment: Assignment, actor: Actor, conflict: bool) -> Relation:
    judge = assignment.judge
    own = actor.account_id is not None and judge.account_id == actor.account_id and judge.is_active
    gone = conflict or assignment.state == SheetState.RECUSED
    return Relation(
        author=actor.account_id is not None and assignment.entry.owner_id == actor.account_id,
        assigned=own and assignment.state != SheetState.REASSIGNED,
        recused=own and gone,
        chairs=_chairs(session, assignment=assignment, actor=actor),
    )


def _chairs(session: Session, *, assignment: Assignment, actor: Actor) -> bool:
    if not actor.has(Role.CHAIR):
        return False
    headed = session.scalars(
        select(Panel)
        .join(PanelSeat, PanelSeat.panel_id == Panel.id)
        .join(Judge, Judge.id == PanelSeat.judge_id)
        .where(
            Panel.contest_id == assignment.contest_id,
            PanelSeat.is_chair,
            Judge.account_id == actor.account_id,
            Judge.is_active,
        )
    )
    return any(assignment.entry.category in panel.categories for panel in headed)


def entry_is_locked(session: Session, *, entry_id: str, round_key: str) -> bool:
    """Whether nothing more is awaited from the entry's judges in the round, so that marks may be seen."""
    states = session.scalars(
        select(Assignment.state).where(Assignment.entry_id == entry_id, Assignment.round == round_key)
    )
    return is_locked(SheetState(state) for state in states)


def lock_assignment(session: Session, assignment: Assignment) -> None:
    """Hold the row until the transaction ends, and read it as it is now: two devices may write at once."""
    # What this transaction changed itself must reach the row first, or reading it again would undo that.
    session.flush()
    # Only this row and its own columns: what was loaded with it is not locked.
    session.refresh(assignment, _COLUMNS, with_for_update={"of": Assignment})


def why_closed(reading: Reading) -> str:
    """Why nothing can be written on the sheet now, as an msgid; empty when the sheet is open to its judge."""
    return closed_because(reading.state, phase=reading.contest.phase, stage=reading.stage)


def closed_because(state: SheetState, *, phase: str, stage: Stage | None) -> str:
    """The same of any sheet in this state, phase of the contest and stage of the round."""
    if state is SheetState.SUBMITTED:
        return N_("This sheet is submitted and locked. If it needs a change, ask the office to reopen it.")
    if state is SheetState.WRITTEN_OFF:
        return N_("The office has written this sheet off. Nothing more is awaited from you here.")
    if phase != ContestPhase.JUDGING:
        return N_("The contest is not in judging now, so nothing can be written on the sheet.")
    if stage is None or stage.state != OPEN_ROUND:
        pending = stage is not None and stage.state == PENDING_ROUND
        return N_("The round has not been opened yet.") if pending else N_("The round is closed. Ask the office.")
    return ""


def check_may_score(reading: Reading, actor: Actor) -> None:
    """Refuse whoever may not write on the sheet now.

    Raises NotAllowed when it is not this person's sheet, Conflict (which says why) when it is closed, or when the judge
    has yet to declare their conflicts.
    """
    reason = why_closed(reading)
    open_to_actor = can_score(
        actor,
        reading.relation,
        state=reading.state,
        phase=ContestPhase(reading.contest.phase),
        round_open=reading.round_open,
    )
    if not open_to_actor:
        raise NotNow(reason) if reason else NotAllowed(N_("This sheet belongs to another judge."))
    if reading.must_declare:
        raise NotNow(N_("Say first whether you have a conflict of interest with this entry."))


def allowed_move(assignment: Assignment, target: SheetState, actor: Actor) -> Move[SheetState]:
    """The move of the sheet to `target`. Raises Conflict when there is none, NotAllowed when others make it."""
    move = find_move(SHEET_MOVES, SheetState(assignment.state), target)
    if move is None:
        raise NotNow(N_("The sheet is not in a state in which this can be done."))
    if not may_move(move, actor.roles):
        raise NotAllowed(N_("You may not do this with the sheet."))
    return move
