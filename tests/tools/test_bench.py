"""`make bench` runs from end to end and reports in both forms; what it measures is nobody's business here."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tools.bench.__main__ import BENCHMARKS, main
from tools.bench.measure import Bound, Figure, Target, Timing, percentile
from tools.bench.report import table

if TYPE_CHECKING:
    from pathlib import Path

QUICK = [name for name in BENCHMARKS if name not in ("province", "city")]
"""The demo's years have no size at which they would be quick; the demo has tests of its own."""


def timing(seconds: float) -> Timing:
    return Timing(median=seconds, least=seconds, most=seconds, cpu=seconds, times=1)


@pytest.mark.skipif(sys.platform == "win32", reason="the servers are gunicorn's, which needs fork")
def test_bench_prints_a_table_and_writes_the_same_figures_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bench.json"
    chosen = [part for name in QUICK for part in ("--only", name)]

    assert main(["--tiny", "--sqlite-only", "--json", str(file), *chosen]) == 0

    told: dict[str, Any] = json.loads(file.read_text("utf-8"))
    printed = capsys.readouterr().out
    made = {figure["benchmark"] for figure in told["figures"]}
    assert {"assignment", "standings", "submit a sheet, page", "judges submit", "judges autosave"} <= made
    assert {"organiser, progress", "long lists, record, first page"} <= made
    for figure in told["figures"]:
        assert figure["median"] > 0
        assert f"{figure['benchmark']}  " in printed
        assert figure["case"] in printed
    assert told["skipped"] == [{"benchmark": "PostgreSQL", "reason": "--sqlite-only"}]

    submitted = next(one for one in told["figures"] if one["benchmark"] == "judges submit")
    targets = {target["name"]: target for target in submitted["targets"]}
    assert targets["of bare throughput"]["value"] > 0
    assert targets["statements"]["kept"], targets
    assert submitted["peer"]["median"] > 0


def test_table_marks_what_is_beyond_its_bound_or_its_target() -> None:
    slow = Figure(
        benchmark="slow",
        case="a",
        timing=timing(2),
        bound=Bound(seconds=1, reason="an example"),
        targets=(Target(name="share", value=0.3, limit=0.4, is_floor=True),),
    )
    quick = Figure(
        benchmark="quick",
        case="b",
        timing=timing(0.5),
        bound=Bound(seconds=1, reason="an example"),
        targets=(Target(name="share", value=0.4, limit=0.4, is_floor=True), Target(name="rows", value=3, limit=3)),
    )

    _, first, second = table([slow, quick]).splitlines()

    assert "200% !" in first
    assert "share 0.3 (≥ 0.4) !" in first
    assert "50%" in second
    assert "!" not in second


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1), (0.5, 3), (0.8, 4), (0.95, 5), (1.0, 5)])
def test_percentile_is_one_of_the_values(share: float, expected: float) -> None:
    assert percentile([5, 1, 4, 2, 3], share) == expected
