"""`judging similar`: nothing before the index is made, then the pairs, with codes and reasons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

YOUTH = "youth-creativity-2021"


def test_similar_indexes_the_organisation_and_lists_pairs(run: Run, demo_copy: Path) -> None:
    before = json.loads(run("similar", YOUTH, "--json", "--data", demo_copy).stdout)
    after = json.loads(run("similar", YOUTH, "--reindex", "--json", "--data", demo_copy).stdout)

    assert before == {"contest": YOUTH, "indexed": None, "pairs": []}
    assert after["indexed"] >= 200
    for pair in after["pairs"]:
        assert pair["entry"]["contest"] == YOUTH
        assert pair["entry"]["id"] != pair["other"]["id"]
        assert set(pair["reasons"]) <= {"text", "title", "picture", "file"}
        assert pair["reasons"]
    assert run("similar", "no-such-contest", "--data", demo_copy).exit_code == 1
    assert "LOOKS LIKE" in run("similar", YOUTH, "--data", demo_copy).stdout
