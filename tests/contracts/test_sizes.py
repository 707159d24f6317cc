"""Files and functions stay small enough to be read in one go."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.contracts.source_tree import ROOT, parsed, product_modules, source_files

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE_P90, FILE_MOST = 300, 500
FUNCTION_P90, FUNCTION_MOST = 25, 60


def ninth_decile(values: Sequence[int]) -> int:
    """Give the value that nine tenths of `values` do not exceed."""
    return sorted(values)[max(0, -(-len(values) * 9 // 10) - 1)]


def file_lengths() -> dict[str, int]:
    return {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in source_files(".py", ".html", ".css", ".js")
    }


def function_lengths() -> dict[str, int]:
    """Measure functions as they are read: from the signature to the last line, docstring and comments left out."""
    lengths = {}
    for name, path in product_modules().items():
        lines = path.read_text("utf-8").splitlines()
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lengths[f"{name}:{node.lineno} {node.name}"] = code_lines(node, lines)
    return lengths


def code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: Sequence[str]) -> int:
    docstring: set[int] = set()
    if ast.get_docstring(node, clean=False) is not None:
        first = node.body[0]
        docstring = set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    numbers = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    kept = (lines[number - 1].strip() for number in numbers if number not in docstring)
    return sum(1 for line in kept if line and not line.startswith("#"))


def test_decile_of_ten_values_is_the_ninth() -> None:
    assert ninth_decile([10, 1, 9, 2, 8, 3, 7, 4, 6, 5]) == 9


def test_file_lengths_none_above_the_limit() -> None:
    assert {name: length for name, length in file_lengths().items() if length > FILE_MOST} == {}


def test_file_lengths_nine_tenths_are_short() -> None:
    assert ninth_decile(list(file_lengths().values())) <= FILE_P90


def test_function_lengths_none_above_the_limit() -> None:
    assert {name: length for name, length in function_lengths().items() if length > FUNCTION_MOST} == {}


def test_function_lengths_nine_tenths_are_short() -> None:
    assert ninth_decile(list(function_lengths().values())) <= FUNCTION_P90
