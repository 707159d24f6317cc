"""Ranks with declared tie-breaks, each place with what decided it.

The order is that of exact scores, then of the declared tie-breakers one after the other. Criterion means look at all of
an entry's own sheets, also at those that a trimmed mean drops: otherwise a higher mark could change which sheets are
dropped and so lower a mean and a rank.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from itertools import groupby

from judging.domain.memory import ByIdentity
from judging.domain.rubric import Rubric
from judging.domain.rules import ContestRules, Round
from judging.domain.scoring import ballots_by_entry, counted_ballots
from judging.domain.strategies import Aggregator, TieBreaker, TieContext
from judging.domain.totals import MILLION, exact, millionths
from judging.domain.values import Ballot, Score, Standing, TieDecision
from judging.errors import N_, RulesError

_CRITERION = "criterion"
_FINE = 64


@dataclass(frozen=True, slots=True)
class _Place:
    """An entry on its way to a standing, with its figure under each tie-breaker."""

    entry: str
    score: Score
    figures: tuple[Fraction, ...] = ()

    @property
    def key(self) -> tuple[Fraction, ...]:
        return (self.score.value, *self.figures)

    @property
    def order(self) -> tuple[int | Fraction, ...]:
        """Sorts as `key` does: each figure stands behind its whole part at a fine scale, which decides quickly."""
        return tuple(part for figure in self.key for part in (_whole(figure), figure))


def compute_standings(
    judged: Round,
    ballots: Sequence[Ballot],
    *,
    aggregator: Aggregator,
    tie_breakers: Sequence[TieBreaker],
    entries: Mapping[str, tuple[str, str | None]],
    earlier: Sequence[Mapping[str, Fraction]] = (),
    later: Sequence[Mapping[str, Fraction]] = (),
    votes: Mapping[str, int] | None = None,
    scores: Mapping[str, Score] | None = None,
) -> tuple[Standing, ...]:
    """The standings of a round, first place first; the order of the ballots does not matter.

    `entries` gives the category and division by alias; ballots of other entries are left aside, and entries without a
    ballot have no standing. `earlier` and `later` hold the scores of the neighbouring rounds, nearest first. An entry
    that a tie-breaker does not know has the figure 0. Entries that nothing parts share a rank and stand in the order
    of their aliases. `scores` is what the aggregator made of the ballots of `entries`, where the caller has asked it.
    """
    known = [ballot for ballot in ballots if ballot.entry in entries]
    if scores is None:
        scores = aggregator.combine(judged, known)
    context = TieContext(round=judged, ballots=known, scores=scores, earlier=earlier, later=later, votes=votes or {})
    places = _order(scores, tie_breakers, context)
    sheets = ballots_by_entry(known)
    return tuple(
        _standing(judged, place, sheets[place.entry], entries[place.entry], rank=rank, tie=tie, shared=shared)
        for place, rank, shared, tie in _ranked(places, tie_breakers)
    )


def criterion_means(judged: Round, ballots: Sequence[Ballot]) -> tuple[dict[str, Fraction], dict[str, Decimal]]:
    """The mean mark by criterion after the coefficient, and the lowest mark before it, over one entry's ballots."""
    sheets = [ballot.marks for ballot in counted_ballots(judged, ballots)]
    means: dict[str, Fraction] = {}
    lowest: dict[str, Decimal] = {}
    for name, keys, numerator, denominator in _lines_of(judged.rubric):
        given = _given(keys, sheets)
        if given:
            means[name] = Fraction(sum(given) * numerator, len(given) * denominator)
            lowest[name] = _mark(min(given))
    return means, lowest


def criterion_tie_breaker(rounds: Sequence[Round], key: str) -> TieBreaker:
    """The tie-breaker `criterion:<key>`: the higher mean mark of that criterion, in a round whose rubric has it.

    Raises RulesError when no round has it.
    """
    name = key.removeprefix(f"{_CRITERION}:")
    found = (judged.rubric.criterion(name) for judged in rounds)
    criterion = next((one for one in found if one is not None), None)
    if criterion is None:
        raise RulesError(N_("Tie-break “%(key)s” names a criterion that is not there."), key=key)
    return TieBreaker(key=key, label=criterion.label, rank=partial(_criterion_figures, name))


def resolve_tie_breakers(
    rules: ContestRules, judged: Round, registered: Mapping[str, TieBreaker]
) -> tuple[TieBreaker, ...]:
    """The tie-breakers that the rules declare, in order, as they apply to `judged`.

    A criterion that this round's rubric does not have is passed over. `registered` adds to the core's own. Raises
    RulesError for a key that nobody offers.
    """
    offered = {breaker.key: breaker for breaker in CORE_TIE_BREAKERS} | dict(registered)
    resolved = []
    for key in rules.tie_breaks:
        kind, _, name = key.partition(":")
        if kind == _CRITERION and name:
            breaker = criterion_tie_breaker(rules.rounds, key)
            if judged.rubric.criterion(name) is not None:
                resolved.append(breaker)
        elif key in offered:
            resolved.append(offered[key])
        else:
            raise RulesError(N_("Tie-break “%(key)s” is not known."), key=key)
    return tuple(resolved)


