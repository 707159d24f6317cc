"""`judging new-plugin`: what it writes, what it refuses, and that what it writes works as it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.plugin_authors.stranger import install, registry_with

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    Run = Callable[..., Result]


def test_json_names_folder_package_and_files(run: Run, tmp_path: Path) -> None:
    told = json.loads(run("new-plugin", "robot-league", "--into", tmp_path, "--json").stdout)

    assert (told["plugin"], told["package"], told["kind"]) == ("robot_league", "judging_robot_league", "robot-league")
    folder = tmp_path / "judging-robot-league"
    assert told["folder"] == str(folder)
    assert {folder / name for name in told["files"]} == {path for path in folder.rglob("*") if path.is_file()}
    assert {"pyproject.toml", "README.md", "tests/test_conformance.py"} <= set(told["files"])
    assert "judging_robot_league/translations/vi/LC_MESSAGES/judging_robot_league.mo" in told["files"]


def test_nothing_of_the_skeleton_is_left_unfilled(run: Run, tmp_path: Path) -> None:
    run("new-plugin", "robot_league", "--into", tmp_path)

    left = [
        path
        for path in tmp_path.rglob("*")
        if "@@" in str(path) or "__package__" in str(path) or (path.is_file() and b"@@" in path.read_bytes())
    ]
    assert left == []


def test_skeleton_passes_its_tests_as_it_is(run: Run, tmp_path: Path) -> None:
    run("new-plugin", "robot-league", "--into", tmp_path)
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=tmp_path / "judging-robot-league",
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout


def test_skeleton_is_found_once_it_is_installed(run: Run, tmp_path: Path) -> None:
    run("new-plugin", "robot-league", "--into", tmp_path)

    registry = registry_with(install(tmp_path / "judging-robot-league", tmp_path / "installed"))

    assert registry.set_aside == []
    assert "robot-league" in registry.kinds
    assert "robot-league-rubric" in registry.commands


def test_folder_that_is_there_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    mine = tmp_path / "judging-robot-league" / "notes.txt"
    mine.parent.mkdir()
    mine.write_text("mine", "utf-8")

    done = run("new-plugin", "robot-league", "--into", tmp_path)

    assert done.exit_code == 1
    assert "is there already and stays as it is. Choose another name, or another place with --into." in done.stderr
    assert [path.name for path in mine.parent.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Robot League", "Take small letters, digits and hyphens, at most 40, beginning with a letter"),
        ("../robots", "Take small letters"),
        ("robots-", "Take small letters"),
        ("1-robot", "Take small letters"),
        ("r" * 41, "Take small letters"),
        ("judging-robots", "leave “judging-” out: it is put before the name."),
        ("organiser", "“organiser” is a name of the core."),
        ("core", "“core” is a name of the core."),
    ],
)
def test_name_that_cannot_be_one_is_wrong_usage(run: Run, tmp_path: Path, name: str, told: str) -> None:
    done = run("new-plugin", name, "--into", tmp_path / "here")

    assert done.exit_code == 2
    assert told in done.stderr
    assert not (tmp_path / "here").exists()


def test_plugins_tells_what_is_left_out_and_what_is_not_installed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from judging.cli.found_plugins import find_plugins

    monkeypatch.setenv("JUDGING_PLUGINS", "startup,robots")
    find_plugins.cache_clear()
    try:
        told = json.loads(run("plugins", "--json").stdout)
        text = run("plugins").stdout
    finally:
        find_plugins.cache_clear()

    assert [one["name"] for one in told["plugins"]] == ["startup"]
    assert told["plugins"][0]["contests"] == ["startup"]
    assert told["left_out"] == ["technical_innovation", "youth_creativity"]
    assert told["set_aside"] == [
        {
            "name": "robots",
            "version": "",
            "reason": "JUDGING_PLUGINS names a plugin robots that is not installed.",
            "advice": "Install the plugin, or correct the name in JUDGING_PLUGINS.",
        }
    ]
    assert "left out: technical_innovation: JUDGING_PLUGINS does not name it" in text
    assert "set aside: robots: JUDGING_PLUGINS names a plugin robots that is not installed." in text
