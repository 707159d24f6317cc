"""The steps that a person may ask for, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from judging.db.models import Contest
from judging.domain.lifecycle import CONTEST_LABELS, CONTEST_MOVES, PASSABLE_PHASES, ContestPhase, may_move, path
from judging.domain.permissions import Actor
from judging.services.contests.phases import next_moves


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A phase that can be asked for; `label` and `passing` are msgids."""

    to: str
    label: str
    onward: bool
    needs_reason: bool
    passing: tuple[str, ...] = ()


def list_steps(contest: Contest, actor: Actor) -> tuple[Step, ...]:
    """The steps from here: the next one, those that pass over others, then those against the ordinary course.

    Publishing has a page of its own and is left out.
    """
    direct = [
        Step(
            to=move.target.value,
            label=CONTEST_LABELS[move.target],
            onward=move.onward,
            needs_reason=move.needs_reason,
        )
        for move in next_moves(contest, actor=actor)
        if move.target is not ContestPhase.PUBLISHED
    ]
    onward = [step for step in direct if step.onward]
    return (*onward, *_shortcuts(contest, actor), *(step for step in direct if not step.onward))


def _shortcuts(contest: Contest, actor: Actor) -> Iterator[Step]:
    here = ContestPhase(contest.phase)
    for target in ContestPhase:
        moves = path(CONTEST_MOVES, here, target, through=PASSABLE_PHASES)
        if len(moves) < 2 or target is ContestPhase.PUBLISHED or target in PASSABLE_PHASES:
            continue
        if all(may_move(move, actor.roles) for move in moves):
            passing = tuple(CONTEST_LABELS[move.target] for move in moves[:-1])
            yield Step(to=target.value, label=CONTEST_LABELS[target], onward=True, needs_reason=False, passing=passing)
