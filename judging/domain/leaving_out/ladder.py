"""The order of a round counted anew for the few entries that changed.

Only where an entry's place follows from its own sheets (`Ground.is_local`): then the figures of all others stay as they
are, and what is left to do is to sort. The ranks are those of `compute_standings`; the tests hold the two together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from judging.domain.leaving_out.ground import Ground, Standings
from judging.domain.rules import Round
from judging.domain.scoring import ballots_by_entry
from judging.domain.standings import criterion_means, resolve_tie_breakers
from judging.domain.strategies import TieContext
from judging.domain.values import Ballot, Score, Standing, TieDecision

_FINE = 64
_NOTHING = Fraction(0)

Figures = tuple[Fraction, ...]
Sheets = Mapping[str, Sequence[Ballot]]
"""Ballots by entry."""


class _Step(NamedTuple):
    """A score behind its whole part at a fine scale, which decides nearly every comparison quickly."""

    whole: int
    value: Fraction
    entry: str

    @property
    def height(self) -> tuple[int, Fraction]:
        """What two entries of equal score have in common."""
        return self[:2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """What is left of the sheets of the entries that changed, by round and entry, and their scores without the rest.

    An entry with nothing left has no score.
    """

    sheets: Mapping[str, Sheets]
    scores: Mapping[str, Mapping[str, Score]]
    entries: Collection[str] = field(default_factory=frozenset)


class Ladder:
    """One round in its order, from which places are told after some entries have changed."""

    def __init__(self, ground: Ground, judged: Round, standings: Standings, sheets: Mapping[str, Sheets]) -> None:
        keys = [one.key for one in ground.rules.rounds]
        place = keys.index(judged.key)
        self._key = judged.key
        self._judged = judged
        self._earlier, self._later = keys[:place][::-1], keys[place + 1 :]
        self._breakers = resolve_tie_breakers(ground.rules, judged, ground.tie_breakers)
        self._votes = ground.tally.votes.get(judged.key, {})
        self._belongs = ground.tally.entries
        self._sheets = sheets[judged.key]
        self._scores = {key: {one.entry: one.score for one in standings[key]} for key in keys}
        self._own = {one.entry: one for one in standings[judged.key]}
        self._alike: dict[tuple[int, int], Fraction] = {}
        self._steps = sorted((self._step(one.score.value, one.entry) for one in standings[judged.key]), reverse=True)
        self._heights = [step.height for step in reversed(self._steps)]
        self._known: dict[str, Figures] = {}

    def reorder(self, altered: Altered) -> tuple[Standing, ...]:
        """The standings with the altered entries at their new places.

        A place at which nothing changed is the same object as before.
        """
        gone = altered.sheets.get(self._key, {})
        steps = [one for one in self._steps if one.entry not in gone]
        steps += [self._step(score.value, entry) for entry, score in altered.scores.get(self._key, {}).items()]
        steps.sort(reverse=True)
        placed: list[Standing] = []
        for _, same in groupby(steps, key=lambda step: step[:2]):
            for share, tie in self._parted([step.entry for step in same], altered):
                rank = len(placed) + 1
                placed += [self._standing(entry, rank, altered, tie=tie, shared=len(share) > 1) for entry in share]
        return tuple(placed)

    def rank(self, entry: str, altered: Altered) -> int | None:
        """The place of the one entry that is altered, in this round alone; None when it has no sheet left."""
        score = altered.scores[self._key].get(entry)
        if score is None:
            return None
        height = self._step(score.value, entry).height
        low, high = bisect_left(self._heights, height), bisect_right(self._heights, height)
        above = len(self._heights) - high - (self._own[entry].score.value > score.value)
        rivals = [step.entry for step in self._steps[len(self._steps) - high : len(self._steps) - low]]
        if rivals and rivals != [entry]:
            own = self._figures(entry, altered)
            above += sum(self._figures(other, altered) > own for other in rivals if other != entry)
        return above + 1

    def _step(self, value: Fraction, entry: str) -> _Step:
        return _Step((value.numerator << _FINE) // value.denominator, self._one(value), entry)

    def _one(self, value: Fraction) -> Fraction:
        """The same object for equal fractions: two that are one are equal without being looked at."""
        return self._alike.setdefault((value.numerator, value.denominator), value)

    def _parted(
        self, entries: Sequence[str], altered: Altered
    ) -> Iterator[tuple[Sequence[str], tuple[TieDecision, ...]]]:
        """Entries of equal score in the order of the tie-breaks, with what parted them from their neighbours.

        Those that nothing parts come together.
        """
        if len(entries) == 1:
            yield entries, ()
            return
        figures = {entry: self._figures(entry, altered) for entry in sorted(entries)}
        order = sorted(figures, key=figures.__getitem__, reverse=True)
        shares = [list(alike) for _, alike in groupby(order, key=figures.__getitem__)]
        for place, share in enumerate(shares):
            neighbours = [other[0] for other in (*shares[max(0, place - 1) : place], *shares[place + 1 : place + 2])]
            yield share, tuple(self._decision(figures[share[0]], other, figures[other]) for other in neighbours)

    def _decision(self, own: Figures, entry: str, other: Figures) -> TieDecision:
        breaker, mine, theirs = next(one for one in zip(self._breakers, own, other, strict=True) if one[1] != one[2])
        return TieDecision(key=breaker.key, label=breaker.label, own=mine, other=theirs, other_entry=entry)

    def _figures(self, entry: str, altered: Altered) -> Figures:
        if entry in altered.entries:
            return self._worked_out(entry, altered)
        if entry not in self._known:
            self._known[entry] = self._worked_out(entry, altered)
        return self._known[entry]

    def _worked_out(self, entry: str, altered: Altered) -> Figures:
        """The entry's figure under each tie-breaker, from what concerns this entry alone."""
        vote, score = self._votes.get(entry), self._score(self._key, entry, altered)
        context = TieContext(
            round=self._judged,
            ballots=altered.sheets.get(self._key, {}).get(entry, self._sheets[entry]),
            scores={} if score is None else {entry: score},
            earlier=[self._value(key, entry, altered) for key in self._earlier],
            later=[self._value(key, entry, altered) for key in self._later],
            votes={} if vote is None else {entry: vote},
        )
        return tuple(self._one(breaker.rank(context).get(entry, _NOTHING)) for breaker in self._breakers)

    def _score(self, key: str, entry: str, altered: Altered) -> Score | None:
        held = altered.scores if entry in altered.sheets.get(key, {}) else self._scores
        return held[key].get(entry)

    def _value(self, key: str, entry: str, altered: Altered) -> dict[str, Fraction]:
        score = self._score(key, entry, altered)
        return {} if score is None else {entry: score.value}

    def _standing(
        self, entry: str, rank: int, altered: Altered, *, tie: tuple[TieDecision, ...], shared: bool
    ) -> Standing:
        left = altered.sheets.get(self._key, {}).get(entry)
        if left is not None:
            means, lowest = criterion_means(self._judged, left)
            category, division = self._belongs[entry]
            return Standing(
                entry=entry, rank=rank, score=altered.scores[self._key][entry], category=category, division=division,
                criteria=means, lowest=lowest, tie=tie, shared=shared,
            )  # fmt: skip
        own = self._own[entry]
        if own.rank == rank and own.shared == shared and own.tie == tie:
            return own
        return Standing(
            entry=entry, rank=rank, score=own.score, category=own.category, division=own.division,
            criteria=own.criteria, lowest=own.lowest, tie=tie, shared=shared,
        )  # fmt: skip


def alter(ground: Ground, sheets: Mapping[str, Sheets]) -> Altered:
    """The entries whose `sheets`, by round and entry, are now these, with the scores that these give."""
    scores: dict[str, Mapping[str, Score]] = {}
    for key, own in sheets.items():
        judged = ground.rules.find_round(key)
        left = [ballot for ballots in own.values() for ballot in ballots]
        scores[key] = ground.aggregators[judged.aggregator].combine(judged, left) if judged and left else {}
    return Altered(sheets=sheets, scores=scores, entries=frozenset(entry for own in sheets.values() for entry in own))


def sheets_in_play(ground: Ground) -> dict[str, dict[str, list[Ballot]]]:
    """The ballots of each round by entry, of the entries that take part."""
    return {
        judged.key: ballots_by_entry(
            [one for one in ground.tally.ballots.get(judged.key, ()) if one.entry in ground.tally.entries]
        )
        for judged in ground.rules.rounds
    }
