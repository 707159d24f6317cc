"""The project's own files, as the contract tests read them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGES: dict[str, Path] = {
    "judging": ROOT / "judging",
    **{path.name: path for path in sorted(ROOT.glob("plugins/*/judging_*")) if path.is_dir()},
}
# What people make with the program, what tools make, and what the version control keeps.
PASSED_OVER = {"var", "build", "dist", "node_modules", "__pycache__"}


def source_files(*suffixes: str) -> Iterator[Path]:
    """List the project's files with one of `suffixes` (all files where none is given), in a fixed order."""
    for path in sorted(_all_files()):
        if not suffixes or path.suffix in suffixes:
            yield path


@cache
def _all_files() -> tuple[Path, ...]:
    return tuple(_walk(ROOT))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            hidden = path.name.startswith(".") and path.name != ".ci"
            if not hidden and path.name not in PASSED_OVER:
                yield from _walk(path)
        elif not path.is_symlink():
            yield path


@cache
def parsed(path: Path) -> ast.Module:
    """Parse a module; a syntax error names its file."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def product_modules() -> dict[str, Path]:
    """Map the dotted name of every module of the core and of the plugins to its file."""
    modules = {}
    for package, folder in PACKAGES.items():
        for path in folder.rglob("*.py"):
            parts = [package, *path.relative_to(folder).with_suffix("").parts]
            modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return modules
