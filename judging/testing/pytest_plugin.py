"""What pytest gets with `judging`: fixtures for the authors of plugins.

Nothing is imported before a fixture is asked for, so that suites that use none of them are as quick as without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.plugins import Registry
    from judging.testing.kind import Kind


@pytest.fixture(scope="session")
def judging_registry() -> Registry:
    """The registry of everything that is installed, as the program has it."""
    from judging.plugins import load_registry  # noqa: PLC0415 - only a suite that asks for it pays for it
    from judging.services.core_plugin import CorePlugin  # noqa: PLC0415 - the same

    return load_registry(core=CorePlugin())


@pytest.fixture
def judging_kind(request: pytest.FixtureRequest) -> Callable[..., Kind]:
    """Gives a `Kind` by its key: entries, ballots and standings of that contest kind, and the answers of its plugin.

    `judging_kind("my-kind", plugin=plugin)` asks a plugin object that need not be installed.
    """
    from judging.testing.bench import registry_of  # noqa: PLC0415 - only a suite that asks for it pays for it
    from judging.testing.kind import Kind  # noqa: PLC0415 - the same

    def find(key: str, *, plugin: object = None) -> Kind:
        registry = request.getfixturevalue("judging_registry") if plugin is None else registry_of(plugin)
        if key not in registry.kinds:
            aside = "; ".join(f"{one.name} is set aside: {one.reason}" for one in registry.set_aside)
            pytest.fail(
                f"no plugin here offers the contest kind “{key}”; offered are {sorted(registry.kinds)}."
                f" Install your distribution where judging is installed: pip install --editable . {aside}".rstrip(),
                pytrace=False,
            )
        return Kind(registry=registry, rules=registry.rules(key))

    return find
