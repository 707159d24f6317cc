"""`python -m tools.bench`: run the benchmarks, print a table, and write the figures as JSON where asked to.

Nothing is asserted: a figure above its bound is marked and the command still ends with 0.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from judging.cli.logs import configure_logs
from judging.demo import Size
from tools.bench import (
    assignment,
    judges,
    leaving_out,
    lists,
    live,
    pages,
    planning,
    score_log,
    sheets,
    similar,
    slow_bodies,
    standings,
    uploads,
    years,
)
from tools.bench.measure import Figure, Skipped
from tools.bench.report import document, table
from tools.bench.sizes import FULL, MORE_SEEDS, STRESS_LIVE, TINY, WHOLE_LIVE, WHOLE_STORM, Sizes
from tools.bench.stores import POSTGRES, SQLITE, NoServerError, Stores

Benchmark = Callable[[Stores, Sequence[str], Sizes], Iterator[Figure]]


def _province(stores: Stores, _engines: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    """The benchmarks that look at one province's year, which is made once."""
    if Size.PROVINCE in sizes.years:
        with stores.installation() as platform:
            yield from years.province(platform)
            yield from pages.results(platform)


def _city(stores: Stores, _engines: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    if Size.CITY in sizes.years:
        yield from years.city(stores)


def _assignment(sizes: Sizes) -> Iterator[Figure]:
    """Plans of pairs that are all worth the same, and plans by value."""
    yield from assignment.plans(sizes)
    yield from planning.plans_by_value(sizes)


BENCHMARKS: dict[str, Benchmark] = {
    "assignment": lambda _stores, _engines, sizes: _assignment(sizes),
    "standings": standings.round_by_round,
    "leave-one-out": leaving_out.all_judges,
    "sheets": sheets.submitting,
    "judges": judges.at_work,
    "score-log": score_log.recording,
    "uploads": uploads.storm,
    "live": live.final,
    "slow-bodies": slow_bodies.dripping,
    "office": lambda stores, _engines, sizes: pages.office(stores, sizes),
    "lists": lambda stores, _engines, sizes: lists.long_lists(stores, sizes),
    "similar": similar.searching,
    "province": _province,
    "city": _city,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line names; without a name, everything."""
    asked = _parser().parse_args(arguments)
    # As where a person sits before it: what goes wrong is told, and no line for each request.
    configure_logs()
    began = time.perf_counter()
    figures: list[Figure] = []
    skipped: list[Skipped] = []
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="judging-bench-")))
        # The server's own user must be able to reach its folder inside this one.
        folder.chmod(0o755)
        stores = Stores(folder, stack)
        engines = _engines(stores, skipped, sqlite_only=asked.sqlite_only)
        if asked.postgresql_only:
            engines = tuple(one for one in engines if one != SQLITE)
        sizes = TINY if asked.tiny else FULL
        if asked.full_storm:
            sizes = replace(sizes, storm=WHOLE_STORM)
        if asked.full_live:
            sizes = replace(sizes, live=WHOLE_LIVE)
        if asked.stress_live:
            sizes = replace(sizes, live=STRESS_LIVE)
        if asked.more_seeds:
            sizes = replace(sizes, more_seeds=MORE_SEEDS)
        for name in asked.only or BENCHMARKS:
            print(f"… {name}", file=sys.stderr, flush=True)
            figures.extend(BENCHMARKS[name](stores, engines, sizes))
    seconds = time.perf_counter() - began
    print(table(figures))
    for one in skipped:
        print(f"skipped: {one.benchmark}: {one.reason}")
    print(f"{len(figures)} figures in {seconds:.0f} s; a bound that is passed is marked with !")
    if asked.json is not None:
        told = json.dumps(document(figures, skipped, seconds=seconds), ensure_ascii=False, indent=2)
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(told + "\n", "utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="Measure how fast the product is.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE as well")
    parser.add_argument(
        "--only", action="append", choices=list(BENCHMARKS), help="run this benchmark only; may be repeated"
    )
    parser.add_argument("--tiny", action="store_true", help="measure next to nothing, to see that it runs")
    parser.add_argument(
        "--full-storm",
        action="store_true",
        help="let `uploads` take its ten minutes on each engine, with 1,000 entries",
    )
    parser.add_argument(
        "--full-live",
        action="store_true",
        help="let `live` take its half an hour and its stress of five minutes on each engine",
    )
    parser.add_argument(
        "--stress-live", action="store_true", help="let `live` seat 500 judges for a minute on each engine"
    )
    parser.add_argument("--more-seeds", action="store_true", help="let `similar` try five more corpora of texts alone")
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    one.add_argument("--postgresql-only", action="store_true", help="leave SQLite out where a benchmark runs on both")
    return parser


def _engines(stores: Stores, skipped: list[Skipped], *, sqlite_only: bool) -> tuple[str, ...]:
    if sqlite_only:
        skipped.append(Skipped(benchmark=POSTGRES, reason="--sqlite-only"))
        return (SQLITE,)
    try:
        stores.start_server()
    except NoServerError as error:
        skipped.append(Skipped(benchmark=POSTGRES, reason=str(error)))
        return (SQLITE,)
    return (SQLITE, POSTGRES)


if __name__ == "__main__":
    sys.exit(main())