def _order(scores: Mapping[str, Score], tie_breakers: Sequence[TieBreaker], context: TieContext) -> list[_Place]:
    places = [_Place(entry, score) for entry, score in scores.items()]
    # A fraction in lowest terms is its two numbers, which are hashed far more quickly.
    if len({(place.score.value.numerator, place.score.value.denominator) for place in places}) < len(places):
        tables = [breaker.rank(context) for breaker in tie_breakers]
        places = [
            _Place(place.entry, place.score, tuple(table.get(place.entry, Fraction(0)) for table in tables))
            for place in places
        ]
    places.sort(key=lambda place: place.entry)
    places.sort(key=lambda place: place.order, reverse=True)
    return places


def _ranked(
    places: Sequence[_Place], tie_breakers: Sequence[TieBreaker]
) -> list[tuple[_Place, int, bool, tuple[TieDecision, ...]]]:
    ranked: list[tuple[_Place, int, bool, tuple[TieDecision, ...]]] = []
    for _, same_score in groupby(places, key=lambda place: place.score.value):
        shares = [list(share) for _, share in groupby(same_score, key=lambda place: place.key)]
        for index, share in enumerate(shares):
            neighbours = [other[0] for other in (*shares[max(0, index - 1) : index], *shares[index + 1 : index + 2])]
            rank = len(ranked) + 1
            ranked.extend(
                (place, rank, len(share) > 1, tuple(_decision(place, other, tie_breakers) for other in neighbours))
                for place in share
            )
    return ranked


def _decision(place: _Place, other: _Place, tie_breakers: Sequence[TieBreaker]) -> TieDecision:
    parted = (
        (breaker, mine, theirs)
        for breaker, mine, theirs in zip(tie_breakers, place.figures, other.figures, strict=True)
        if mine != theirs
    )
    breaker, mine, theirs = next(parted)
    return TieDecision(key=breaker.key, label=breaker.label, own=mine, other=theirs, other_entry=other.entry)


def _standing(
    judged: Round,
    place: _Place,
    ballots: Sequence[Ballot],
    belongs: tuple[str, str | None],
    *,
    rank: int,
    tie: tuple[TieDecision, ...],
    shared: bool,
) -> Standing:
    means, lowest = criterion_means(judged, ballots)
    category, division = belongs
    return Standing(
        entry=place.entry,
        rank=rank,
        score=place.score,
        category=category,
        division=division,
        criteria=means,
        lowest=lowest,
        tie=tie,
        shared=shared,
    )


def _criterion_figures(name: str, context: TieContext) -> dict[str, Fraction]:
    criterion = context.round.rubric.criterion(name)
    if criterion is None:
        return {}
    keys = tuple(key for key, _, _ in criterion.scales)
    figures: dict[str, Fraction] = {}
    for entry, own in ballots_by_entry(context.ballots).items():
        sheets = [ballot.marks for ballot in counted_ballots(context.round, own)]
        figures[entry] = Fraction(sum(_given(keys, sheets)), len(sheets) * MILLION)
    return figures


def _given(keys: tuple[str, ...], sheets: Sequence[Mapping[str, Decimal]]) -> list[int | Fraction]:
    """A criterion's mark on each sheet that has one, in millionths, before its coefficient, sub-criteria added up."""
    if len(keys) == 1:
        key = keys[0]
        return [millionths(marks[key]) for marks in sheets if key in marks]
    parts = ([millionths(marks[key]) for key in keys if key in marks] for marks in sheets)
    return [sum(own) for own in parts if own]


def _lines(rubric: Rubric) -> tuple[tuple[str, tuple[str, ...], int, int], ...]:
    """Each criterion with its mark keys, and its coefficient over the million of the marks: numerator, denominator."""
    weights = [exact(criterion.weight) for criterion in rubric.criteria]
    return tuple(
        (criterion.key, tuple(key for key, _, _ in criterion.scales), weight.numerator, weight.denominator * MILLION)
        for criterion, weight in zip(rubric.criteria, weights, strict=True)
    )


_lines_of: ByIdentity[Rubric, tuple[tuple[str, tuple[str, ...], int, int], ...]] = ByIdentity(_lines)


@lru_cache(maxsize=4096)
def _mark(value: int | Fraction) -> Decimal:
    return Decimal(value.numerator) / (value.denominator * MILLION)


def _whole(figure: Fraction) -> int:
    return (figure.numerator << _FINE) // figure.denominator


def _nearest(
    side: Callable[[TieContext], Sequence[Mapping[str, Fraction]]], context: TieContext
) -> dict[str, Fraction]:
    rounds = side(context)
    return dict(rounds[0]) if rounds else {}


def _chair_votes(context: TieContext) -> dict[str, Fraction]:
    return {entry: Fraction(vote) for entry, vote in context.votes.items()}


CORE_TIE_BREAKERS: tuple[TieBreaker, ...] = (
    TieBreaker(key="later-round", label=N_("Score of the next round"), rank=partial(_nearest, lambda it: it.later)),
    TieBreaker(
        key="earlier-round", label=N_("Score of the round before"), rank=partial(_nearest, lambda it: it.earlier)
    ),
    TieBreaker(key="chair-vote", label=N_("Vote of the panel chair"), rank=_chair_votes),
)
