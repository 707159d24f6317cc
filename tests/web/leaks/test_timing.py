"""How long a search takes tells nothing of names that it may not find.

No time is compared with a clock on the wall: the same searches are asked in two worlds by turns, and the two lots of
times must be alike by rank, or their medians closer than two thousandths of a second.
"""

from __future__ import annotations

import gc
import math
import random
import time
from statistics import median
from typing import TYPE_CHECKING

import pytest

from judging.domain.contest_phases import ContestPhase
from tests.web.leaks.changes import FACTS, phase
from tests.web.leaks.visits import ask

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

    from tests.web.leaks.facts import Change
    from tests.web.leaks.site import Site
    from tests.web.leaks.world import World

pytestmark = pytest.mark.xdist_group("leaks")

SEARCHES, TRIES = 400, 3
LEAST_CHANCE, WIDEST_GAP = 0.01, 0.002
SECRET = "zqhiddenauthor"
PATH = f"/contests/judged/results?q={SECRET}"
JUDGES_PATH = "/api/v1/me/assignments?contest=judged&state=draft"
"""Judges have no search of their own; what comes nearest is the list of their readings, by contest and state."""


def chance_of_alike(ones: Sequence[float], others: Sequence[float]) -> float:
    """The two-sided p of the Mann-Whitney test, by its normal approximation, which is good from twenty values on."""
    order = sorted((value, place) for place, lot in enumerate((ones, others)) for value in lot)
    ranks = sum(at for at, (_value, place) in enumerate(order, 1) if place == 0)
    size, other = len(ones), len(others)
    statistic = ranks - size * (size + 1) / 2
    deviation = math.sqrt(size * other * (size + other + 1) / 12)
    return math.erfc(abs(statistic - size * other / 2) / deviation / math.sqrt(2))


def _named(name: str) -> Change:
    """Everybody who made an entry of the contest has this name, and nobody has agreed to be named."""

    def change(copy: sqlite3.Connection, _world: World) -> None:
        copy.execute("UPDATE entry_member SET name = ?, name_key = ?", (name, name))

    return change


def _times(first: Site, second: Site, role: str, path: str) -> tuple[list[float], list[float]]:
    found: tuple[list[float], list[float]] = ([], [])
    clients = [site.client(role) for site in (first, second)]
    gc.disable()
    try:
        for at in range(SEARCHES):
            # By turns, so that whatever slows the machine down slows both.
            for which in (0, 1) if at % 2 else (1, 0):
                start = time.perf_counter()
                ask(clients[which], path)
                found[which].append(time.perf_counter() - start)
    finally:
        gc.enable()
    return found


def _check_times(first: Site, second: Site, role: str, path: str) -> None:
    """Fail unless the two worlds answer alike, and in times that cannot be told apart."""
    here, there = (ask(one.client(role), path) for one in (first, second))
    assert here == there
    assert here.status == 200
    gaps = []
    for _ in range(TRIES):
        ones, others = _times(first, second, role, path)
        gaps.append((chance_of_alike(ones, others), abs(median(ones) - median(others))))
        if gaps[-1][0] > LEAST_CHANCE or gaps[-1][1] < WIDEST_GAP:
            return
    pytest.fail(f"the two worlds take different times: {gaps}")


def test_search_takes_as_long_whether_the_hidden_name_is_there_or_not(site: Site, tmp_path: Path) -> None:
    published = phase(ContestPhase.PUBLISHED, settled=True)
    worlds = []
    for name in (SECRET, "khac"):
        folder = tmp_path / name
        folder.mkdir()
        worlds.append(site.changed(folder, [published, _named(name)]))
    try:
        _check_times(worlds[0], worlds[1], "guest", PATH)
    finally:
        for one in worlds:
            one.close()


def test_judges_list_takes_as_long_whatever_others_did(site: Site, tmp_path: Path) -> None:
    twin = site.changed(tmp_path, [fact.change for fact in FACTS if "judge_3" not in fact.known_to])
    try:
        _check_times(site, twin, "judge_3", JUDGES_PATH)
    finally:
        twin.close()


def test_rank_test_knows_alike_from_apart() -> None:
    drawn = random.Random(7)
    ones, others = ([drawn.lognormvariate(0, 0.3) for _ in range(SEARCHES)] for _ in range(2))
    assert chance_of_alike(ones, others) > LEAST_CHANCE
    assert chance_of_alike(ones, [value * 1.2 for value in others]) < LEAST_CHANCE
    # By hand: 1 2 3 against 4 5 6 has U = 0, mean 4.5 and variance 5.25.
    assert chance_of_alike([1, 2, 3], [4, 5, 6]) == pytest.approx(math.erfc(4.5 / math.sqrt(5.25) / math.sqrt(2)))
