"""Exports and files are nobody's whose they are not: by address, by a piece of it, and after they were removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.leaks.visits import ask, visit

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from tests.web.leaks.addresses import Address
    from tests.web.leaks.site import Site
    from tests.web.leaks.world import World

# In one process, so that what each role is answered is asked for once.
pytestmark = pytest.mark.xdist_group("leaks")

OTHERS = ("contestant_b", "judge_1", "judge_dismissed", "stranger", "organiser_elsewhere", "auditor_elsewhere")
_EXPORTS = ("_csv", "standings_csv", "results_ranking", "list_sheets", "get_results")


def _exports(site: Site) -> list[Address]:
    return [
        one
        for one in site.addresses
        if one.endpoint.endswith(_EXPORTS) and one.arguments.get("slug") == "judged" and "?" not in one.path
    ]


@pytest.mark.parametrize("role", OTHERS)
def test_export_is_not_there_for_others(site: Site, role: str) -> None:
    """While the contest is judged nothing of it can be taken away but by its office."""
    exports = _exports(site)
    assert {site.answers(role)[one.path].status for one in exports} == {404}
    assert any(site.answers("organiser")[one.path].status == 200 for one in exports)


def test_removed_file_is_gone_for_everybody(site: Site, tmp_path: Path) -> None:
    """The row decides, not the bytes, which lie in the store until they are swept out."""

    def remove(copy: sqlite3.Connection, world: World) -> None:
        copy.execute("DELETE FROM entry_file WHERE id = ?", (world.files[0],))

    path = f"/entries/{site.world.entries['a']}/files/{site.world.files[0]}"
    paths = [path, f"/api/v1{path}"]
    people = ("contestant_a", "judge_3", "organiser", "auditor")
    twin = site.changed(tmp_path, [remove])
    try:
        told = {one: {answer.status for answer in visit(twin.client(one), paths).values()} for one in people}
    finally:
        twin.close()
    before = {one: {answer.status for answer in visit(site.client(one), paths).values()} for one in people}
    assert before == {one: {200} for one in people}
    assert told == {one: {404} for one in people}


@pytest.mark.parametrize("role", ["contestant_b", "judge_recused", "judge_dismissed", "judge_other_panel", "stranger"])
def test_piece_of_a_file_is_not_there_either(site: Site, role: str) -> None:
    """Neither by a range, nor by the file's name under an entry of one's own."""
    files, entries = site.world.files, site.world.entries
    paths = [f"/entries/{entry}/files/{file}" for entry in (entries["a"], entries["b"]) for file in files]
    told = [ask(site.client(role), path, Range="bytes=0-9") for path in paths]
    assert {answer.status for answer in told} == {404}


def test_blind_judge_gets_files_under_a_name_that_tells_nothing(site: Site) -> None:
    """As far as names go: what a file's own bytes say of its author is not looked at here."""
    path = f"/entries/{site.world.entries['a']}/files/{site.world.files[0]}"
    named = {
        role: dict(ask(site.client(role), path).headers)["Content-Disposition"]
        for role in ("judge_3", "chair", "contestant_a")
    }
    assert "zq-file-of-author.pdf" in named["contestant_a"]
    assert named["judge_3"] == named["chair"]
    assert "zq" not in named["judge_3"]
    assert "-summary-1.pdf" in named["judge_3"]
