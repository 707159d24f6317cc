"""A blind repeat with all that decides what may be done with it: what `services.sheets.readings` is to a reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.domain.lifecycle import ContestPhase, SheetState
from judging.domain.permissions import can_score
from judging.errors import N_, Conflict, NotAllowed, NotFound
from judging.services.sheets.readings import OPEN_ROUND, closed_because, find_reading, round_deadline

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import BlindRepeat, Contest
    from judging.domain.permissions import Actor, Relation
    from judging.domain.round_end import RoundEnd
    from judging.domain.rules import ContestRules, Round
    from judging.plugins import Registry
    from judging.services.sheets.readings import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatReading:
    """A repeat in its contest and round. `assignment` is the repeat: pages show it as they show a reading's own."""

    assignment: BlindRepeat
    contest: Contest
    rules: ContestRules
    judged: Round
    stage: Stage | None
    relation: Relation
    must_declare: bool
    hides_names: bool
    end: RoundEnd

    @property
    def state(self) -> SheetState:
        """Where the sheet stands."""
        return SheetState(self.assignment.state)

    @property
    def round_open(self) -> bool:
        """Whether sheets of the round are taken now."""
        return self.stage is not None and self.stage.state == OPEN_ROUND

    @property
    def deadline(self) -> datetime | None:
        """Until when sheets of the round are awaited."""
        return round_deadline(self.contest, self.stage) if self.end.at is None else self.end.last


def find_repeat_reading(session: Session, *, registry: Registry, repeat: BlindRepeat, actor: Actor) -> RepeatReading:
    """The repeat as it is to be shown. Raises NotFound for another's, and once the judge is off the entry."""
    first = find_reading(session, registry=registry, assignment=repeat.first, actor=actor)
    if first.state is SheetState.WRITTEN_OFF:
        raise NotFound(N_("There is nothing here."))
    return RepeatReading(
        assignment=repeat, contest=first.contest, rules=first.rules, judged=first.judged, stage=first.stage,
        relation=first.relation, must_declare=first.must_declare, hides_names=first.hides_names,
        end=first.end,
    )  # fmt: skip


def hold_repeat(session: Session, *, registry: Registry, repeat: BlindRepeat, actor: Actor) -> RepeatReading:
    """As `find_repeat_reading`, the row held and read as it is now: two devices may write at once."""
    session.flush()
    session.refresh(repeat, with_for_update={"of": type(repeat)})
    return find_repeat_reading(session, registry=registry, repeat=repeat, actor=actor)


def why_repeat_closed(reading: RepeatReading) -> str:
    """Why nothing can be written on it now, as an msgid; empty when it is open."""
    return closed_because(reading.state, phase=reading.contest.phase, stage=reading.stage)


def check_may_score_repeat(reading: RepeatReading, actor: Actor) -> None:
    """Refuse whoever may not write on it now, as `readings.check_may_score`."""
    reason = why_repeat_closed(reading)
    phase = ContestPhase(reading.contest.phase)
    if not can_score(actor, reading.relation, state=reading.state, phase=phase, round_open=reading.round_open):
        raise Conflict(reason) if reason else NotAllowed(N_("This sheet belongs to another judge."))
    if reading.must_declare:
        raise Conflict(N_("Say first whether you have a conflict of interest with this entry."))
