"""Small panels that judge entries by the rules of a contest kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import pytest

from judging.api import Ballot, ContestRules, Rubric, Standing
from judging.domain.scoring import find_aggregator
from judging.domain.standings import compute_standings, resolve_tie_breakers
from judging.plugins import Registry, load_plugins

Marks = Mapping[str, str]
Judge = Callable[..., tuple[Standing, ...]]


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The contest kinds as they are installed."""
    registry = Registry()
    load_plugins(registry)
    return registry


@pytest.fixture
def judge() -> Judge:
    """Judge a round: `sheets` holds one sheet of marks per judge for each entry."""

    def judged(
        rules: ContestRules,
        round_key: str,
        sheets: Mapping[str, Sequence[Marks]],
        places: Mapping[str, tuple[str, str | None]] | None = None,
    ) -> tuple[Standing, ...]:
        found = rules.find_round(round_key)
        assert found is not None
        aggregator = find_aggregator(found.aggregator)
        assert aggregator is not None
        ballots = [
            Ballot(judge=f"j-{number}", entry=entry, marks={key: Decimal(mark) for key, mark in marks.items()})
            for entry, own in sheets.items()
            for number, marks in enumerate(own)
        ]
        return compute_standings(
            found,
            ballots,
            aggregator=aggregator,
            tie_breakers=resolve_tie_breakers(rules, found, {}),
            entries=places or dict.fromkeys(sheets, (rules.categories[0].key, None)),
        )

    return judged


@pytest.fixture
def sheet() -> Callable[[Rubric, str], dict[str, str]]:
    """A sheet whose plain sum of marks is the one asked for, with no mark at 0 unless the sum leaves no choice."""

    def filled(rubric: Rubric, total: str) -> dict[str, str]:
        scales = [(key, scale) for criterion in rubric.criteria for key, _, scale in criterion.scales]
        marks = {key: max(scale.low, scale.step) for key, scale in scales}
        left = Decimal(total) - sum(marks.values())
        for key, scale in scales:
            more = min(scale.high - marks[key], left)
            marks[key] += more
            left -= more
        assert left == 0
        return {key: str(mark) for key, mark in marks.items()}

    return filled
