"""How the tests of a run are spread over its workers: by file, what shares a world together, and the longest first.

A file stays in one process, so that what its fixtures share is made once; so do all files that are marked with one
`xdist_group`, whose world takes longer than their tests. The mark must stand in the file's own `pytestmark`: the
process that deals the work out collects nothing and reads it there. (pytest-xdist 3.8 writes it into the node's id,
which pytest 9.2 no longer lets it do: without a word, every group was spread over all workers.)
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xdist.remote import Producer
    from xdist.scheduler.protocol import Scheduling

LONGEST_FIRST = (
    "tests/web/leaks/",
    "tests/e2e/test_youth_journey.py",
    "tests/web/matrix/",
    "tests/tools/test_bench.py",
    "tests/operations/test_kill_storm.py",
    "tests/uploads/test_programs.py",
    "tests/demo/test_year.py",
    "tests/look/test_browser.py",
    "tests/operations/test_backup.py",
    "tests/packaging/",
    "tests/e2e/test_screening_by_keyboard.py",
    "tests/e2e/test_judging_by_keyboard.py",
    "tests/operations/test_live_backup.py",
    "tests/services/messages/test_reminders_by_mail.py",
    "tests/e2e/test_offline_storm.py",
    "tests/services/entries/similar/test_planted_pairs.py",
    "tests/cli/",
    "tests/plugin_authors/",
    "tests/uploads/",
    "tests/operations/",
    "tests/e2e/",
)
"""What takes longest, by the beginning of its path: if it came last, one worker would be busy and the other idle."""

_GROUP = re.compile(r"^pytestmark\b.*\bxdist_group\(\"([\w-]+)\"\)", re.MULTILINE)


def group_of(file: Path) -> str | None:
    """The group with which the tests of a file share a worker."""
    found = _GROUP.search(file.read_text("utf-8"))
    return found.group(1) if found else None


def in_order(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """The tests as they are dealt out."""
    last = len(LONGEST_FIRST)

    def place(item: pytest.Item) -> int:
        return next((at for at, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start)), last)

    return sorted(items, key=place)


class Spreading(LoadScopeScheduling):  # type: ignore[misc] # the library has no annotations
    """Deals out files and groups of files in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        self._units: dict[str, str] = {}

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if path not in self._units:
            group = group_of(self.config.rootpath / path)
            self._units[path] = path if group is None else f"group {group}"
        return self._units[path]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """Deal out by file and group, unless another way is asked for on the command line."""
    return Spreading(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the longest come first in a worker; whoever runs all in one process reads them in their order."""
    if hasattr(config, "workerinput"):
        items[:] = in_order(items)
