"""What is wrong with a plugin that is not taken in: it is set aside whole, with the reason, and others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import click
import pytest
from flask import Blueprint

from judging.api import Aggregator, Award, ContestRules, Report, RulesError, TieBreaker, hookimpl
from judging.errors import ContestSuspended
from judging.plugins import Registry
from tests.test_plugins import ENTRY, TODAY, Whole, registry_with, rules


def _other_version() -> object:
    plugin = Whole()
    plugin.judging_api = 2
    return plugin


def _no_hook() -> object:
    class Misspelt(Whole):
        @hookimpl
        def judging_contest(self) -> Iterable[ContestRules]:
            return []

    return Misspelt()


def _wrong_type() -> object:
    class Wrong(Whole):
        @hookimpl
        def judging_aggregators(self) -> Any:
            return ["mean"]

    return Wrong()


def _raises() -> object:
    class Raises(Whole):
        @hookimpl
        def judging_reports(self) -> Iterable[Report]:
            raise RulesError("no reports today")

    return Raises()


def _pages_are_no_blueprint() -> object:
    class Listed(Whole):
        @hookimpl
        def judging_pages(self) -> Any:
            return ["/pages"]

    return Listed()


def _takes_the_cores_key() -> object:
    class Greedy(Whole):
        @hookimpl
        def judging_aggregators(self) -> Iterable[Aggregator]:
            return [Aggregator(key="mean", label="Mine", combine=lambda _round, _ballots: {})]

    return Greedy()


def _takes_a_command_of_the_core() -> object:
    class Greedy(Whole):
        @hookimpl
        def judging_commands(self) -> Iterable[click.Command]:
            return [click.Command("init")]

    return Greedy()


def _takes_a_blueprint_of_the_core() -> object:
    class Greedy(Whole):
        @hookimpl
        def judging_pages(self) -> Blueprint:
            return Blueprint("organiser", __name__)

    return Greedy()


def _unmarked() -> object:
    class Unmarked(Whole):
        def judging_reports(self) -> Iterable[Report]:
            return []

    return Unmarked()


def _lists_in_rules() -> object:
    class Listed(Whole):
        @hookimpl
        def judging_contests(self) -> Iterable[ContestRules]:
            return [replace(rules(), awards=[Award(key="first", label="First prize", planned=1)])]  # type: ignore[arg-type]  # the fault

    return Listed()


def _key_with_blanks() -> object:
    class Odd(Whole):
        @hookimpl
        def judging_tie_breakers(self) -> Iterable[TieBreaker]:
            return [TieBreaker(key="by lot", label="Lot", rank=lambda _context: {})]

    return Odd()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_other_version, "plugin-0 speaks API version 2; this program speaks 1"),
        (_no_hook, "judging_contest"),
        (_wrong_type, "hook judging_aggregators: expected Aggregator, got str"),
        (_pages_are_no_blueprint, "hook judging_pages: expected Blueprint, got list"),
        (_raises, "no reports today"),
        (_takes_the_cores_key, "hook judging_aggregators: the key “mean” is taken"),
        (_takes_a_command_of_the_core, "hook judging_commands: the key “init” is taken"),
        (_takes_a_blueprint_of_the_core, "hook judging_pages: the key “organiser” is taken"),
        (_unmarked, "hook judging_reports: the method is not marked with @hookimpl"),
        (_lists_in_rules, "hook judging_contests: the rules “mine” change when they are stored. Write tuples"),
        (_key_with_blanks, "hook judging_tie_breakers, “by lot”: RulesError"),
    ],
)
def test_unsound_plugin_is_set_aside_whole(make: Callable[[], object], reason: str) -> None:
    registry = registry_with(make(), Whole("theirs"))

    assert [aside.name for aside in registry.set_aside] == ["plugin-0"]
    assert reason in registry.set_aside[0].reason
    assert set(registry.kinds) == {"theirs"}
    assert "mine-sum" not in registry.aggregators
    with pytest.raises(ContestSuspended, match="mine"):
        registry.rules("mine")


def test_second_plugin_of_a_name_is_set_aside() -> None:
    registry = Registry()

    assert registry.register(Whole("mine"), name="garden")
    assert not registry.register(Whole("theirs"), name="garden")
    assert registry.set_aside[0].reason == "Two installed distributions offer a plugin called garden."
    # The first one is still asked.
    assert registry.check_eligibility(registry.rules("mine"), ENTRY, TODAY)


@pytest.mark.parametrize("name", ["", "Garden", "my garden", "../garden", "1garden", "g" * 61, "garden:x"])
def test_plugin_with_a_name_that_cannot_stand_in_an_address_is_set_aside(name: str) -> None:
    registry = Registry()

    assert not registry.register(Whole(), name=name)
    assert "is no name for a plugin" in registry.set_aside[0].reason


def test_second_blueprint_of_a_name_is_set_aside() -> None:
    class Same(Whole):
        @hookimpl
        def judging_pages(self) -> Blueprint:
            return Blueprint("same", __name__)

    registry = registry_with(Same("mine"), Same("theirs"))

    assert [aside.reason for aside in registry.set_aside] == [
        "Plugin plugin-1, hook judging_pages: the key “same” is taken."
    ]
