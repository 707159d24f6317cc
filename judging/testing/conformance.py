"""The tests that every plugin with a contest kind must pass.

A plugin's own test is two lines:

class TestConformance(ContestPluginConformance):
    plugin = my_plugin

Every message names the plugin, the hook and what to mend.
"""

from __future__ import annotations

from judging.domain.edition import apply_settings, edition_settings
from judging.domain.rules import ContestRules
from judging.domain.structure import digest, from_plain, to_plain
from judging.domain.totals import sheet_total
from judging.testing.answers import AnswerChecks
from judging.testing.faults import asked, fault
from judging.testing.files import FileChecks
from judging.testing.samples import full_marks

_RULES = "judging_contests"


class ContestPluginConformance(AnswerChecks, FileChecks):
    """Checks a plugin object against the core that is installed. Set `plugin` in the subclass."""

    def test_plugin_is_taken_in(self) -> None:
        self.registry()

    def test_plugin_offers_a_contest_kind(self) -> None:
        if not self.kinds():
            fault(self.name, _RULES, "offers no contest kind", "answer a list with your ContestRules")

    def test_rules_are_the_same_each_time(self) -> None:
        first, second = ([digest(rules) for rules in self.kinds()] for _ in range(2))
        if first != second:
            fault(
                self.name, _RULES, "gives other rules each time it is asked",
                "make the rules once, as a constant of a module, and from nothing that changes",
            )  # fmt: skip

    def test_rules_survive_being_stored(self) -> None:
        for rules in self.kinds():
            mend = "write tuples, Decimal and the data classes of judging.api"
            with asked(self.name, _RULES, mend):
                same = from_plain(ContestRules, to_plain(rules)) == rules
            if not same:
                fault(self.name, _RULES, f"the rules “{rules.key}” change when they are stored", mend)

    def test_every_setting_can_be_set_to_what_it_is(self) -> None:
        for rules in self.kinds():
            values = {setting.key: setting.value for setting in edition_settings(rules)}
            mend = "give each setting a key that no part of the rules has, and a default of its own kind"
            with asked(self.name, _RULES, mend):
                same = apply_settings(rules, values) == rules
            if not same:
                fault(self.name, _RULES, f"the settings of “{rules.key}” do not give the rules back", mend)

    def test_aggregators_and_tie_breakers_are_known(self) -> None:
        registry = self.registry()
        for rules in registry.kinds.values():
            for judged in rules.rounds:
                if judged.aggregator not in registry.aggregators:
                    fault(
                        self.name, _RULES,
                        f"round “{judged.key}” of “{rules.key}” names the aggregator “{judged.aggregator}”",
                        f"offer it with judging_aggregators, or name one of {sorted(registry.aggregators)}",
                    )  # fmt: skip
            for key in rules.tie_breaks:
                if not key.startswith("criterion:") and key not in registry.tie_breakers:
                    fault(
                        self.name, _RULES, f"“{rules.key}” names the tie-break “{key}”",
                        f"offer it with judging_tie_breakers, or name one of {sorted(registry.tie_breakers)}",
                    )  # fmt: skip

    def test_aggregators_get_the_judges_they_need(self) -> None:
        registry = self.registry()
        for rules in registry.kinds.values():
            for judged in rules.rounds:
                found = registry.aggregators.get(judged.aggregator)
                if found is not None and judged.judges_per_entry < found.least:
                    fault(
                        self.name, _RULES,
                        f"round “{judged.key}” of “{rules.key}” has {judged.judges_per_entry} judges for each entry,"
                        f" and “{found.key}” needs {found.least}",
                        "raise judges_per_entry, or name another aggregator",
                    )  # fmt: skip

    def test_full_marks_reach_the_stated_total(self) -> None:
        for rules in self.kinds():
            for judged in rules.rounds:
                reached = sheet_total(judged.rubric, full_marks(judged))
                if reached != judged.rubric.maximum:
                    fault(
                        self.name, _RULES,
                        f"full marks in round “{judged.key}” of “{rules.key}” give {reached},"
                        f" the rubric states {judged.rubric.maximum}",
                        "let scales, weights and total of the rubric agree",
                    )  # fmt: skip
