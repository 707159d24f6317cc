"""`judging leave-one-out`: every judge of a finished contest, one of them in full, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

YOUTH = "youth-creativity-2021"


def test_leave_one_out_prints_all_judges_and_one_in_full(run: Run, demo_folder: Path) -> None:
    told = json.loads(run("leave-one-out", YOUTH, "--json", "--data", demo_folder).stdout)
    first = told["judges"][0]
    one = json.loads(run("leave-one-out", YOUTH, "--judge", first["judge"], "--json", "--data", demo_folder).stdout)

    assert told["contest"] == YOUTH
    assert told["prizes_compared"]
    assert len(told["rounds"]) == 2
    assert len(told["sheets"]) == 10
    [full] = one["judges"]
    assert len(full["ranks"]) == full["moved"] == first["moved"] > len(first["ranks"])
    assert full["prizes"] == first["prizes"]

    table = run("leave-one-out", YOUTH, "--round", told["rounds"][0], "--data", demo_folder).stdout
    assert table.startswith("JUDGE")
    assert "APART" in table


def test_leave_one_out_refuses_what_is_not_there(run: Run, demo_folder: Path) -> None:
    assert run("leave-one-out", "no-such-contest", "--data", demo_folder).exit_code == 1
    assert run("leave-one-out", YOUTH, "--round", "no-such-round", "--data", demo_folder).exit_code == 1
    assert run("leave-one-out", YOUTH, "--judge", "nobody", "--data", demo_folder).exit_code == 1
