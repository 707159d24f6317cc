"""A module says once what a name stands for: of two lines that came together unnoticed, the later would win alone."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.contracts.source_tree import parsed, product_modules

if TYPE_CHECKING:
    from collections.abc import Iterator


def names_given(body: list[ast.stmt]) -> Iterator[str]:
    """The names that these statements give a value, apart from what stands in branches."""
    for statement in body:
        if isinstance(statement, ast.Assign):
            yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id


def said_twice(tree: ast.Module) -> set[str]:
    """What a module, or a class in it, assigns more than once at its own level, and keys that a display repeats."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef)):
            found |= {name for name, times in Counter(names_given(node.body)).items() if times > 1}
        elif isinstance(node, (ast.Dict, ast.Set)):
            parts = node.keys if isinstance(node, ast.Dict) else node.elts
            written = Counter(ast.dump(part) for part in parts if isinstance(part, ast.Constant))
            found |= {text for text, times in written.items() if times > 1}
    return found


def test_no_module_says_a_thing_twice() -> None:
    twice = {name: found for name, path in product_modules().items() if (found := said_twice(parsed(path)))}
    assert twice == {}


@pytest.mark.parametrize("text", ["A = 1\nA = 2", "class B:\n    a = 1\n    a: int = 2", "C = {'k': 1, 'k': 2}"])
def test_what_is_said_twice_is_found(text: str) -> None:
    assert said_twice(ast.parse(text))


def test_what_is_said_once_is_no_fault() -> None:
    assert said_twice(ast.parse("A = 1\nB = {'k': 1, 'l': 1}\ndef c():\n    a = 1\n    a = 2")) == set()
