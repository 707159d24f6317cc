"""The fixtures that pytest gets with `judging`: there for who asks, and nothing for who does not."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from judging.plugins import Registry
    from judging.testing.kind import Kind

_SUITE = """
import sys


def test_nothing_of_judging_was_loaded():
    loaded = sorted(name for name in sys.modules if name.partition(".")[0] in {"judging", "flask", "sqlalchemy"})
    assert loaded == ["judging", "judging.testing", "judging.testing.pytest_plugin"]
"""


def run_suite(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a suite of somebody else in a process of its own."""
    (folder / "test_suite.py").write_text(text, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_suite_that_uses_no_fixture_loads_nothing(tmp_path: Path) -> None:
    # Other plugins of this environment load what they need themselves.
    others = ("hypothesis", "schemathesis", "anyio", "playwright", "base_url", "cov", "xdist", "flask", "time_machine")
    options = [part for name in others for part in ("-p", f"no:{name}")]

    done = run_suite(tmp_path, _SUITE, *options)

    assert done.returncode == 0, done.stdout


def test_kind_that_nobody_offers_is_told_with_what_to_do(tmp_path: Path) -> None:
    done = run_suite(tmp_path, "def test_robots(judging_kind):\n    judging_kind('robots')\n")

    assert done.returncode == 1
    assert "no plugin here offers the contest kind “robots”" in done.stdout
    assert "pip install --editable ." in done.stdout


def test_registry_is_that_of_the_program(judging_registry: Registry) -> None:
    assert {"startup", "technical-innovation", "youth-creativity"} <= set(judging_registry.kinds)


def test_kind_makes_values_that_the_core_finds_sound(judging_kind: Callable[..., Kind]) -> None:
    from judging.services.entries.checks import check_core

    for key in ("startup", "technical-innovation", "youth-creativity"):
        kind = judging_kind(key)
        entry = kind.entry()
        standings = kind.standings({"e-000001": ["0.9"] * 3, "e-000002": ["0.7"] * 3})

        assert check_core(kind.rules, entry) == ()
        assert [(one.entry, one.rank) for one in standings] == [("e-000001", 1), ("e-000002", 2)]
        assert kind.grants(standings)[0].entry == "e-000001"
        assert set(kind.ballot().marks) == {
            mark for criterion in kind.round().rubric.criteria for mark, _, _ in criterion.scales
        }
