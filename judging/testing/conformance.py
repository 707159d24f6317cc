"""The tests that every contest kind must pass.

A plugin's own test is two lines:

class TestConformance(ContestPluginConformance):
    plugin = my_plugin
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from judging.domain.edition import apply_settings, edition_settings
from judging.domain.rules import ContestRules
from judging.domain.structure import digest, from_plain, to_plain
from judging.domain.totals import sheet_total
from judging.domain.values import Entry, Member, Problem
from judging.plugins import Registry
from judging.services.core_plugin import CorePlugin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from judging.domain.rules import Round

_NAME = "plugin-under-test"


class ContestPluginConformance:
    """Checks a plugin object against the core that is installed. Set `plugin` in the subclass."""

    plugin: Any = None

    def registry(self) -> Registry:
        """A registry with the core's answers and this plugin only; fails with the plugin's reason when set aside."""
        registry = Registry()
        registry.register(CorePlugin(), name="core")
        taken = registry.register(self.plugin, name=_NAME)
        assert taken, f"plugin {type(self.plugin).__name__} was set aside: {registry.set_aside[0].reason}"
        return registry

    def kinds(self) -> list[ContestRules]:
        """Every contest kind that the plugin offers."""
        return list(self.registry().kinds.values())

    def test_plugin_offers_a_contest_kind(self) -> None:
        assert self.kinds(), "hook judging_contests offered nothing"

    def test_rules_are_the_same_each_time(self) -> None:
        assert [digest(rules) for rules in self.kinds()] == [digest(rules) for rules in self.kinds()]

    def test_rules_survive_being_stored(self) -> None:
        for rules in self.kinds():
            assert from_plain(ContestRules, to_plain(rules)) == rules, rules.key

    def test_every_setting_can_be_set_to_what_it_is(self) -> None:
        for rules in self.kinds():
            values = {setting.key: setting.value for setting in edition_settings(rules)}
            assert apply_settings(rules, values) == rules, rules.key

    def test_aggregators_and_tie_breakers_are_known(self) -> None:
        registry = self.registry()
        for rules in registry.kinds.values():
            for judged in rules.rounds:
                assert judged.aggregator in registry.aggregators, f"{judged.key}: {judged.aggregator}"
            for key in rules.tie_breaks:
                assert key.startswith("criterion:") or key in registry.tie_breakers, key

    def test_full_marks_reach_the_stated_total(self) -> None:
        for rules in self.kinds():
            for judged in rules.rounds:
                assert sheet_total(judged.rubric, full_marks(judged)) == judged.rubric.maximum, judged.key

    def test_eligibility_answers_problems_for_an_empty_entry(self) -> None:
        registry = self.registry()
        for rules in registry.kinds.values():
            answers = registry.check_eligibility(rules, _empty_entry(rules), date(2021, 6, 1))
            for problem in answers:
                assert isinstance(problem, Problem), f"hook judging_check_eligibility answered {problem!r}"
                assert str(problem), "a problem must say its reason"


def full_marks(judged: Round) -> Mapping[str, Decimal]:
    """The highest mark on every scale of a round."""
    return {key: scale.high for criterion in judged.rubric.criteria for key, _, scale in criterion.scales}


def _empty_entry(rules: ContestRules) -> Entry:
    return Entry(
        id="0",
        alias="e-000000",
        title="",
        category=rules.categories[0].key,
        members=(Member(name="Mẫu", is_lead=True),),
    )
