"""A plugin of this repository uses what a stranger's plugin may use, and no more."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

import pytest

from tests.contracts.source_tree import parsed, product_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = {
    name: path for name, path in product_modules().items() if not name.startswith("judging.") and name != "judging"
}


def imported_names(tree: ast.Module) -> Iterator[str]:
    """Give what each import outside the module's own package brings in, as a dotted name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_allowed(name: str, package: str) -> bool:
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or top in {package, "click"}:
        return True
    return name == "flask.Blueprint" or name.startswith("judging.api.")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("judging.api.Round", True),
        ("flask.Blueprint", True),
        ("datetime.date", True),
        ("flask.request", False),
        ("judging.domain.rules.Round", False),
        ("sqlalchemy.select", False),
        ("judging_technical_innovation.rules", False),
    ],
)
def test_is_allowed_in_the_start_up_plugin(name: str, *, allowed: bool) -> None:
    assert is_allowed(name, "judging_startup") is allowed


@pytest.mark.parametrize("module", sorted(MODULES))
def test_plugin_module_imports_only_the_interface(module: str) -> None:
    package = module.partition(".")[0]
    assert [name for name in imported_names(parsed(MODULES[module])) if not is_allowed(name, package)] == []
