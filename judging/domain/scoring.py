"""How the sheets of an entry become one score: the core's aggregators, and the gap between judges.

All are exact and do not depend on the order of the ballots. Raising a mark never lowers an entry's score under any of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from judging.domain.rules import GapRule, Round
from judging.domain.strategies import Aggregator
from judging.domain.totals import exact, exact_mean, sheet_total
from judging.domain.values import Ballot, Score
from judging.errors import N_

LEAST_TO_TRIM = 5
"""With fewer sheets than this nothing is dropped: two of four sheets would be half of the judges."""

CONSENSUS = "consensus"


def ballots_by_entry(ballots: Sequence[Ballot]) -> dict[str, list[Ballot]]:
    """The ballots of each entry, entries in the order of their aliases."""
    grouped: dict[str, list[Ballot]] = {}
    for ballot in ballots:
        grouped.setdefault(ballot.entry, []).append(ballot)
    return dict(sorted(grouped.items()))


def counted_ballots(judged: Round, ballots: Sequence[Ballot]) -> Sequence[Ballot]:
    """The ballots of one entry that its score, its criterion means and its lowest marks come from.

    A panel's consensus sheet counts alone where the round takes the consensus, and not at all where it does not, unless
    there is nothing else.
    """
    agreed = [ballot for ballot in ballots if ballot.consensus]
    if not agreed:
        return ballots
    own = [ballot for ballot in ballots if not ballot.consensus]
    return agreed if judged.aggregator == CONSENSUS else own or agreed


def gap(judged: Round, ballots: Sequence[Ballot]) -> Fraction:
    """The highest minus the lowest total among one entry's own sheets, in points; 0 with fewer than two."""
    totals = [sheet_total(judged.rubric, ballot.marks) for ballot in ballots if not ballot.consensus]
    return max(totals) - min(totals) if totals else Fraction(0)


def gaps_over_limit(judged: Round, ballots: Sequence[Ballot]) -> dict[str, Fraction]:
    """The gap of every entry whose judges differ by more than the round's limit; empty when the rule is off."""
    if judged.gap_rule is GapRule.OFF:
        return {}
    gaps = {entry: gap(judged, own) for entry, own in ballots_by_entry(ballots).items()}
    return {entry: size for entry, size in gaps.items() if size > exact(judged.gap_limit)}


def _score_mean(totals: Sequence[Fraction]) -> Score:
    return Score(value=exact_mean(totals), used=len(totals), explanation=N_("Mean of all sheets."))


def _score_trimmed(totals: Sequence[Fraction]) -> Score:
    if len(totals) < LEAST_TO_TRIM:
        return Score(
            value=exact_mean(totals),
            used=len(totals),
            explanation=N_("Mean of all sheets: fewer than five, so none dropped."),
        )
    kept = sorted(totals)[1:-1]
    return Score(
        value=exact_mean(kept),
        used=len(kept),
        unused=2,
        explanation=N_("Mean without the highest and the lowest sheet."),
    )


def _score_median(totals: Sequence[Fraction]) -> Score:
    rising = sorted(totals)
    half = len(rising) // 2
    middle = rising[half : half + 1] if len(rising) % 2 else rising[half - 1 : half + 1]
    return Score(value=exact_mean(middle), used=len(rising), explanation=N_("Median of all sheets."))


def _own_sheets(score: Callable[[Sequence[Fraction]], Score]) -> Callable[[Round, Sequence[Ballot]], dict[str, Score]]:
    def combine(judged: Round, ballots: Sequence[Ballot]) -> dict[str, Score]:
        return {entry: _of_own_sheets(score, judged, sheets) for entry, sheets in ballots_by_entry(ballots).items()}

    return combine


def _of_own_sheets(score: Callable[[Sequence[Fraction]], Score], judged: Round, ballots: Sequence[Ballot]) -> Score:
    own = [ballot for ballot in ballots if not ballot.consensus] or ballots
    return _leaving_out(score([sheet_total(judged.rubric, ballot.marks) for ballot in own]), len(ballots) - len(own))


def _leaving_out(score: Score, more: int) -> Score:
    if not more:
        return score
    return Score(value=score.value, used=score.used, unused=score.unused + more, explanation=score.explanation)


def _combine_consensus(judged: Round, ballots: Sequence[Ballot]) -> dict[str, Score]:
    return {entry: _consensus(judged, sheets) for entry, sheets in ballots_by_entry(ballots).items()}


def _consensus(judged: Round, ballots: Sequence[Ballot]) -> Score:
    agreed = [ballot for ballot in ballots if ballot.consensus]
    totals = [sheet_total(judged.rubric, ballot.marks) for ballot in agreed or ballots]
    explanation = N_("The panel's consensus sheet.") if agreed else N_("No consensus sheet yet: mean of all sheets.")
    return Score(value=exact_mean(totals), used=len(totals), unused=len(ballots) - len(totals), explanation=explanation)


CORE_AGGREGATORS: tuple[Aggregator, ...] = (
    Aggregator(key="mean", label=N_("Mean"), combine=_own_sheets(_score_mean), help=N_("Every sheet counts the same.")),
    Aggregator(
        key="trimmed-mean",
        label=N_("Mean without the extremes"),
        combine=_own_sheets(_score_trimmed),
        help=N_("Drops one highest and one lowest sheet; needs at least five sheets."),
        least=LEAST_TO_TRIM,
    ),
    Aggregator(
        key="median",
        label=N_("Median"),
        combine=_own_sheets(_score_median),
        help=N_("The middle sheet, or the mean of the two middle ones."),
    ),
    Aggregator(
        key=CONSENSUS,
        label=N_("Consensus"),
        combine=_combine_consensus,
        help=N_("The sheet that the panel agreed on together; until there is one, the mean."),
    ),
)


def find_aggregator(key: str, more: Mapping[str, Aggregator] | None = None) -> Aggregator | None:
    """The core's aggregator of that key, else one of `more`, else None."""
    core = {aggregator.key: aggregator for aggregator in CORE_AGGREGATORS}
    return core.get(key) or (more or {}).get(key)
