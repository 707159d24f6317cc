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
from functools import partial
from itertools import groupby

from judging.domain.rubric import Criterion
from judging.domain.rules import ContestRules, Round
from judging.domain.scoring import ballots_by_entry, counted_ballots
from judging.domain.strategies import Aggregator, TieBreaker, TieContext
from judging.domain.totals import exact, exact_mean, exact_sum, weighted
from judging.domain.values import Ballot, Score, Standing, TieDecision
from judging.errors import N_, RulesError

_CRITERION = "criterion"


@dataclass(frozen=True, slots=True)
class _Place:
    """An entry on its way to a standing, with its figure under each tie-breaker."""

    entry: str
    score: Score
    figures: tuple[Fraction, ...] = ()

    @property
    def key(self) -> tuple[Fraction, ...]:
        return (self.score.value, *self.figures)


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
    counted = counted_ballots(judged, ballots)
    means: dict[str, Fraction] = {}
    lowest: dict[str, Decimal] = {}
    for criterion in judged.rubric.criteria:
        given = _given(criterion, counted)
        if given:
            means[criterion.key] = weighted(exact_mean(given), criterion)
            least = min(given)
            lowest[criterion.key] = Decimal(least.numerator) / least.denominator
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
    if len({place.score.value for place in places}) < len(places):
        tables = [breaker.rank(context) for breaker in tie_breakers]
        places = [
            _Place(place.entry, place.score, tuple(table.get(place.entry, Fraction(0)) for table in tables))
            for place in places
        ]
    places.sort(key=lambda place: place.entry)
    places.sort(key=lambda place: place.key, reverse=True)
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
    figures: dict[str, Fraction] = {}
    for entry, own in ballots_by_entry(context.ballots).items():
        counted = counted_ballots(context.round, own)
        figures[entry] = exact_sum(_given(criterion, counted)) / len(counted)
    return figures


def _given(criterion: Criterion, ballots: Sequence[Ballot]) -> list[Fraction]:
    """The criterion's mark on each ballot that has one, before its coefficient, sub-criteria added up."""
    keys = [key for key, _, _ in criterion.scales]
    if len(keys) == 1:
        return [exact(ballot.marks[keys[0]]) for ballot in ballots if keys[0] in ballot.marks]
    parts = ([exact(ballot.marks[key]) for key in keys if key in ballot.marks] for ballot in ballots)
    return [exact_sum(own) for own in parts if own]


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
