"""What shares a world is run by one worker, whatever versions of pytest and of pytest-xdist say about it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from tests.spread import LONGEST_FIRST, group_of

ROOT = Path(__file__).resolve().parents[1]
_TESTS = """
import os
import pathlib

import pytest

{mark}

@pytest.mark.parametrize("number", range(8))
def test_who_does_it(number):
    with pathlib.Path(__file__).with_suffix(".pids").open("a") as told:
        told.write(f"{{os.getpid()}}\\n")
"""


def test_files_and_groups_each_stay_in_one_process(tmp_path: Path) -> None:
    groups = {"a": "first", "b": "first", "c": "second", "d": "second", "e": None, "f": None}
    for name, group in groups.items():
        mark = f'pytestmark = pytest.mark.xdist_group("{group}")' if group else ""
        (tmp_path / f"test_{name}.py").write_text(_TESTS.format(mark=mark), "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    options = ("-n", "2", "--dist=loadgroup", "--no-loadscope-reorder", "-p", "tests.spread", "-p", "no:cacheprovider")

    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options, str(tmp_path)],
        cwd=tmp_path, env={**environment, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True,
    )  # fmt: skip

    workers: defaultdict[str, set[str]] = defaultdict(set)
    for name, group in groups.items():
        told = (tmp_path / f"test_{name}.pids").read_text("utf-8").split()
        assert len(told) == 8
        workers[group or name] |= set(told)
    assert {unit: len(found) for unit, found in workers.items()} == dict.fromkeys(workers, 1)
    assert len(set().union(*workers.values())) == 2


def test_every_group_is_named_where_it_is_looked_for() -> None:
    marked = [path for path in (ROOT / "tests").rglob("test_*.py") if ".xdist_group(" in path.read_text("utf-8")]
    assert [path.name for path in marked if path != Path(__file__).resolve() and group_of(path) is None] == []
    assert len(marked) > 10


def test_what_takes_longest_is_there() -> None:
    assert [one for one in LONGEST_FIRST if not (ROOT / one).exists()] == []
