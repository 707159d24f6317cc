"""From what counts to the ranking, byte for byte: one function for publishing and for checking what is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from judging.domain.gates import advancing
from judging.domain.ledger.canonical import plain_json, sha256_hex
from judging.domain.ledger.faults import LeafError, NotRecountable
from judging.domain.ledger.tally import Tally
from judging.domain.rules import ContestRules, Round
from judging.domain.scoring import CORE_AGGREGATORS
from judging.domain.standings import compute_standings, resolve_tie_breakers
from judging.domain.strategies import Aggregator, TieBreaker
from judging.domain.values import Grant, Score, Standing
from judging.errors import N_, RulesError

FORMAT = "contest-ranking@v1"
_MILLION = 1_000_000
_CORE = {aggregator.key: aggregator for aggregator in CORE_AGGREGATORS}

Standings = Mapping[str, tuple[Standing, ...]]
"""The standings of every round by its key, in the order of the rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The standings of every round, and the same as they are published; both depend on rules and tally alone."""

    standings: Standings
    plain: Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """Standings, and the ranking document as the bytes that are published."""

    standings: Standings
    ranking: bytes

    @property
    def sha256(self) -> str:
        """What the log keeps of the ranking."""
        return sha256_hex(self.ranking)


def recount(
    rules: ContestRules,
    tally: Tally,
    *,
    aggregators: Mapping[str, Aggregator] | None = None,
    tie_breakers: Mapping[str, TieBreaker] | None = None,
) -> Recount:
    """The ranking that follows from the tally by the rules.

    `aggregators` and `tie_breakers` add those of plugins to the core's own. Raises NotRecountable when the rules name
    one that is in neither, and LeafError when a sheet does not fit the rubric of its round.
    """
    return make_ranking(tally, count_standings(rules, tally, aggregators=aggregators, tie_breakers=tie_breakers))


def recount_advance(
    rules: ContestRules,
    tally: Tally,
    round_key: str,
    *,
    aggregators: Mapping[str, Aggregator] | None = None,
    tie_breakers: Mapping[str, TieBreaker] | None = None,
) -> tuple[Recount, tuple[str, ...]]:
    """Who goes on from the round by its gates and quota, and the ranking that says so. Raises as `recount` does."""
    count = count_standings(rules, tally, aggregators=aggregators, tie_breakers=tie_breakers)
    onward = who_advances(rules, count, round_key)
    return make_ranking(replace(tally, advanced={**tally.advanced, round_key: onward}), count), onward


def who_advances(rules: ContestRules, count: Count, round_key: str) -> tuple[str, ...]:
    """The entries that go on from the round by its gates and quota. Raises LeafError for a round that is not there."""
    judged = rules.find_round(round_key)
    if judged is None:
        raise LeafError(N_("The rules have no round “%(round)s”."), round=round_key)
    return tuple(one.entry for one in advancing(rules, judged, count.standings[round_key]).advanced)


def count_standings(
    rules: ContestRules,
    tally: Tally,
    *,
    aggregators: Mapping[str, Aggregator] | None = None,
    tie_breakers: Mapping[str, TieBreaker] | None = None,
) -> Count:
    """The standings of every round; who advanced and which prizes were given makes no difference to them."""
    standings = find_standings(rules, tally, aggregators=aggregators, tie_breakers=tie_breakers)
    return Count(standings=standings, plain={key: list(map(plain_standing, one)) for key, one in standings.items()})


def find_standings(
    rules: ContestRules,
    tally: Tally,
    *,
    aggregators: Mapping[str, Aggregator] | None = None,
    tie_breakers: Mapping[str, TieBreaker] | None = None,
) -> Standings:
    """The same as values alone, for whoever publishes nothing. Raises as `recount` does."""
    known = {**_CORE, **(aggregators or {})}
    try:
        scores = {judged.key: _scores(judged, tally, known) for judged in rules.rounds}
        return {
            judged.key: _standings(rules, judged, tally, scores=scores, known=known, tie_breakers=tie_breakers or {})
            for judged in rules.rounds
        }
    except RulesError as error:
        raise LeafError(N_("The sheets do not fit the rules: %(reason)s"), reason=error) from error


def make_ranking(tally: Tally, count: Count) -> Recount:
    """The ranking document: every round's standings and all prizes, by alias; scores as text with six places.

    `advanced` names who went on from a round, in the order of its standings then; entries that were taken out of the
    contest since are left out, and so are rounds without standings.
    """
    document = {
        "format": FORMAT,
        "contest": tally.contest,
        "rounds": [
            {
                "key": key,
                "advanced": [entry for entry in tally.advanced.get(key, ()) if entry in tally.entries],
                "standings": places,
            }
            for key, places in count.plain.items()
            if places
        ],
        "prizes": [_plain_prize(prize) for prize in sorted(tally.prizes, key=_prize_order)],
    }
    return Recount(standings=count.standings, ranking=plain_json(document))


def score_text(value: Fraction) -> str:
    """A score with six places, half-even: what `totals.as_decimal_string` gives, for the many of a whole ranking."""
    scaled, rest = divmod(abs(value.numerator) * _MILLION, value.denominator)
    twice = 2 * rest
    if twice > value.denominator or (twice == value.denominator and scaled % 2):
        scaled += 1
    whole, places = divmod(scaled, _MILLION)
    return f"{'-' if value.numerator < 0 and scaled else ''}{whole}.{places:06d}"


def _scores(judged: Round, tally: Tally, known: Mapping[str, Aggregator]) -> Mapping[str, Score]:
    aggregator = _aggregator(judged, known)
    ballots = [ballot for ballot in tally.ballots.get(judged.key, ()) if ballot.entry in tally.entries]
    return aggregator.combine(judged, ballots) if ballots else {}


def _standings(
    rules: ContestRules,
    judged: Round,
    tally: Tally,
    *,
    scores: Mapping[str, Mapping[str, Score]],
    known: Mapping[str, Aggregator],
    tie_breakers: Mapping[str, TieBreaker],
) -> tuple[Standing, ...]:
    keys = [one.key for one in rules.rounds]
    place = keys.index(judged.key)
    return compute_standings(
        judged,
        tally.ballots.get(judged.key, ()),
        aggregator=_aggregator(judged, known),
        tie_breakers=_tie_breakers(rules, judged, tie_breakers),
        entries=tally.entries,
        earlier=[_values(scores[key]) for key in reversed(keys[:place])],
        later=[_values(scores[key]) for key in keys[place + 1 :]],
        votes=tally.votes.get(judged.key),
        scores=scores[judged.key],
    )


def _aggregator(judged: Round, known: Mapping[str, Aggregator]) -> Aggregator:
    found = known.get(judged.aggregator)
    if found is None:
        raise NotRecountable(N_("The way of combining sheets “%(key)s” is not known here."), key=judged.aggregator)
    return found


def _tie_breakers(rules: ContestRules, judged: Round, registered: Mapping[str, TieBreaker]) -> tuple[TieBreaker, ...]:
    try:
        return resolve_tie_breakers(rules, judged, registered)
    except RulesError as error:
        raise NotRecountable(N_("A tie-break of the rules is not known here: %(reason)s"), reason=error) from error


def _values(scores: Mapping[str, Score]) -> dict[str, Fraction]:
    return {entry: score.value for entry, score in scores.items()}


def plain_standing(standing: Standing) -> dict[str, Any]:
    """A place as it is published: scores as text with six places."""
    return {
        "entry": standing.entry,
        "rank": standing.rank,
        "category": standing.category,
        "division": standing.division,
        "score": score_text(standing.score.value),
        "sheets": standing.score.used,
        "left_out": standing.score.unused,
        "criteria": {key: score_text(value) for key, value in standing.criteria.items()},
        "tie": [
            {
                "key": one.key,
                "own": score_text(one.own),
                "other": score_text(one.other),
                "other_entry": one.other_entry,
            }
            for one in standing.tie
        ],
    }


def _plain_prize(prize: Grant) -> dict[str, str]:
    return {"entry": prize.entry, "level": prize.level, "board": prize.board}


def _prize_order(prize: Grant) -> tuple[str, str, str]:
    return (prize.level, prize.board, prize.entry)


def differing_scores(published: Sequence[Mapping[str, Any]], counted: Sequence[Mapping[str, Any]]) -> list[str]:
    """The entries of a round whose score differs between two rankings, or that only one of them has."""
    ours, theirs = ({one["entry"]: one["score"] for one in side} for side in (published, counted))
    return sorted(entry for entry in ours.keys() | theirs.keys() if ours.get(entry) != theirs.get(entry))
