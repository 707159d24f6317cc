"""An independent recount: plain SQL and fractions, nothing of the program but its printed answer."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

MARKS = """
select e.alias, s.marks from sheet_version s
join assignment a on a.id = s.assignment_id and a.sheet_version = s.number
join entry e on e.id = a.entry_id join contest c on c.id = a.contest_id
where c.slug = 'youth-creativity-2021' and a.round = ? and a.state = 'submitted'
"""


def recount(database: Path, round_key: str) -> dict[str, tuple[int, str]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute(MARKS, (round_key,)).fetchall()
    connection.close()
    sheets: dict[str, list[dict[str, Fraction]]] = {}
    for alias, marks in rows:
        sheets.setdefault(alias, []).append({key: Fraction(mark) for key, mark in json.loads(marks).items()})

    def mean(alias: str, *criteria: str) -> Fraction:
        own = sheets[alias]
        return sum((sheet[key] for sheet in own for key in criteria or sheet), Fraction(0)) / len(own)

    keys = {alias: (mean(alias), mean(alias, "novelty"), mean(alias, "applicability")) for alias in sheets}
    ranks = {alias: 1 + sum(other > key for other in keys.values()) for alias, key in keys.items()}
    return {alias: (ranks[alias], f"{round(keys[alias][0] * 10**6) / 10**6:.6f}") for alias in sheets}


@pytest.mark.parametrize("round_key", ["preliminary", "final"])
def test_standings_equal_an_independent_recount(demo_folder: Path, round_key: str) -> None:
    command = [sys.executable, "-c", "from judging.cli import main; main()", "standings", "youth-creativity-2021"]
    done = subprocess.run(
        [*command, "--round", round_key, "--json", "--data", str(demo_folder)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = {one["entry"]: (one["rank"], one["score"]) for one in json.loads(done.stdout)["standings"]}
    counted = recount(demo_folder / "judging.db", round_key)
    assert len(counted) > 20
    assert {alias: score for alias, (_, score) in told.items()} == {
        alias: score for alias, (_, score) in counted.items()
    }
    # What the two criteria do not part, a later round or a vote of the chair may: so no rank is better than counted.
    assert all(counted[alias][0] <= rank for alias, (rank, _) in told.items())
    parted = [alias for alias, (rank, _) in counted.items() if [r for r, _ in counted.values()].count(rank) == 1]
    assert len(parted) > 20
    assert {alias: told[alias][0] for alias in parted} == {alias: counted[alias][0] for alias in parted}
