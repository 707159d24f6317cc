"""What a contest's results follow from, and the results as they are compared: with all sheets and without some."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from judging.domain.awards import AwardPlan
from judging.domain.gates import advancing
from judging.domain.ledger.recount import find_standings
from judging.domain.ledger.tally import Tally
from judging.domain.rules import ContestRules
from judging.domain.scoring import CORE_AGGREGATORS
from judging.domain.standings import CORE_TIE_BREAKERS, resolve_tie_breakers
from judging.domain.strategies import Aggregator, TieBreaker
from judging.domain.values import Ballot, Standing

Standings = Mapping[str, Sequence[Standing]]

_CRITERION = "criterion:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The rules in force and all that counts.

    `tally` holds the ballots of rounds that are closed, and of no others. `prizes` gives the ranked prizes from the
    standings of all rounds by the contest's rules; None while a round is not closed, when nobody can say who wins. With
    `by_rules` it is `grant_awards`, which looks at few of the standings; else it is asked with all of them.
    """

    rules: ContestRules
    tally: Tally
    aggregators: Mapping[str, Aggregator]
    tie_breakers: Mapping[str, TieBreaker]
    prizes: Callable[[Standings], AwardPlan] | None = None
    by_rules: bool = False

    @property
    def is_local(self) -> bool:
        """Whether an entry's place in the order follows from its own sheets alone, so that few need counting anew.

        So it is with the core's own ways of combining and parting; a plugin's may look across entries and judges.
        """
        return all(
            self.aggregators.get(judged.aggregator) in CORE_AGGREGATORS
            and all(
                breaker.key.startswith(_CRITERION) or breaker in CORE_TIE_BREAKERS
                for breaker in resolve_tie_breakers(self.rules, judged, self.tie_breakers)
            )
            for judged in self.rules.rounds
        )

    def count(self) -> Standings:
        """The standings of every round. Raises NotRecountable for a way of combining or parting that nobody offers."""
        return find_standings(self.rules, self.tally, aggregators=self.aggregators, tie_breakers=self.tie_breakers)

    def without(self, judge: str, rounds: Sequence[str]) -> Ground:
        """The same without what the judge handed in alone in these rounds. A panel's consensus sheet stays."""
        kept = {
            key: [one for one in ballots if key not in rounds or not is_own(one, judge)]
            for key, ballots in self.tally.ballots.items()
        }
        return replace(self, tally=replace(self.tally, ballots=kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Standings with who goes on from each round but the last, and the ranked prizes."""

    standings: Standings
    onward: Mapping[str, frozenset[str]]
    plan: AwardPlan | None


def is_own(ballot: Ballot, judge: str) -> bool:
    """Whether it is a sheet that the judge alone answers for: a consensus is the whole panel's."""
    return ballot.judge == judge and not ballot.consensus


def settle(ground: Ground, standings: Standings) -> Outcome:
    """Who goes on and who wins by the contest's rules, were these the standings."""
    return Outcome(
        standings=standings,
        onward={
            judged.key: frozenset(one.entry for one in advancing(ground.rules, judged, standings[judged.key]).advanced)
            for judged in ground.rules.rounds[:-1]
        },
        plan=ground.prizes(standings) if ground.prizes else None,
    )
