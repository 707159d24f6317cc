"""A judge learns of the others' marks once the entry is locked, and not while the own sheet is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.leaks.changes import marks_of
from tests.web.leaks.test_two_worlds import differing
from tests.web.leaks.visits import visit

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from tests.web.leaks.facts import Change
    from tests.web.leaks.site import Site
    from tests.web.leaks.world import World

# In one process, so that what each role is answered is asked for once.
pytestmark = pytest.mark.xdist_group("leaks")


def _reopened(copy: sqlite3.Connection, world: World) -> None:
    copy.execute("UPDATE assignment SET state = 'reopened' WHERE id = ?", (world.assignments["e-judge_1"],))


def _told_apart(site: Site, folder: Path, role: str, at: list[Change], secret: Change) -> dict[str, list[str]]:
    paths = [one.path for one in site.addresses if one.endpoint.startswith(("judge.", "api."))]
    answers = []
    for name, changes in (("here", at), ("there", [*at, secret])):
        (folder / name).mkdir()
        twin = site.changed(folder / name, changes)
        try:
            answers.append(visit(twin.client(role), paths))
        finally:
            twin.close()
    return differing(*answers)


def test_judge_of_a_locked_entry_sees_the_others_totals(site: Site, tmp_path: Path) -> None:
    seen = _told_apart(site, tmp_path, "judge_1", [], marks_of("e-judge_2"))
    assert f"/judge/sheets/{site.world.assignments['e-judge_1']}/receipt" in seen


def test_reopening_the_own_sheet_hides_the_others_again(site: Site, tmp_path: Path) -> None:
    assert _told_apart(site, tmp_path, "judge_1", [_reopened], marks_of("e-judge_2")) == {}


def test_last_judge_of_three_learns_nothing_of_two_sheets(site: Site, tmp_path: Path) -> None:
    """Two marks are as good as told by their mean: no mean, count or order of them is shown before the third is in."""
    for sheet in ("a-judge_1", "a-judge_2"):
        folder = tmp_path / sheet
        folder.mkdir()
        assert _told_apart(site, folder, "judge_3", [], marks_of(sheet)) == {}
