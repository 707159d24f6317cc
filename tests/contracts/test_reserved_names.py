"""No plugin can hide a page or a command of the core: the core's names are reserved, whichever are added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.cli.program import program
from judging.plugins import reserved

if TYPE_CHECKING:
    from flask import Flask

    from judging.plugins import Registry


def test_every_command_of_the_core_is_reserved() -> None:
    assert set(program.commands) - reserved.COMMANDS == set(), "add it to judging/plugins/reserved.py"


def test_every_blueprint_of_the_core_is_reserved(app: Flask, registry: Registry) -> None:
    plugins = {pages.name for pages in registry.pages.values()}

    assert set(app.blueprints) - plugins - reserved.BLUEPRINTS == set(), "add it to judging/plugins/reserved.py"
