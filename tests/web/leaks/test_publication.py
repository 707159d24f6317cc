"""Nothing of a result is public before its publication, in no phase; from the posting on the winners alone are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from judging.db.models import Contest
from judging.domain.contest_phases import POSTING_PHASES, RESULT_PUBLIC_PHASES, ContestPhase
from judging.domain.entry_states import ENTRY_LABELS, EntryState
from judging.domain.permissions import Actor, Role
from judging.domain.policy import PUBLIC, SIGNED_IN
from judging.services.results.publication import withdraw_publication
from tests.web.leaks.changes import phase, scores, winner
from tests.web.leaks.visits import Answer, ask, visit
from tests.web.leaks.world import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.leaks.facts import Change
    from tests.web.leaks.site import Site

pytestmark = pytest.mark.xdist_group("leaks")

OUTSIDERS = ("guest", "contestant_b", "judge_other_panel")
"""Whom results are told with everybody else. The judges of entry E know the totals of its sheets once it is locked."""

_CHAIRS_PAGE = "/api/v1/contests/judged/rounds/preliminary/standings"
_CHAIRS_PHASES = {"deliberation", "approved", "posted", "decided", "recheck"}


def _known_in(name: str) -> dict[str, list[str]]:
    """What may differ: from deliberation on chairs read the standings of their panel, to which entry B belongs."""
    return {"judge_other_panel": [_CHAIRS_PAGE]} if name in _CHAIRS_PHASES else {}


UNPUBLISHED = [one for one in ContestPhase if one not in POSTING_PHASES]
POSTED = sorted(POSTING_PHASES - RESULT_PUBLIC_PHASES)
RESULTS = "/contests/judged/results"


def _paths(site: Site) -> list[str]:
    """The addresses that concern everybody, contestants or judges, but for files and the steps of a form.

    The office's own, and these, are tested with the secrets of the contest in judging.
    """
    open_to = {PUBLIC, SIGNED_IN, "contestant", "judge", "chair"}
    unmoved = ("account.", "organiser.", "admin.", "health.")
    return [
        one.path
        for one in site.addresses
        if one.names & open_to
        and not one.endpoint.startswith(unmoved)
        and not {"step", "file_id", "picture_id"} & one.arguments.keys()
        and one.arguments.get("slug", "judged") == "judged"
    ]


def _told(site: Site, folder: Path, changes: list[Change], paths: list[str]) -> dict[str, dict[str, Answer]]:
    folder.mkdir()
    for role in OUTSIDERS:
        site.client(role)
    twin = site.changed(folder, changes)
    try:
        return {role: visit(twin.client(role), paths) for role in OUTSIDERS}
    finally:
        twin.close()


def _differing(here: dict[str, dict[str, Answer]], there: dict[str, dict[str, Answer]]) -> dict[str, list[str]]:
    found = {
        role: [path for path, answer in answers.items() if there[role][path] != answer]
        for role, answers in here.items()
    }
    return {role: paths for role, paths in found.items() if paths}


def _own_sheet(site: Site) -> set[str]:
    """The pages of the one sheet that an outsider has written: its marks are changed too, and its judge sees them."""
    own = ("/judge/judged/", site.world.assignments["b-judge_other_panel"], "/api/v1/me/assignments")
    return {path for path in _paths(site) if any(part in path for part in own)}


@pytest.mark.parametrize("name", [*UNPUBLISHED, "withdrawn"])
def test_nothing_of_a_result_is_told_before_publication(site: Site, tmp_path: Path, name: str) -> None:
    at = (
        phase(ContestPhase.PUBLISHED, withdrawn=True, settled=True)
        if name == "withdrawn"
        else phase(name, settled=name == ContestPhase.RECHECK)
    )
    paths = [path for path in _paths(site) if path not in _own_sheet(site)]
    here = _told(site, tmp_path / "here", [at], paths)
    there = _told(site, tmp_path / "there", [at, winner, scores], paths)
    assert _differing(here, there) == _known_in(name)


@pytest.mark.parametrize("name", POSTED)
def test_posting_tells_winners_without_scores(site: Site, tmp_path: Path, name: str) -> None:
    paths = [path for path in _paths(site) if path not in _own_sheet(site)]
    here = _told(site, tmp_path / "here", [phase(name)], paths)
    other_scores = _told(site, tmp_path / "scores", [phase(name), scores], paths)
    assert _differing(here, other_scores) == _known_in(name)
    assert "Xe đẩy mẫu" in here["guest"][RESULTS].body
    assert "Đèn ngủ mẫu" not in here["guest"][RESULTS].body


def test_posting_changes_with_the_winner(site: Site, tmp_path: Path) -> None:
    posted = phase(ContestPhase.POSTED)
    told = _told(site, tmp_path / "there", [posted, winner], [RESULTS])
    assert "Đèn ngủ mẫu" in told["guest"][RESULTS].body


@pytest.mark.parametrize("name", sorted(RESULT_PUBLIC_PHASES))
def test_published_result_is_there_to_be_told(site: Site, tmp_path: Path, name: str) -> None:
    at = phase(name, settled=True)
    here = _told(site, tmp_path / "here", [at], [RESULTS])
    there = _told(site, tmp_path / "there", [at, winner, scores], [RESULTS])
    assert set(_differing(here, there)) == set(OUTSIDERS)
    assert "Xe đẩy mẫu" in here["guest"][RESULTS].body


def test_published_result_names_nobody_without_consent(site: Site, tmp_path: Path) -> None:
    told = _told(site, tmp_path / "here", [phase(ContestPhase.PUBLISHED, settled=True)], _paths(site))
    for role in OUTSIDERS:
        assert [path for path, answer in told[role].items() if "zq-author-name" in answer.everything] == []
        assert [path for path, answer in told[role].items() if "zq-school" in answer.everything] == []


def test_withdrawn_publication_takes_the_outcome_back(site: Site, tmp_path: Path) -> None:
    site.client("contestant_b")
    twin = site.changed(tmp_path, [phase(ContestPhase.PUBLISHED, settled=True)])
    own, outcome = f"/entries/{site.world.entries['b']}/", ENTRY_LABELS[EntryState.NOT_AWARDED]
    try:
        before = visit(twin.client("contestant_b"), [own, RESULTS])
        with twin.platform.database.writing() as session:
            withdraw_publication(
                session,
                contest=session.get_one(Contest, site.world.contest),
                reason="Sai sót khi cộng điểm",
                actor=Actor(account_id="organiser", roles=frozenset({Role.ORGANISER})),
                now=TODAY,
            )
        after = visit(twin.client("contestant_b"), [own, RESULTS])
    finally:
        twin.close()
    assert outcome in before[own].body
    assert outcome not in after[own].body
    assert "Xe đẩy mẫu" in before[RESULTS].body
    assert "Xe đẩy mẫu" not in after[RESULTS].body


@pytest.mark.parametrize("name", ["judging", "deliberation", "withdrawn"])
def test_other_ways_of_asking_for_results_are_closed_too(site: Site, tmp_path: Path, name: str) -> None:
    """Without a body, with a condition, as a file or as data; there is no feed, and no page lists it."""
    at = phase(ContestPhase.PUBLISHED, withdrawn=True) if name == "withdrawn" else phase(name)
    asked = [
        RESULTS,
        "/contests/judged/results.csv",
        "/contests/judged/ranking.json",
        "/api/v1/contests/judged/results",
    ]
    asked += [f"/contests/judged/log/{path}" for path in ("bundle.zip", "1/tile/entries/000.p/1", "1/checkpoint")]
    asked += ["/contests/judged/feed", "/sitemap.xml", "/robots.txt", "/contests/judged/results.xlsx"]
    ways: list[tuple[str, dict[str, str]]] = [
        ("HEAD", {}), ("GET", {"If-None-Match": "*"}), ("GET", {"If-None-Match": f'"{"0" * 64}"'}),
        ("GET", {"If-Modified-Since": "Fri, 01 Jan 2038 00:00:00 GMT"}), ("GET", {"Accept": "application/json"}),
    ]  # fmt: skip
    told = []
    for folder, changes in (("here", [at]), ("there", [at, winner, scores])):
        (tmp_path / folder).mkdir()
        twin = site.changed(tmp_path / folder, changes)
        try:
            told.append(
                [ask(twin.client(role), path, way, **how) for role in OUTSIDERS for path in asked for way, how in ways]
            )
        finally:
            twin.close()
    assert told[0] == told[1]
    statuses: dict[str, set[int]] = {}
    for path, answer in zip((path for _ in OUTSIDERS for path in asked for _ in ways), told[0], strict=True):
        statuses.setdefault(path, set()).add(answer.status)
    # A checkpoint counts what is recorded and says nothing of it, so it is public at any time; the leaves are closed.
    assert statuses.pop("/contests/judged/log/1/checkpoint") == {200, 304}
    assert statuses.pop("/contests/judged/log/1/tile/entries/000.p/1") == {403}
    assert set().union(*statuses.values()) <= {200, 404}
