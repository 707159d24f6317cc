"""One round in its order, and the order counted anew for the few entries that changed.

Only where an entry's place follows from its own sheets (`Ground.is_local`): then the figures of all others stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import groupby

from judging.domain.gates import Scored
from judging.domain.leaving_out.cuts import Cuts, Sheets
from judging.domain.leaving_out.ground import Ground, Standings
from judging.domain.leaving_out.ladder import Exchange, Figures, Ladder, Rung, Share, height_of, parted
from judging.domain.rules import Round
from judging.domain.standings import resolve_tie_breakers
from judging.domain.strategies import TieContext
from judging.domain.values import Score, Standing, TieDecision

_NOTHING = Fraction(0)

# Tie-breaks by which a round's order depends on sheets of another.
_BY_NEIGHBOURS = frozenset({"earlier-round", "later-round"})


class Order:
    """A round with all its sheets, as a ladder on which entries can be given other rungs."""

    def __init__(self, ground: Ground, judged: Round, standings: Standings, sheets: Sheets) -> None:
        keys = [one.key for one in ground.rules.rounds]
        place = keys.index(judged.key)
        self._judged = judged
        self._earlier, self._later = keys[:place][::-1], keys[place + 1 :]
        self._linked = not _BY_NEIGHBOURS.isdisjoint(ground.rules.tie_breaks)
        self._breakers = resolve_tie_breakers(ground.rules, judged, ground.tie_breakers)
        self._votes = ground.tally.votes.get(judged.key, {})
        self._sheets = sheets
        self._scores = {key: {one.entry: one.score for one in standings[key]} for key in keys}
        self._alike: dict[tuple[int, int], Fraction] = {}
        self._places = tuple(standings[judged.key])
        self.key = judged.key
        self.standings = {one.entry: one for one in standings[judged.key]}
        self.ladder = Ladder(
            [self._rung(one.entry, one.score.value, {}) for one in share]
            for _, share in groupby(self._places, key=lambda one: one.rank)
        )

    def rung(self, entry: str, cuts: Cuts) -> Rung | None:
        """Where an entry would stand; None when it has no sheet here, or none is left."""
        if entry not in self.standings:
            return None
        if not self._linked and entry not in cuts.get(self.key, {}):
            return self.ladder.rungs[self.ladder.places[entry]]
        score = self._score(self.key, entry, cuts)
        return None if score is None else self._rung(entry, score.value, cuts)

    def standings_after(self, exchange: Exchange, cuts: Cuts) -> tuple[Standing, ...]:
        """The whole standings; a place at which nothing is otherwise is the same object as before."""
        if not self._linked and self.key not in cuts:
            return self._places
        placed: list[Standing] = []
        touched = exchange.touched()
        for level in exchange.levels():
            if level[0].height[0] in touched:
                placed += self._anew(level, len(placed), cuts)
            else:
                placed += self._shifted(level, len(placed))
        return tuple(placed)

    def _anew(self, level: list[Rung], above: int, cuts: Cuts) -> Iterator[Standing]:
        """The standings of those of one score, so many being above them."""
        shares = list(parted(level))
        for place, share in enumerate(shares):
            tie = self._tie(shares, place) if len(shares) > 1 else ()
            yield from [self._standing(rung.entry, above + 1, cuts, tie, shared=len(share) > 1) for rung in share]
            above += len(share)

    def _shifted(self, level: list[Rung], above: int) -> Iterator[Standing]:
        """The same where all is as before between them."""
        own = [self.standings[rung.entry] for rung in level]
        by = above + 1 - own[0].rank
        return (_ranked(one, one, one.rank + by, one.tie, shared=one.shared) if by else one for one in own)

    def _rung(self, entry: str, value: Fraction, cuts: Cuts) -> Rung:
        return Rung(entry, height_of(self._one(value)), partial(self._figures, entry, cuts))

    def _one(self, value: Fraction) -> Fraction:
        """The same object for equal fractions: two that are one are equal without being looked at."""
        return self._alike.setdefault((value.numerator, value.denominator), value)

    def _figures(self, entry: str, cuts: Cuts) -> Figures:
        """The entry's figure under each tie-breaker, from what concerns this entry alone."""
        vote, score = self._votes.get(entry), self._score(self.key, entry, cuts)
        cut = cuts.get(self.key, {}).get(entry)
        context = TieContext(
            round=self._judged,
            ballots=self._sheets[entry] if cut is None else cut.ballots,
            scores={} if score is None else {entry: score},
            earlier=[self._value(key, entry, cuts) for key in self._earlier],
            later=[self._value(key, entry, cuts) for key in self._later],
            votes={} if vote is None else {entry: vote},
        )
        return tuple(self._one(breaker.rank(context).get(entry, _NOTHING)) for breaker in self._breakers)

    def _score(self, key: str, entry: str, cuts: Cuts) -> Score | None:
        changed = cuts.get(key, {})
        if entry not in changed:
            return self._scores[key].get(entry)
        cut = changed[entry]
        return None if cut is None else cut.score

    def _value(self, key: str, entry: str, cuts: Cuts) -> Mapping[str, Fraction]:
        score = self._score(key, entry, cuts)
        return {} if score is None else {entry: score.value}

    def _tie(self, shares: Sequence[Share], place: int) -> tuple[TieDecision, ...]:
        """What parted a share from its neighbours of equal score."""
        neighbours = (*shares[max(0, place - 1) : place], *shares[place + 1 : place + 2])
        return tuple(self._decision(shares[place][0], other[0]) for other in neighbours)

    def _decision(self, own: Rung, other: Rung) -> TieDecision:
        parted = zip(self._breakers, own.figures, other.figures, strict=True)
        breaker, mine, theirs = next(one for one in parted if one[1] != one[2])
        return TieDecision(key=breaker.key, label=breaker.label, own=mine, other=theirs, other_entry=other.entry)

    def _standing(self, entry: str, rank: int, cuts: Cuts, tie: tuple[TieDecision, ...], *, shared: bool) -> Standing:
        own = self.standings[entry]
        cut = cuts.get(self.key, {}).get(entry)
        if cut is None and own.rank == rank and own.shared == shared and own.tie == tie:
            return own
        return _ranked(own, own if cut is None else cut, rank, tie, shared=shared)


def _ranked(own: Standing, held: Scored, rank: int, tie: tuple[TieDecision, ...], *, shared: bool) -> Standing:
    """The entry's standing at another rank, or with another score."""
    return Standing(
        entry=own.entry, rank=rank, score=held.score, category=own.category, division=own.division,
        criteria=held.criteria, lowest=held.lowest, tie=tie, shared=shared,
    )  # fmt: skip
