"""No module can reach itself through imports, those inside functions and those for types counted too."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from tests.contracts.source_tree import parsed, product_modules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def written_targets(tree: ast.Module, package: str) -> Iterator[str]:
    """Give the dotted names that a module's import statements mention, wherever in the module they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")
                base = ".".join([*above[: len(above) - node.level + 1], *filter(None, [base])])
            # `from a import b` names the module a.b where there is one, else the module a.
            yield from (f"{base}.{alias.name}" for alias in node.names)


def imported_modules(name: str, path: Path, known: Iterable[str]) -> set[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    targets = set()
    for written in written_targets(parsed(path), package):
        module = written if written in known else written.rpartition(".")[0]
        # A package that names its own submodules, to offer what stands in them, is no ring by that alone.
        if module in known and module != name:
            targets.add(module)
    return targets


def find_ring(graph: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1]
        return ring
    return []


def test_find_ring_of_three_modules_names_them() -> None:
    assert set(find_ring({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f():\n    from judging.domain import marks", {"judging.domain.marks"}),
        ("from . import marks", {"judging.domain.marks"}),
        ("from ..errors import N_", {"judging.errors.N_"}),
        ("import judging.paths as p", {"judging.paths"}),
    ],
)
def test_written_targets_of_each_way_to_import(source: str, expected: set[str]) -> None:
    assert set(written_targets(ast.parse(source), "judging.domain")) == expected


def test_modules_of_the_product_form_no_ring() -> None:
    modules = product_modules()
    graph = {name: imported_modules(name, path, modules.keys()) for name, path in modules.items()}
    assert len(graph) > 20, "the modules were not found"
    assert find_ring(graph) == []
