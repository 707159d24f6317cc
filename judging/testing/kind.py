"""One contest kind in the hands of its author: makes its values, and asks its plugin through the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from judging.domain.awards import grant_awards
from judging.domain.edition import apply_settings
from judging.domain.standings import compute_standings, resolve_tie_breakers
from judging.domain.values import Ballot
from judging.testing.samples import TODAY, sample_ballot, sample_entry

if TYPE_CHECKING:
    from judging.domain.rules import ContestRules, Round
    from judging.domain.values import Entry, Grant, Problem, Standing
    from judging.plugins import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A contest kind with the registry that knows its plugin."""

    registry: Registry
    rules: ContestRules

    def with_settings(self, **settings: Any) -> Kind:
        """The same kind with an edition's settings by key, as plain JSON. Raises RulesError."""
        return Kind(registry=self.registry, rules=apply_settings(self.rules, settings))

    def round(self, key: str | None = None) -> Round:
        """The round of that key, the last one without. Raises KeyError."""
        found = self.rules.rounds[-1] if key is None else self.rules.find_round(key)
        if found is None:
            raise KeyError(key)
        return found

    def entry(self, **values: Any) -> Entry:
        """An entry that the core finds complete, changed by `values`; `answers` join those of the sample."""
        return sample_entry(self.rules, **values)

    def ballot(
        self,
        entry: str = "e-000001",
        *,
        judge: str = "j-000001",
        round_key: str | None = None,
        share: str = "0.8",
        marks: Mapping[str, Decimal] | None = None,
    ) -> Ballot:
        """A judge's sheet: with `marks`, or with about `share` of every scale."""
        if marks is not None:
            return Ballot(judge=judge, entry=entry, marks=marks)
        return sample_ballot(self.round(round_key), entry, judge, share=share)

    def standings(
        self,
        shares: Mapping[str, Sequence[str]],
        *,
        round_key: str | None = None,
        categories: Mapping[str, str] | None = None,
        divisions: Mapping[str, str] | None = None,
    ) -> tuple[Standing, ...]:
        """The standings of a round from one sheet for each share, by entry: `{"e-000001": ["0.9", "0.8"]}`.

        Entries stand in the first category and division unless told otherwise.
        """
        judged = self.round(round_key)
        division = self.rules.divisions[0].key if self.rules.divisions else None
        return compute_standings(
            judged,
            [
                sample_ballot(judged, entry, f"j-{number:06d}", share=share)
                for entry, own in shares.items()
                for number, share in enumerate(own, 1)
            ],
            aggregator=self.registry.aggregators[judged.aggregator],
            tie_breakers=resolve_tie_breakers(self.rules, judged, self.registry.tie_breakers),
            entries={
                entry: (
                    (categories or {}).get(entry, self.rules.categories[0].key),
                    (divisions or {}).get(entry, division),
                )
                for entry in shares
            },
        )

    def problems(self, entry: Entry, *, today: date = TODAY) -> tuple[Problem, ...]:
        """Every reason of the kind's plugin against the entry. Raises PluginError."""
        return self.registry.check_eligibility(self.rules, entry, today)

    def grants(self, standings: Sequence[Standing]) -> Sequence[Grant]:
        """The prizes of the kind's plugin, or the core's where it leaves them to the core. Raises PluginError."""
        own = self.registry.grant_awards(self.rules, standings)
        return grant_awards(self.rules, standings).grants if own is None else own

    def document(self, key: str, standing: Standing) -> Mapping[str, object]:
        """What the kind's plugin adds to a document. Raises PluginError, and StopIteration for an unknown key."""
        document = next(one for one in self.rules.documents if one.key == key)
        return self.registry.document_context(self.rules, document, standing)

    def report(self, key: str, standings: Sequence[Standing]) -> Sequence[Sequence[str]]:
        """The rows of a report. Raises PluginError, and KeyError for an unknown key."""
        return self.registry.reports_for(self.rules.key)[key].rows(self.rules, standings)
