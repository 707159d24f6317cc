"""Named strategies: data with one pure function, offered by plugins, chosen by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from judging.domain.rules import ContestRules, Round
from judging.domain.values import Ballot, Score, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregator:
    """How the sheets of a round become one score for each entry.

    `combine` takes all ballots of the round at once, so that a strategy may look across judges, and answers with a
    Score for each entry that has a ballot. It must not depend on the order of the ballots.
    """

    key: str
    label: str
    combine: Callable[[Round, Sequence[Ballot]], Mapping[str, Score]]
    help: str = ""
    least: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TieContext:
    """What a tie-breaker may look at.

    `later` holds the scores of the rounds after this one, `earlier` those before it, nearest first; `votes` the
    recorded votes of the panel chair by entry (a higher number stands before a lower).
    """

    round: Round
    ballots: Sequence[Ballot]
    scores: Mapping[str, Score]
    earlier: Sequence[Mapping[str, Fraction]] = ()
    later: Sequence[Mapping[str, Fraction]] = ()
    votes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TieBreaker:
    """What parts entries of equal score: `rank` answers a figure for each entry it knows; the higher stands first."""

    key: str
    label: str
    rank: Callable[[TieContext], Mapping[str, Fraction]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A table that a plugin offers to organisers: column labels, and rows from the standings of the last round."""

    key: str
    label: str
    columns: tuple[str, ...]
    rows: Callable[[ContestRules, Sequence[Standing]], Sequence[Sequence[str]]]
