"""Timing: medians of repeated work, and two pieces of work measured in turns so that both see the same machine."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import median

Work = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds of wall clock over all repetitions, and the median of this process's own processor seconds."""

    median: float
    least: float
    most: float
    cpu: float
    times: int

    def per(self, count: int) -> Timing:
        """The same for one of `count` things done in each repetition."""
        return Timing(
            median=self.median / count,
            least=self.least / count,
            most=self.most / count,
            cpu=self.cpu / count,
            times=self.times,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The most seconds that the work should take, and where the figure comes from."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Other work of the same purpose, timed in turns with the product's own."""

    name: str
    timing: Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Another number that has a limit of its own: `value` must be at most `limit`, or at least with `is_floor`."""

    name: str
    value: float
    limit: float
    is_floor: bool = False

    @property
    def kept(self) -> bool:
        """Whether the number is on the right side of its limit."""
        return self.value >= self.limit if self.is_floor else self.value <= self.limit

    def __str__(self) -> str:
        side = "≥" if self.is_floor else "≤"
        return f"{self.name} {self.value:.3g} ({side} {self.limit:g})" + ("" if self.kept else " !")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the report: what was done to what, how long it took, and what it is held against."""

    benchmark: str
    case: str
    timing: Timing
    bound: Bound | None = None
    peer: Peer | None = None
    targets: tuple[Target, ...] = ()
    notes: Mapping[str, object] = field(default_factory=dict)

    @property
    def share_of_bound(self) -> float | None:
        """The median as a share of the bound: above 1 is too slow."""
        return None if self.bound is None else self.timing.median / self.bound.seconds

    @property
    def times_peer(self) -> float | None:
        """How many times the peer's median the product's median is."""
        return None if self.peer is None else self.timing.median / self.peer.timing.median


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A benchmark that could not run here, and why."""

    benchmark: str
    reason: str


def measure(work: Work, *, times: int, warm: bool = True) -> Timing:
    """Time `work`; `warm` runs it once before, so that caches are filled and modules loaded."""
    if warm:
        work()
    return _timing([_once(work) for _ in range(times)])


def measure_in_turns(work: Work, peer: Work, *, times: int) -> tuple[Timing, Timing]:
    """Time both alternately, so that a disturbance of the machine falls on both; each is run once before."""
    work()
    peer()
    pairs = [(_once(work), _once(peer)) for _ in range(times)]
    return _timing([first for first, _ in pairs]), _timing([second for _, second in pairs])


def _once(work: Work) -> tuple[float, float]:
    # What was left over by the work before is no part of this one; what this one leaves behind is.
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed, by nearest rank: one of the values themselves."""
    rising = sorted(values)
    return rising[max(0, ceil(share * len(rising)) - 1)]


def _timing(taken: list[tuple[float, float]]) -> Timing:
    walls = [wall for wall, _ in taken]
    return Timing(
        median=median(walls),
        least=min(walls),
        most=max(walls),
        cpu=median(cpu for _, cpu in taken),
        times=len(taken),
    )
