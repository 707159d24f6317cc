"""What is left of an entry's sheets in a round without one judge's, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from judging.domain.leaving_out.ground import Ground, is_own
from judging.domain.rules import Round
from judging.domain.scoring import ballots_by_entry
from judging.domain.standings import criterion_means
from judging.domain.values import Ballot, Score

Sheets = Mapping[str, Sequence[Ballot]]
"""Ballots by entry."""


@dataclass(frozen=True, kw_only=True)
class Cut:
    """The sheets that are left, at least one, and the score that they give."""

    judged: Round
    ballots: Sequence[Ballot]
    score: Score

    @property
    def criteria(self) -> Mapping[str, Fraction]:
        """The mean mark by criterion, after the coefficient."""
        return self._means[0]

    @property
    def lowest(self) -> Mapping[str, Decimal]:
        """The lowest mark by criterion, before the coefficient."""
        return self._means[1]

    @cached_property
    def _means(self) -> tuple[Mapping[str, Fraction], Mapping[str, Decimal]]:
        return criterion_means(self.judged, self.ballots)


Cuts = Mapping[str, Mapping[str, Cut | None]]
"""By round and entry what is left; None where nothing is."""


def cut(ground: Ground, key: str, ballots: Sequence[Ballot], judge: str) -> Cut | None:
    """What is left of an entry's ballots in the round without the judge's own; a consensus stays."""
    judged = ground.rules.find_round(key)
    left = [one for one in ballots if not is_own(one, judge)]
    if judged is None or not left:
        return None
    scores = ground.aggregators[judged.aggregator].combine(judged, left)
    return Cut(judged=judged, ballots=left, score=scores[left[0].entry])


def sheets_in_play(ground: Ground) -> dict[str, dict[str, list[Ballot]]]:
    """The ballots of each round by entry, of the entries that take part."""
    return {
        judged.key: ballots_by_entry(
            [one for one in ground.tally.ballots.get(judged.key, ()) if one.entry in ground.tally.entries]
        )
        for judged in ground.rules.rounds
    }
