"""A stranger's distribution, made of nothing but what docs/writing-a-plugin.md says, built and installed as such.

Whoever needs it calls `stranger_distribution` for the folder to put on the path, or `stranger_registry` for a registry
that has found the plugin there by its entry point, beside those of this installation.
"""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from judging.plugins import load_registry
from judging.services.core_plugin import CorePlugin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from judging.plugins import Registry

PAGE = Path(__file__).resolve().parents[2] / "docs" / "writing-a-plugin.md"
FOLDER = "judging-craft-villages"
KIND = "craft-villages"
NAME = "craft_villages"

# A file of the page: its path in backticks, alone in a line that ends with a colon, and then its text.
_FILE = re.compile(r"^`([\w./-]+)`:\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files_of_the_page(page: Path = PAGE, folder: str = FOLDER) -> Mapping[str, str]:
    """The files of the page's distribution by their path in it."""
    found = {path: text for path, text in _FILE.findall(page.read_text("utf-8")) if path.startswith(f"{folder}/")}
    return {path.removeprefix(f"{folder}/"): text for path, text in found.items()}


def write_distribution(folder: Path) -> Path:
    """Write the files of the page below `folder`; returns the distribution's own folder."""
    made = folder / FOLDER
    for path, text in files_of_the_page().items():
        (made / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).write_text(text, encoding="utf-8")
    return made


def install(source: Path, target: Path) -> Path:
    """Build a distribution and install it into a folder of its own, without asking anybody for anything else."""
    command = ("pip", "install", "--quiet", "--offline", "--no-deps", "--no-build-isolation", "--target")
    uv = Path(sys.executable).with_name("uv")
    done = subprocess.run(
        [uv, *command, target, "--python", sys.executable, source], capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return target


def stranger_distribution(folder: Path) -> Path:
    """Write, build and install the distribution of the page; returns the folder to put on `sys.path`."""
    return install(write_distribution(folder), folder / "installed")


def registry_with(path: Path, *, allowed: Sequence[str] | None = None) -> Registry:
    """All plugins of this installation and those of the folder, found by their entry points.

    The folder is on the path only while they are loaded, so that no other test finds what lies there.
    """
    sys.path.insert(0, str(path))
    importlib.invalidate_caches()
    try:
        return load_registry(core=CorePlugin(), allowed=allowed)
    finally:
        sys.path.remove(str(path))


def stranger_registry(folder: Path) -> Registry:
    """A registry in which the plugin of the page is in use."""
    registry = registry_with(stranger_distribution(folder))
    assert registry.set_aside == []
    assert KIND in registry.kinds
    return registry
