"""Making the demo year, and checking everything that it stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from judging.demo import Size, create_demo
from judging.services.platform import Platform
from judging.services.upkeep.check import check_installation
from tools.bench.measure import Bound, Figure, measure
from tools.bench.stores import Stores

_SEED = 2021
_PROVINCE = Bound(seconds=20, reason="a demo to look at at once")
_CITY = Bound(seconds=60, reason="a minute")
_CHECK = Bound(seconds=10, reason="an operator waits for it")


def province(platform: Platform) -> Iterator[Figure]:
    """Make the province's year in an empty installation, which holds it afterwards, and check it."""
    yield _made(platform, Size.PROVINCE, _PROVINCE)
    checked = partial(check_installation, platform)
    findings = checked()
    yield Figure(
        benchmark="check",
        case="province",
        timing=measure(checked, times=3, warm=False),
        bound=_CHECK,
        notes={
            "checks": len(findings),
            "things": sum(one.count for one in findings),
            "broken": sum(not one.ok for one in findings),
        },
    )


def city(stores: Stores) -> Iterator[Figure]:
    """Make a city's year."""
    with stores.installation() as platform:
        yield _made(platform, Size.CITY, _CITY)


def _made(platform: Platform, size: Size, bound: Bound) -> Figure:
    rows: dict[str, int] = {}

    def make() -> None:
        year = create_demo(platform, size=size, seed=_SEED, now=datetime.now(UTC))
        rows.update(year.rows)

    timing = measure(make, times=1, warm=False)
    return Figure(
        benchmark="demo year",
        case=str(size),
        timing=timing,
        bound=bound,
        notes={
            "entries": rows["entry"],
            "sheets": rows["sheet_version"],
            "per entry": f"{timing.median / rows['entry'] * 1000:.0f} ms",
        },
    )
