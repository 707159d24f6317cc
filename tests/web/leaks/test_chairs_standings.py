"""From deliberation on a panel's chair reads the standings of the own panel and nothing of the others'.

Entry E belongs to the first panel, entry B to the second; E has the better marks. There is something to leak both ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from judging.domain.contest_phases import ContestPhase
from tests.web.leaks.changes import marks_of, phase
from tests.web.leaks.visits import visit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from pathlib import Path

    from tests.web.leaks.facts import Change
    from tests.web.leaks.site import Site
    from tests.web.leaks.visits import Answer
    from tests.web.leaks.world import World

pytestmark = pytest.mark.xdist_group("leaks")

API = "/api/v1/contests/judged/rounds/preliminary/standings"
PAGE = "/organise/judged/rounds/preliminary/standings"
TABLE = f"{PAGE}.csv"
OF_ALL = [
    "/organise/judged/prizes", "/organise/judged/documents", "/organise/judged/reports",
    "/organise/judged/publication", "/api/v1/contests/judged/prizes",
]  # fmt: skip
"""Where the outcome of the whole contest stands."""

CHAIRS = ("chair", "judge_other_panel", "organiser_who_judges")


def organiser_is_chair(copy: sqlite3.Connection, world: World) -> None:
    """The organiser who judges heads the second panel."""
    copy.execute(
        "UPDATE panel_seat SET is_chair = 1 WHERE judge_id IN (SELECT judge.id FROM judge"
        " JOIN account ON account.id = judge.account_id WHERE account.email = ?)",
        (world.emails["organiser_who_judges"],),
    )


def _told(site: Site, folder: Path, name: str, *changes: Change) -> dict[str, Mapping[str, Answer]]:
    folder.mkdir()
    for role in CHAIRS:
        site.client(role)
    twin = site.changed(folder, [phase(name), organiser_is_chair, *changes])
    try:
        return {role: visit(twin.client(role), [API, PAGE, TABLE, *OF_ALL]) for role in CHAIRS}
    finally:
        twin.close()


@pytest.mark.parametrize("name", [ContestPhase.DELIBERATION, ContestPhase.POSTED])
def test_chair_reads_by_program_the_own_panel_only(site: Site, tmp_path: Path, name: str) -> None:
    told = _told(site, tmp_path / "here", name)
    other_e = _told(site, tmp_path / "e", name, marks_of("e-judge_1"))
    other_b = _told(site, tmp_path / "b", name, marks_of("b-judge_other_panel"))

    assert told["chair"][API].status == told["judge_other_panel"][API].status == 200
    assert told["chair"][API] != other_e["chair"][API]
    assert told["chair"][API] == other_b["chair"][API]
    assert told["judge_other_panel"][API] != other_b["judge_other_panel"][API]
    assert told["judge_other_panel"][API] == other_e["judge_other_panel"][API]


@pytest.mark.parametrize("name", [ContestPhase.DELIBERATION, ContestPhase.POSTED])
def test_chair_in_the_office_reads_the_page_of_the_own_panel_only(site: Site, tmp_path: Path, name: str) -> None:
    told = _told(site, tmp_path / "here", name)["organiser_who_judges"]
    other_e = _told(site, tmp_path / "e", name, marks_of("e-judge_1"))["organiser_who_judges"]
    other_b = _told(site, tmp_path / "b", name, marks_of("b-judge_other_panel"))["organiser_who_judges"]

    for path in (API, PAGE, TABLE):
        assert told[path].status == 200
        assert "Đèn ngủ mẫu" in told[path].body
        assert "Xe đẩy mẫu" not in told[path].body
        assert told[path] != other_b[path]
        assert told[path] == other_e[path]
    assert "the panels that you head" in told[PAGE].body
    assert "would go on" not in told[PAGE].body


def test_chair_in_the_office_reads_nothing_of_the_whole_before_publication(site: Site, tmp_path: Path) -> None:
    told = _told(site, tmp_path / "here", ContestPhase.DELIBERATION)["organiser_who_judges"]
    assert {told[path].status for path in OF_ALL} == {403, 404}


def test_chair_reads_the_whole_once_it_is_published(site: Site, tmp_path: Path) -> None:
    told = _told(site, tmp_path / "here", ContestPhase.PUBLISHED)
    assert {told["organiser_who_judges"][path].status for path in (API, PAGE, TABLE, *OF_ALL)} == {200}
    for path in (API, PAGE, TABLE):
        assert "Xe đẩy mẫu" in told["organiser_who_judges"][path].body
    assert "the panels that you head" not in told["organiser_who_judges"][PAGE].body
    assert told["chair"][API] == told["judge_other_panel"][API]


def test_chair_reads_nothing_while_judging_goes_on(site: Site, tmp_path: Path) -> None:
    told = _told(site, tmp_path / "here", ContestPhase.JUDGING)
    assert {told[role][path].status for role in CHAIRS for path in (API, PAGE, TABLE)} <= {403, 404}
