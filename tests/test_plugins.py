"""The registry: who is taken in, who is set aside and why, and who is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import click
import pytest
from flask import Blueprint

from judging.api import (
    Aggregator,
    Award,
    Category,
    ContestRules,
    Document,
    Entry,
    Grant,
    Problem,
    Report,
    RulesError,
    Score,
    Standing,
    TieBreaker,
    hookimpl,
)
from judging.errors import ContestSuspended, PluginError
from judging.plugins import Registry, load_registry
from judging.plugins.finding import package_of
from judging.services.core_plugin import CorePlugin
from tests.domain.builders import a_round

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ENTRY = Entry(id="1", alias="e-aaaaaa", title="Cối xay", category="only")
STANDING = Standing(entry="e-aaaaaa", rank=1, score=Score(value=Fraction(90), used=3))
TODAY = date(2021, 6, 1)


def rules(key: str = "mine") -> ContestRules:
    return ContestRules(
        key=key, name="Mine", version="1", categories=(Category(key="only", label="Only"),), rounds=(a_round(),),
        awards=(Award(key="first", label="First prize", planned=1),),
    )  # fmt: skip


class Whole:
    """A plugin that implements every hook and remembers what it was told."""

    judging_api = 1

    def __init__(self, key: str = "mine") -> None:
        self.key = key
        self.told: list[str] = []

    @hookimpl
    def judging_contests(self) -> Iterable[ContestRules]:
        return [rules(self.key)]

    @hookimpl
    def judging_aggregators(self) -> Iterable[Aggregator]:
        return [Aggregator(key=f"{self.key}-sum", label="Sum", combine=lambda _round, _ballots: {})]

    @hookimpl
    def judging_tie_breakers(self) -> Iterable[TieBreaker]:
        return [TieBreaker(key=f"{self.key}-lot", label="Lot", rank=lambda _context: {})]

    @hookimpl
    def judging_reports(self) -> Iterable[Report]:
        return [
            Report(key=f"{self.key}-report", label="Report", columns=("Place",), rows=lambda _rules, _standings: [])
        ]

    @hookimpl
    def judging_pages(self) -> Blueprint:
        return Blueprint(f"{self.key}_pages", __name__)

    @hookimpl
    def judging_commands(self) -> Iterable[click.Command]:
        return [click.Command(f"{self.key}-count")]

    @hookimpl
    def judging_check_eligibility(self, today: date) -> Iterable[Problem]:
        return [Problem(code="young", message="Too young on %(today)s.", params={"today": today}, where=self.key)]

    @hookimpl
    def judging_grant_awards(self, standings: Sequence[Standing]) -> Sequence[Grant] | None:
        return [Grant(entry=standings[0].entry, level="first", reason=self.key)]

    @hookimpl
    def judging_document_context(self) -> Mapping[str, object] | None:
        return {"motto": self.key}

    @hookimpl
    def judging_entry_submitted(self, entry: Entry) -> None:
        self.told.append(entry.alias)

    @hookimpl
    def judging_results_published(self, standings: Sequence[Standing]) -> None:
        self.told.append(standings[0].entry)


def registry_with(*plugins: object) -> Registry:
    registry = Registry()
    registry.register(CorePlugin(), name="core")
    for number, plugin in enumerate(plugins):
        registry.register(plugin, name=f"plugin-{number}", version="2.1")
    return registry


def test_what_a_plugin_offers_is_indexed() -> None:
    registry = registry_with(Whole())

    assert registry.set_aside == []
    assert set(registry.kinds) == {"mine"}
    assert {"mine-sum", "mean", "median"} <= set(registry.aggregators)
    assert {"mine-lot", "chair-vote"} <= set(registry.tie_breakers)
    assert set(registry.reports) == {"mine-report"}
    assert set(registry.commands) == {"mine-count"}
    assert set(registry.pages) == {"plugin-0"}
    assert registry.infos[-1].contests == ("mine",)


def test_only_the_owner_is_asked() -> None:
    registry = registry_with(Whole("theirs"), Whole("mine"))

    problems = registry.check_eligibility(registry.rules("mine"), ENTRY, TODAY)
    granted = registry.grant_awards(registry.rules("theirs"), [STANDING])
    context = registry.document_context(registry.rules("mine"), Document(key="certificate", label="…"), STANDING)

    assert [problem.where for problem in problems] == ["mine"]
    assert granted == (Grant(entry="e-aaaaaa", level="first", reason="theirs"),)
    assert context == {"motto": "mine"}


def test_owner_gives_prizes_when_it_has_a_hook_for_them() -> None:
    class Plain:
        judging_api = 1

        @hookimpl
        def judging_contests(self) -> Iterable[ContestRules]:
            return [rules("plain")]

    registry = registry_with(Whole("mine"), Plain())

    assert registry.gives_awards("mine")
    assert not registry.gives_awards("plain")
    with pytest.raises(ContestSuspended):
        registry.gives_awards("nobody's")


def test_everybody_is_told() -> None:
    first, second = Whole("theirs"), Whole("mine")
    registry = registry_with(first, second)

    registry.tell_entry_submitted(registry.rules("mine"), ENTRY)
    registry.tell_results_published(registry.rules("mine"), [STANDING])

    assert first.told == second.told == ["e-aaaaaa", "e-aaaaaa"]


def test_told_hook_that_raises_goes_no_further() -> None:
    class Loud(Whole):
        @hookimpl
        def judging_entry_submitted(self, entry: Entry) -> None:
            raise OSError(f"no room for {entry.alias}")

    loud, quiet = Loud("theirs"), Whole("mine")
    registry = registry_with(loud, quiet)

    registry.tell_entry_submitted(registry.rules("mine"), ENTRY)

    assert quiet.told == ["e-aaaaaa"]


def test_owner_hook_that_raises_names_plugin_and_hook() -> None:
    class Broken(Whole):
        @hookimpl
        def judging_check_eligibility(self, today: date) -> Iterable[Problem]:
            raise KeyError(f"born before {today}")

    registry = registry_with(Broken())

    with pytest.raises(
        PluginError, match=r"plugin-0 failed in hook judging_check_eligibility: KeyError: 'born before 2021-06-01'"
    ):
        registry.check_eligibility(registry.rules("mine"), ENTRY, TODAY)


def test_plugin_set_aside_is_not_told_either() -> None:
    class Raises(Whole):
        @hookimpl
        def judging_reports(self) -> Iterable[Report]:
            raise RulesError("no reports today")

    aside = Raises()
    registry = registry_with(aside, Whole("theirs"))

    registry.tell_entry_submitted(registry.rules("theirs"), ENTRY)

    assert aside.told == []


def test_second_plugin_with_a_taken_kind_is_set_aside() -> None:
    registry = registry_with(Whole(), Whole())

    assert [aside.name for aside in registry.set_aside] == ["plugin-1"]
    assert registry.check_eligibility(registry.rules("mine"), ENTRY, TODAY)


def test_installed_plugins_are_found_by_entry_point() -> None:
    registry = load_registry(core=CorePlugin())

    assert registry.set_aside == []
    assert set(registry.kinds) == {"youth-creativity", "technical-innovation", "startup"}


def test_allowed_names_restrict_what_is_loaded() -> None:
    registry = load_registry(core=CorePlugin(), allowed=("startup",))

    assert set(registry.kinds) == {"startup"}


def test_digest_follows_the_rules() -> None:
    class Changed(Whole):
        @hookimpl
        def judging_contests(self) -> Iterable[ContestRules]:
            return [replace(rules(), version="2")]

    assert registry_with(Whole()).rules_digest("mine") == registry_with(Whole()).rules_digest("mine")
    assert registry_with(Whole()).rules_digest("mine") != registry_with(Changed()).rules_digest("mine")


def test_owner_and_its_reports_are_found_by_kind() -> None:
    registry = registry_with(Whole("mine"), Whole("theirs"))

    assert registry.owner_of("theirs").name == "plugin-1"
    assert set(registry.reports_for("mine")) == {"mine-report"}
    assert registry.describe() == ["plugin-0 2.1", "plugin-1 2.1"]
    with pytest.raises(ContestSuspended):
        registry.owner_of("nobodys")


@pytest.mark.parametrize(
    ("module", "package"),
    [("judging_startup", "judging_startup"), ("judging_startup.plugin", "judging_startup"), ("decimal", "")],
)
def test_package_of_a_plugin_is_where_its_files_lie(module: str, package: str) -> None:
    assert package_of(module) == package
