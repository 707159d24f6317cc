"""Finds the installed plugins by their entry points, and loads those that the settings allow."""

from __future__ import annotations

import importlib
import logging
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from judging.errors import N_, JudgingError
from judging.plugins.records import CORE, Unfit, told
from judging.plugins.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.metadata import EntryPoint

log = logging.getLogger(__name__)

ENTRY_POINT_GROUP = "judging.plugins"


def load_registry(*, core: object, allowed: Sequence[str] | None = None) -> Registry:
    """A registry with the core's own answers and the installed plugins. The core's plugin must be sound."""
    registry = Registry()
    if not registry.register(core, name=CORE):
        raise JudgingError(N_("The core's own plugin is broken: %(reason)s"), reason=registry.set_aside[0].reason)
    load_plugins(registry, allowed=allowed)
    return registry


def load_plugins(registry: Registry, *, allowed: Sequence[str] | None = None) -> None:
    """Find the installed plugins by their entry points and register each.

    `allowed` restricts them by name; None allows all. What is left out is not even imported. A name that is allowed and
    not installed is listed among those set aside: it is often a slip of the pen.
    """
    points = sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda each: each.name)
    for point in points:
        if allowed is None or point.name in allowed:
            _load(registry, point)
        else:
            registry.left_out.append(point.name)
    for name in sorted(set(allowed or ()) - {point.name for point in points}):
        refusal = Unfit(
            N_("JUDGING_PLUGINS names a plugin %(plugin)s that is not installed."),
            advice=N_("Install the plugin, or correct the name in JUDGING_PLUGINS."),
            plugin=name,
        )
        registry.note_unusable(name, refusal)


def _load(registry: Registry, point: EntryPoint) -> None:
    version = point.dist.version if point.dist is not None else ""
    try:
        plugin = point.load()
        package = package_of(point.module)
    except (Exception, SystemExit) as error:
        log.warning("plugin %s could not be imported", point.name, exc_info=error)
        refusal = Unfit(
            N_("Plugin %(plugin)s could not be imported: %(reason)s"),
            advice=N_("Install what the plugin needs, or another release of it, or leave it out of JUDGING_PLUGINS."),
            plugin=point.name, reason=told(error),
        )  # fmt: skip
        registry.note_unusable(point.name, refusal, version=version)
        return
    registry.register(plugin, name=point.name, version=version, package=package)


def package_of(module: str) -> str:
    """The package that templates, translations and static files lie in: the module itself, or the one it lies in.

    Empty for a module that stands alone.
    """
    found = importlib.import_module(module)
    return module if hasattr(found, "__path__") else module.rpartition(".")[0]
