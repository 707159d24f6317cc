"""How much each benchmark does: in full, or so little that only its running is seen."""

from __future__ import annotations

from dataclasses import dataclass

from judging.demo import Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """What the benchmarks run with.

    `plans` are entries, judges, judges for each entry, panels and repetitions, and so are `tables`, whose pairs have
    values; `nation` is the same once, without repetitions; `standings` entries and repetitions;
    `storm` entries, the bytes of each one's file, the seconds in which they come, and pages read a minute meanwhile;
    `similar` works among which copies are planted, and `more_seeds` for as many more of such corpora;
    `live` halls of a live final: judges, the seconds in which they save before they hand in, and polling readers;
    `drips` bodies that come at a byte a second, and the seconds in which pages are read meanwhile;
    `clients` how many judges send at once, and how many sheets together in each of `batches`.
    """

    plans: tuple[tuple[int, int, int, int, int], ...]
    tables: tuple[tuple[int, int, int, int, int], ...]
    nation: tuple[int, int, int, int]
    standings: tuple[tuple[int, int], ...]
    sheets: tuple[int, int]
    times: int
    clients: tuple[tuple[int, int], ...]
    batches: int
    autosaves: tuple[int, int]
    office: int
    lists: int
    similar: int
    more_seeds: tuple[int, ...]
    repeats: int
    years: tuple[Size, ...]
    sheets_in_bundle: int
    storm: tuple[int, int, int, int]
    drips: tuple[int, int]
    live: tuple[tuple[int, int, int], ...]


FULL = Sizes(
    plans=((231, 40, 5, 5, 9), (3_000, 1_200, 4, 20, 3)),
    tables=((231, 40, 5, 1, 9), (3_000, 1_200, 4, 16, 3)),
    nation=(15_000, 10_000, 4, 130),
    standings=((231, 15), (2_000, 5), (10_000, 3)),
    sheets=(200, 2_000),
    times=20,
    clients=((1, 50), (10, 100), (50, 150)),
    batches=3,
    autosaves=(10, 100),
    office=2_000,
    lists=10_000,
    similar=10_000,
    more_seeds=(),
    repeats=5,
    years=(Size.PROVINCE, Size.CITY),
    sheets_in_bundle=100_000,
    storm=(200, 5_000_000, 60, 1_000),
    drips=(100, 20),
    live=((100, 15, 50),),
)

WHOLE_STORM = (1_000, 5_000_000, 600, 2_000)
"""The storm before a deadline in full, which takes ten minutes on each engine: it runs only when it is asked for."""

WHOLE_LIVE = ((100, 1_800, 500), (500, 300, 0))
"""A live final of half an hour, and five minutes of five times as many judges, on each engine: only when asked for."""

STRESS_LIVE = ((500, 60, 0),)
"""Five times as many judges as a live final has, for a minute: only when asked for."""

MORE_SEEDS = tuple(range(104, 109))
"""Five more corpora of texts alone for `similar`: some minutes each, only when asked for."""

TINY = Sizes(
    plans=((12, 6, 2, 2, 1),),
    tables=((12, 8, 2, 1, 1),),
    nation=(60, 40, 2, 4),
    standings=((6, 1),),
    sheets=(20, 40),
    times=1,
    clients=((2, 4),),
    batches=1,
    autosaves=(2, 4),
    office=10,
    lists=70,
    similar=60,
    more_seeds=(),
    repeats=1,
    years=(),
    sheets_in_bundle=20,
    storm=(6, 60_000, 1, 600),
    drips=(10, 1),
    live=((4, 1, 2),),
)
"""To see that everything runs; the figures mean nothing."""
