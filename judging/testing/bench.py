"""The plugin under test on the bench: its name, its package, and a registry or an application with it alone."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from judging.composition import compose, create_web
from judging.plugins import ENTRY_POINT_GROUP, Registry
from judging.plugins.finding import package_of
from judging.services.core_plugin import CorePlugin
from judging.settings import Settings, create_data_folder

if TYPE_CHECKING:
    from flask import Flask


def module_of(plugin: Any) -> str:
    """The module in which a plugin is written; a plugin may be a module itself."""
    return plugin.__name__ if isinstance(plugin, ModuleType) else type(plugin).__module__


def name_of(plugin: Any) -> str:
    """The name of the entry point where the plugin is installed, else one made of its package."""
    module = module_of(plugin)
    for point in entry_points(group=ENTRY_POINT_GROUP):
        if point.module.partition(".")[0] == module.partition(".")[0]:
            return point.name
    plain = module.partition(".")[0].removeprefix("judging_").strip("_").lower()
    return plain if plain.isidentifier() and plain.isascii() else "plugin"


def registry_of(plugin: Any) -> Registry:
    """A registry with the core's answers and this plugin only, taken in or set aside."""
    registry = Registry()
    registry.register(CorePlugin(), name="core")
    try:
        package = package_of(module_of(plugin))
    except ImportError:
        package = ""
    registry.register(plugin, name=name_of(plugin), package=package)
    return registry


@contextlib.contextmanager
def application_of(registry: Registry) -> Iterator[Flask]:
    """The whole application with the plugins of a registry, on an empty folder without tables."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({}, data=create_data_folder(Path(folder) / "data"))
        platform = compose(settings, registry=registry)
        try:
            yield create_web(platform)
        finally:
            platform.jobs.close()
            platform.database.close()
