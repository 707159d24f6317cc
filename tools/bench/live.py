"""A live final, at its size and beyond: how long saving and handing in take, and that nothing is lost meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from tools.bench.live_hall import READ, SAVE, SUBMIT, Shape, count_wrong, everybody, seat_judges
from tools.bench.measure import Figure, Target, Timing, percentile
from tools.bench.paced import Told, send_paced
from tools.bench.servers import PRODUCT, serving
from tools.bench.sizes import Sizes
from tools.bench.stores import Stores

MOST_P95 = 0.15
MOST_P99 = 0.5
MOST_SUBMIT_P99 = 1.0
MOST_STRESS_P99 = 1.0
HALL = 100
"""So many judges are a live final; more of them are stress."""


def final(stores: Stores, engines: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    """Let judges save and hand in on each engine, in each of the halls."""
    for engine in engines:
        for judges, seconds, readers in sizes.live:
            shape = Shape(
                judges=judges, seconds=seconds, readers=readers, every=min(5.0, seconds / 2),
                within=min(10.0, float(seconds)),
            )  # fmt: skip
            with stores.installation(engine) as platform:
                seats = seat_judges(platform, judges)
                with serving(platform, PRODUCT) as server:
                    told = send_paced(server.port, everybody(seats, shape))
                wrong = {"errors": told.faults, **count_wrong(platform, seats)}
            yield from _figures(told, wrong, shape, engine)


def _figures(told: Told, wrong: dict[str, int], shape: Shape, engine: str) -> Iterator[Figure]:
    case = f"{shape.judges} judges, {shape.seconds} s, {shape.readers} readers, {engine}"
    none = [Target(name=name, value=value, limit=0) for name, value in wrong.items()]
    saves, handed_in = told.seconds[SAVE], told.seconds[SUBMIT]
    if shape.judges > HALL:
        yield _figure("live final, autosave (stress)", case, saves, [_share(saves, 0.99, MOST_STRESS_P99)])
        yield _figure("live final, submit (stress)", case, handed_in, [_share(handed_in, 0.99, MOST_STRESS_P99), *none])
    else:
        limits = [_share(saves, 0.95, MOST_P95), _share(saves, 0.99, MOST_P99)]
        yield _figure("live final, autosave", case, saves, limits)
        yield _figure("live final, submit", case, handed_in, [_share(handed_in, 0.99, MOST_SUBMIT_P99), *none])
    if shape.readers:
        unchanged = told.statuses[READ].get("304", 0)
        yield _figure("live final, readers", case, told.seconds[READ], [], unchanged=unchanged)


def _share(taken: Sequence[float], share: float, limit: float) -> Target:
    return Target(name=f"p{share * 100:.0f} s", value=percentile(taken, share), limit=limit)


def _figure(name: str, case: str, taken: Sequence[float], targets: Sequence[Target], **notes: object) -> Figure:
    timing = Timing(median=median(taken), least=min(taken), most=max(taken), cpu=0.0, times=len(taken))
    return Figure(benchmark=name, case=case, timing=timing, targets=tuple(targets), notes=notes)
