"""The plugin that a conformance test is about, and what every part of the kit asks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from judging.testing.bench import name_of, registry_of

if TYPE_CHECKING:
    from judging.domain.rules import ContestRules
    from judging.plugins import PluginInfo, Registry


class Subject:
    """Holds the plugin under test. Each test asks the plugin anew, so that no answer is kept from another."""

    plugin: Any = None

    @property
    def name(self) -> str:
        """The plugin's name: of its entry point where it is installed, else of its package."""
        return name_of(self.plugin)

    def registry(self) -> Registry:
        """A registry with the core's answers and this plugin only; fails with the plugin's reason when set aside."""
        if self.plugin is None:
            pytest.fail(
                f"{type(self).__name__} names no plugin. Mend: set `plugin` to your plugin object.", pytrace=False
            )
        registry = registry_of(self.plugin)
        if registry.set_aside:
            aside = registry.set_aside[0]
            pytest.fail(
                f"Plugin {aside.name} is set aside, and its contests would be suspended: {aside.reason}"
                " Mend: what the sentence names; docs/writing-a-plugin.md has an example of every hook.",
                pytrace=False,
            )
        return registry

    def kinds(self) -> list[ContestRules]:
        """Every contest kind that the plugin offers."""
        return list(self.registry().kinds.values())

    @staticmethod
    def info(registry: Registry) -> PluginInfo:
        """What the plugin brings, and nothing of the core's."""
        return registry.infos[-1]
