"""Checks of what a plugin's hooks and strategies answer when they are asked as the program asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.awards import check_grants
from judging.domain.strategies import TieContext
from judging.testing.faults import asked, fault
from judging.testing.kind import Kind
from judging.testing.samples import TODAY, empty_entry, sample_ballot
from judging.testing.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from judging.domain.rules import Round
    from judging.domain.values import Ballot, Score, Standing

ELIGIBILITY, AWARDS, DOCUMENT = "judging_check_eligibility", "judging_grant_awards", "judging_document_context"
_SHARES = ("0.9", "0.7", "0.85", "0.6", "0.75")
_ENTRIES = tuple(f"e-{number:06d}" for number in range(1, 9))


class AnswerChecks(Subject):
    """Asks every hook and every strategy with sample values."""

    def test_eligibility_answers_problems(self) -> None:
        registry = self.registry()
        mend = (
            "answer Problem values; treat an answer, a person or a file that is not there as missing, and do not raise"
        )
        for rules in registry.kinds.values():
            kind = Kind(registry=registry, rules=rules)
            entries = [empty_entry(rules), kind.entry()]
            entries += [kind.entry(category=category.key) for category in rules.categories]
            entries += [kind.entry(division=division.key) for division in rules.divisions]
            for entry in entries:
                with asked(self.name, ELIGIBILITY, mend):
                    problems = registry.check_eligibility(rules, entry, TODAY)
                for problem in problems:
                    if not str(problem).strip():
                        fault(self.name, ELIGIBILITY, f"problem “{problem.code}” says nothing", "give it a message")

    def test_aggregators_are_sound(self) -> None:
        registry = self.registry()
        for key in self.info(registry).aggregators:
            hook, combine = f"judging_aggregators “{key}”", registry.aggregators[key].combine
            mend = "answer one Score for each entry that has a ballot, its value a Fraction, for any number of ballots"
            for _, judged in self._rounds():
                for judges in (1, 2, 3, 5):
                    ballots = _ballots(judged, judges)
                    with asked(self.name, hook, mend):
                        scores, turned = combine(judged, ballots), combine(judged, ballots[::-1])
                    if _values(scores) != _values(turned):
                        fault(
                            self.name, hook, "another order of the ballots gives other scores",
                            "look at the marks, never at which ballot came first",
                        )  # fmt: skip

    def test_tie_breakers_are_sound(self) -> None:
        registry = self.registry()
        for key in self.info(registry).tie_breakers:
            hook, rank = f"judging_tie_breakers “{key}”", registry.tie_breakers[key].rank
            mend = "answer a Fraction for each entry, and nothing for rounds or votes that are not there"
            for kind, judged in self._rounds():
                ballots = _ballots(judged, 3)
                with asked(self.name, hook, mend):
                    scores = kind.registry.aggregators["mean"].combine(judged, ballots)
                    rank(TieContext(round=judged, ballots=ballots, scores=scores))
                    rank(TieContext(round=judged, ballots=ballots, scores=scores, later=[{}], earlier=[{}]))

    def test_awards_can_be_given(self) -> None:
        registry = self.registry()
        for rules in registry.kinds.values():
            kind = Kind(registry=registry, rules=rules)
            for shares in _fields_of_entries():
                standings = self._standings(kind, shares)
                with asked(self.name, AWARDS, "answer Grant values or None for any standings, none at all among them"):
                    grants = registry.grant_awards(rules, standings)
                if grants is None:
                    continue
                by_round = {judged.key: {one.entry: one for one in standings} for judged in rules.rounds}
                for problem in check_grants(rules, standings, grants, by_round=by_round):
                    fault(
                        self.name, AWARDS, f"prizes that cannot be given in “{rules.key}”: {problem}",
                        "keep to the levels, numbers, boards and gates of the rules that the hook is given",
                    )  # fmt: skip

    def test_documents_get_their_values(self) -> None:
        registry = self.registry()
        for rules in registry.kinds.values():
            standings = self._standings(Kind(registry=registry, rules=rules), {_ENTRIES[0]: _SHARES[:3]})
            for document in rules.documents:
                with asked(self.name, DOCUMENT, "answer texts, numbers, dates, lists and mappings of them, or None"):
                    registry.document_context(rules, document, standings[0])

    def test_reports_have_rows(self) -> None:
        registry = self.registry()
        for rules in registry.kinds.values():
            kind = Kind(registry=registry, rules=rules)
            for key in self.info(registry).reports:
                mend = "answer rows of texts, as many in each as there are columns, for any standings"
                for shares in _fields_of_entries():
                    standings = self._standings(kind, shares)
                    with asked(self.name, f"judging_reports “{key}”", mend):
                        kind.report(key, standings)

    def _standings(self, kind: Kind, shares: Mapping[str, Sequence[str]]) -> tuple[Standing, ...]:
        """Standings of the last round by the strategies that the rules name, the entries spread over all boards."""
        categories, divisions = kind.rules.categories, kind.rules.divisions
        with asked(self.name, "judging_contests", "let rounds and tie_breaks name strategies that exist and are sound"):
            return kind.standings(
                shares,
                categories={entry: categories[place % len(categories)].key for place, entry in enumerate(shares)},
                divisions={entry: divisions[place % len(divisions)].key for place, entry in enumerate(shares)}
                if divisions
                else None,
            )

    def _rounds(self) -> Iterator[tuple[Kind, Round]]:
        registry = self.registry()
        for rules in registry.kinds.values():
            for judged in rules.rounds:
                yield Kind(registry=registry, rules=rules), judged


def _ballots(judged: Round, judges: int) -> list[Ballot]:
    """Sheets for four entries whose shares rise and fall, so that no two judges agree on everything."""
    return [
        sample_ballot(judged, entry, f"j-{judge:06d}", share=_SHARES[(place + judge) % len(_SHARES)])
        for place, entry in enumerate(_ENTRIES[:4])
        for judge in range(1, judges + 1)
    ]


def _values(scores: Mapping[str, Score]) -> dict[str, object]:
    return {entry: (score.value, score.used, score.unused) for entry, score in scores.items()}


def _fields_of_entries() -> Iterator[dict[str, Sequence[str]]]:
    """Nobody, one entry, five that are all apart, and eight of which two are equal."""
    yield {}
    yield {_ENTRIES[0]: _SHARES[:3]}
    yield {entry: [share] * 3 for entry, share in zip(_ENTRIES, _SHARES, strict=False)}
    yield {entry: [str(round(0.95 - 0.05 * min(place, 6), 2))] * 3 for place, entry in enumerate(_ENTRIES)}
