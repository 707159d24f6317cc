"""Gates and quotas: which entries go on, and what stops the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Protocol

from judging.domain.boards import board_label, board_of, boards_of
from judging.domain.rubric import Rubric
from judging.domain.rules import ContestRules, Gate, GateScope, Round
from judging.domain.totals import exact
from judging.domain.values import Problem, Score, Standing
from judging.errors import N_


class Scored(Protocol):
    """What a gate looks at: of a standing, or of what an entry would have."""

    @property
    def score(self) -> Score:
        """The combined score."""

    @property
    def criteria(self) -> Mapping[str, Fraction]:
        """The mean mark by criterion, after the coefficient."""

    @property
    def lowest(self) -> Mapping[str, Decimal]:
        """The lowest mark by criterion, before the coefficient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Who goes on from a round (in the order of the standings), what stopped each other entry, and ties at the edge.

    Entries that nothing parts at a quota's edge all go on: a place too many harms nobody, a lot would. `ties` reports
    each such case, so that the organiser can ask for the chair's vote instead.
    """

    advanced: tuple[Standing, ...]
    stopped: Mapping[str, Problem] = field(default_factory=dict)
    ties: tuple[Problem, ...] = ()


def passes(gate: Gate, standing: Scored, rubric: Rubric) -> bool:
    """Whether a standing of the gate's own round clears it.

    `minimum` is met by equality. With a criterion it is held against that criterion's mean mark before the coefficient;
    `no_zero` then asks about that criterion only. An entry without marks for the criterion does not pass.
    """
    reached = _reached(gate, standing, rubric)
    return (
        reached is not None and reached >= exact(gate.minimum) and not (gate.no_zero and _lowest(gate, standing) == 0)
    )


def gate_problem(gate: Gate, standing: Scored, rubric: Rubric) -> Problem:
    """Why a standing that does not clear the gate does not."""
    reached = _reached(gate, standing, rubric)
    message = (
        N_("Below the gate “%(gate)s”: at least %(minimum)s is needed.")
        if reached is None or reached < exact(gate.minimum)
        else N_("Stopped by the gate “%(gate)s”: no criterion may have a mark of 0.")
    )
    return Problem(code="gate", message=message, params={"gate": gate.label, "minimum": gate.minimum}, where=gate.key)


def _reached(gate: Gate, standing: Scored, rubric: Rubric) -> Fraction | None:
    """The score or mean mark that is held against the minimum; None without marks for the criterion."""
    if gate.criterion is None:
        return standing.score.value
    criterion = rubric.criterion(gate.criterion)
    if criterion is None or gate.criterion not in standing.criteria:
        return None
    return standing.criteria[gate.criterion] / exact(criterion.weight)


def _lowest(gate: Gate, standing: Scored) -> Decimal | None:
    """The lowest mark that any judge gave, for the gate's criterion or for any."""
    if gate.criterion is None:
        return min(standing.lowest.values(), default=None)
    return standing.lowest.get(gate.criterion)


def advancing(rules: ContestRules, judged: Round, standings: Sequence[Standing]) -> Advance:
    """Who goes on from `judged`: everyone who clears its gates, then as many of each board as its quota says.

    Without gates and quota everyone goes on.
    """
    gates = [gate for gate in rules.gates if gate.scope is GateScope.ADVANCE and gate.round == judged.key]
    stopped: dict[str, Problem] = {}
    passed: list[Standing] = []
    for standing in standings:
        failed = next((gate for gate in gates if not passes(gate, standing, judged.rubric)), None)
        if failed is None:
            passed.append(standing)
        else:
            stopped[standing.entry] = gate_problem(failed, standing, judged.rubric)
    if judged.quota is None:
        return Advance(advanced=tuple(passed), stopped=stopped)
    inside, ties = _within_quota(rules, judged, passed)
    stopped |= {
        standing.entry: _outside_quota(judged.quota.places) for standing in passed if standing.entry not in inside
    }
    return Advance(advanced=tuple(one for one in passed if one.entry in inside), stopped=stopped, ties=tuple(ties))


def _within_quota(rules: ContestRules, judged: Round, passed: Sequence[Standing]) -> tuple[set[str], list[Problem]]:
    inside: set[str] = set()
    ties: list[Problem] = []
    quota = judged.quota
    if quota is None:
        return {standing.entry for standing in passed}, ties
    for board in boards_of(rules, quota.board):
        left = quota.places
        own = [standing for standing in passed if board_of(rules, quota.board, standing) == board]
        for share in _shares(own):
            if left <= 0:
                break
            inside.update(standing.entry for standing in share)
            if len(share) > left:
                ties.append(_tie_at_edge(rules, board, quota.places, share))
            left -= len(share)
    return inside, ties


def _shares(standings: Sequence[Standing]) -> Iterator[list[Standing]]:
    for _, share in groupby(sorted(standings, key=lambda one: (one.rank, one.entry)), key=lambda one: one.rank):
        yield list(share)


def _outside_quota(places: int) -> Problem:
    return Problem(
        code="quota", message=N_("Outside the %(places)s places of the next round."), params={"places": places}
    )


def _tie_at_edge(rules: ContestRules, board: str, places: int, share: Sequence[Standing]) -> Problem:
    return Problem(
        code="tie-at-quota",
        message=N_("Nothing parts %(entries)s at the last of %(places)s places: all of them go on."),
        params={
            "entries": ", ".join(standing.entry for standing in share),
            "places": places,
            "board": board_label(rules, board),
        },
        where=board,
    )
