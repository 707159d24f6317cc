"""The plugins of this program, without an installation: those in use, and those that are not, with the reason."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from judging.cli.options import data_option, json_option, print_json, print_table

if TYPE_CHECKING:
    from judging.plugins import PluginInfo, Registry

_BRINGS = ("contests", "aggregators", "tie_breakers", "reports", "commands")


@cache
def find_plugins() -> Registry:
    """All installed plugins that JUDGING_PLUGINS allows, found once for the run of the program."""
    from judging.plugins import load_registry
    from judging.services.core_plugin import CorePlugin

    named = os.environ.get("JUDGING_PLUGINS")
    allowed = None if named is None else tuple(part.strip() for part in named.split(",") if part.strip())
    return load_registry(core=CorePlugin(), allowed=allowed)


@click.command()
@data_option
@json_option
def plugins(*, data: Path | None, as_json: bool) -> None:
    """List the plugins in use, and those set aside with the reason and what to do."""
    del data  # plugins belong to the program, not to an installation
    registry = find_plugins()
    used = [info for info in registry.infos if info.name != "core"]
    if as_json:
        print_json(
            {
                "plugins": [_plain(info) for info in used],
                "set_aside": [
                    {"name": one.name, "version": one.version, "reason": one.reason, "advice": one.advice}
                    for one in registry.set_aside
                ],
                "left_out": registry.left_out,
            }
        )
        return
    rows = [(info.name, info.version, ", ".join(info.contests)) for info in used]
    print_table(("PLUGIN", "VERSION", "CONTESTS"), rows)
    for one in registry.set_aside:
        click.echo(f"set aside: {one.name}: {one.reason}")
        click.echo(f"  {one.advice}")
    for name in registry.left_out:
        click.echo(f"left out: {name}: JUDGING_PLUGINS does not name it")


def _plain(info: PluginInfo) -> dict[str, Any]:
    brings = {key: list(getattr(info, key)) for key in _BRINGS}
    return {"name": info.name, "version": info.version, **brings, "pages": info.pages}
