"""Standings of the demo's rounds, by the same rules as those that a running contest has, from what is in memory."""

from __future__ import annotations

from fractions import Fraction

from judging.demo.edition import Edition
from judging.domain.ledger.recount import Recount, recount
from judging.domain.ledger.tally import Tally
from judging.domain.rules import Round
from judging.domain.standings import compute_standings, resolve_tie_breakers
from judging.domain.values import Grant, Standing
from judging.services.results.standings import find_aggregator
from judging.services.rounds.entries import OUT_OF_PLAY


def tally(edition: Edition, judged: Round) -> tuple[Standing, ...]:
    """The standings of a round as its sheets stand, with the rounds before and after it for the tie-breaks."""
    registry, rounds = edition.world.registry, edition.rules.rounds
    place = rounds.index(judged)
    return compute_standings(
        judged,
        edition.ballots.get(judged.key, []),
        aggregator=find_aggregator(registry, judged),
        tie_breakers=resolve_tie_breakers(edition.rules, judged, registry.tie_breakers),
        entries=_entries(edition),
        earlier=[_scores(edition, one) for one in reversed(rounds[:place])],
        later=[_scores(edition, one) for one in rounds[place + 1 :]],
        votes=_votes(edition, judged),
    )


def tally_all(edition: Edition) -> Recount:
    """The standings of every round, and the ranking with the prizes that were given."""
    registry = edition.world.registry
    found = Tally(
        contest=edition.contest.slug,
        ballots=edition.ballots,
        entries=_entries(edition),
        votes={judged.key: _votes(edition, judged) for judged in edition.rules.rounds},
        advanced={key: tuple(row.advanced) for key, row in edition.rounds.items() if row.advanced},
        prizes=[Grant(entry=one.entry.alias, level=one.level, board=one.board) for one in edition.prizes],
    )
    return recount(edition.rules, found, aggregators=registry.aggregators, tie_breakers=registry.tie_breakers)


def _entries(edition: Edition) -> dict[str, tuple[str, str | None]]:
    return {
        entry.alias: (entry.category, entry.division) for entry in edition.entries if entry.state not in OUT_OF_PLAY
    }


def _scores(edition: Edition, judged: Round) -> dict[str, Fraction]:
    ballots = edition.ballots.get(judged.key, [])
    combined = find_aggregator(edition.world.registry, judged).combine(judged, ballots) if ballots else {}
    return {entry: score.value for entry, score in combined.items()}


def _votes(edition: Edition, judged: Round) -> dict[str, int]:
    aliases = {entry.id: entry.alias for entry in edition.entries}
    return {aliases[vote.entry_id]: vote.number for vote in edition.votes.get(judged.key, [])}
