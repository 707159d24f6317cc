"""Moves between states, as data: who may make one, under what condition, and what must be written down."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from judging.domain.roles import Role
from judging.errors import N_

State = TypeVar("State", bound=StrEnum)


class Guard(StrEnum):
    """A condition that a service checks before a move; the table only says which one."""

    NONE = ""
    RULES_COMPLETE = "rules-complete"
    DATES_SET = "dates-set"
    BEFORE_DEADLINE = "before-deadline"
    AFTER_DEADLINE = "after-deadline"
    DOSSIER_COMPLETE = "dossier-complete"
    ALL_SCREENED = "all-screened"
    ROUND_ASSIGNED = "round-assigned"
    ROUNDS_CLOSED = "rounds-closed"
    PRIZES_SETTLED = "prizes-settled"
    POSTING_OVER = "posting-over"
    WHERE_IT_WAS = "where-it-was"
    ROUND_OPEN = "round-open"
    MARKS_COMPLETE = "marks-complete"
    RESULTS_OPEN = "results-open"


GUARD_LABELS: Mapping[Guard, str] = {
    Guard.RULES_COMPLETE: N_("The rules must be complete."),
    Guard.DATES_SET: N_("The opening and closing dates must be set."),
    Guard.BEFORE_DEADLINE: N_("The deadline must not have passed."),
    Guard.AFTER_DEADLINE: N_("The deadline must have passed."),
    Guard.DOSSIER_COMPLETE: N_("The dossier must be complete."),
    Guard.ALL_SCREENED: N_("Every entry must be screened."),
    Guard.ROUND_ASSIGNED: N_("The entry must be assigned to judges."),
    Guard.ROUNDS_CLOSED: N_("Every round must be closed."),
    Guard.PRIZES_SETTLED: N_("The prizes must be settled, with no tie left open."),
    Guard.POSTING_OVER: N_("The posting must be over and every objection answered."),
    Guard.WHERE_IT_WAS: N_("A suspended contest goes on where it was."),
    Guard.ROUND_OPEN: N_("The round must be open."),
    Guard.MARKS_COMPLETE: N_("The sheet must be complete."),
    Guard.RESULTS_OPEN: N_("The results must not be published yet."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Generic[State]):
    """A permitted step.

    `needs_reason` asks for a recorded reason by a named person. `effect` names what the service does besides changing
    the state. `onward` marks the ordinary direction, which `path` follows.
    """

    source: State
    target: State
    roles: frozenset[Role]
    guard: Guard = Guard.NONE
    effect: str = ""
    needs_reason: bool = False
    onward: bool = False


def moves_from(table: Iterable[Move[State]], source: State) -> tuple[Move[State], ...]:
    """Every move that leaves `source`, in the order of the table; none leaves an end."""
    return tuple(move for move in table if move.source == source)


def find_move(table: Iterable[Move[State]], source: State, target: State) -> Move[State] | None:
    """The move from `source` to `target`, or None when there is none."""
    return next((move for move in table if move.source == source and move.target == target), None)


def may_move(move: Move[State], roles: Collection[Role]) -> bool:
    """Whether somebody with these roles may make the move; its guard is the service's to check."""
    return not move.roles.isdisjoint(roles)


def path(
    table: Sequence[Move[State]], source: State, target: State, *, through: Collection[State] | None = None
) -> tuple[Move[State], ...]:
    """The onward moves that lead from `source` to `target`, to be made and recorded one by one.

    `through` limits the states in between, for example to the steps that may be passed. Empty when there is no way, or
    when `source` is already `target`.
    """
    ways: deque[tuple[Move[State], ...]] = deque([()])
    seen = {source}
    while ways:
        way = ways.popleft()
        here = way[-1].target if way else source
        if here == target:
            return way
        if way and through is not None and here not in through:
            continue
        for move in moves_from(table, here):
            if move.onward and move.target not in seen:
                seen.add(move.target)
                ways.append((*way, move))
    return ()
