"""The exact core: places flow from entries to judges at least cost, and what cannot be filled has a price.

A solver alone says only "infeasible". Here every place may also stay empty at a price above all else, so that a plan
always comes back and says who is short. Prices are whole numbers: the optimum is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from judging.domain.planning.arrays import Flags, Ints
from judging.domain.planning.task import Task

_MOST_BITS = 62
_UNIT_ARCS = 400_000


class FlowError(RuntimeError):
    """The solver gave no answer, which its input rules out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """The cost of each pair, and the `step` that evens loads: entry n + 1 of a judge costs 2n + 1 steps.

    `level` is what a second empty place of an entry costs more than a first; without it that outweighs all pairs.
    """

    pair: Ints
    step: int = 0
    level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The pairs chosen, places that stay empty by row, units of a least load that are missing, and what all costs."""

    chosen: Flags
    short: Ints
    unmet: int
    cost: int

    @property
    def gaps(self) -> tuple[int, int, int]:
        """How full it is: the smaller the fuller, a shortage that falls on all alike being less."""
        return int(self.short.sum()), int((self.short**2).sum()), self.unmet

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Of two solutions the one with the smaller rank is better."""
        return *self.gaps, self.cost


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """What is left to decide once some pairs are set."""

    need: Ints
    wish: Ints
    room: Ints
    load: Ints
    free: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prices:
    """What an empty place costs: the first of a row, more for each further one; a wish, a unit of a least load."""

    must: int
    level: int
    wish: int
    least: int


def solve(task: Task, costs: Costs, *, forced: Flags | None = None, banned: Flags | None = None) -> Solution | None:
    """The cheapest of the plans that fill most places; None when the forced pairs do not go together."""
    left = _left_open(task, forced, banned)
    if left is None:
        return None
    dearest = _dearest(task, costs, left)
    loose = _Prices(must=4 * dearest + 1, level=0, wish=0, least=0)
    if not left.wish.any() and not task.least.any():
        # Nothing empty at a moderate price is the optimum at any price, and is found sooner.
        taken = _run(task, costs, left, loose)
        if np.array_equal(np.bincount(task.row[left.free[taken]], minlength=left.need.size), left.need):
            return _solution(task, costs, left, taken, forced)
    # No exchange of places is longer than this, so none of them outweighs a place.
    base = 2 * (min(left.need.size, left.room.size) + 1) * dearest
    level = base if costs.level is None else costs.level
    prices = _Prices(must=4 * base, level=level, wish=2 * base, least=base)
    return _solution(task, costs, left, _run(task, costs, left, prices), forced)


def _left_open(task: Task, forced: Flags | None, banned: Flags | None) -> _Open | None:
    free = np.ones(task.row.size, dtype=bool)
    if banned is not None:
        free &= ~banned
    need, wish, room, load = task.need, task.wish, task.room, task.load
    if forced is not None and forced.any():
        free &= ~forced
        given = np.bincount(task.row[forced], minlength=need.size)
        work = np.bincount(task.judge[forced], minlength=room.size)
        over = np.maximum(given - need, 0)
        if (over > wish).any() or (work > room).any():
            return None
        need, wish, room, load = np.maximum(need - given, 0), wish - over, room - work, load + work
    return _Open(need=need, wish=wish, room=room, load=load, free=np.flatnonzero(free))


def _dearest(task: Task, costs: Costs, left: _Open) -> int:
    pair = int(np.abs(costs.pair).max()) if costs.pair.size else 0
    most = int((left.load + _most_new(task, left)).max()) if left.load.size else 0
    return pair + costs.step * (2 * most + 1) + 1


def _most_new(task: Task, left: _Open) -> Ints:
    """The most that each judge can be given."""
    offered = np.bincount(task.judge[left.free], minlength=left.room.size)
    return np.minimum(left.room, offered)


def _run(task: Task, costs: Costs, left: _Open, prices: _Prices) -> Flags:
    rows, judges = left.need.size, left.room.size
    sink = rows + judges
    shift = _shift(prices, left, sink + 1)
    flow = SimpleMinCostFlow()
    row, judge = task.row[left.free], task.judge[left.free] + np.int32(rows)
    arcs = _add(flow, row, judge, np.ones(row.size, np.int64), costs.pair[left.free] >> shift)
    for node, head, room, cost in (*_shortfalls(left, prices, sink), *_loads(task, costs, left, prices)):
        _add(flow, node, np.full(node.size, head, np.int64), room, cost >> shift)
    supply = left.need + left.wish
    flow.set_nodes_supplies(np.arange(rows, dtype=np.int32), supply)
    flow.set_node_supply(sink, -int(supply.sum()))
    status = flow.solve()
    if status != SimpleMinCostFlow.Status.OPTIMAL:
        raise FlowError(f"the flow of {rows} rows and {judges} judges ended with {status}")
    taken: Flags = np.asarray(flow.flows(arcs)) > 0 if row.size else np.zeros(0, dtype=bool)
    return taken


def _shift(prices: _Prices, left: _Open, nodes: int) -> int:
    """Bits to drop so that the solver's own sums stay within 64: what is lost is the last of ties."""
    most = (prices.must + prices.level * int(left.need.max(initial=0))) * (nodes + 1)
    return max(0, most.bit_length() - _MOST_BITS)


def _add(
    flow: SimpleMinCostFlow, tail: NDArray[np.integer], head: NDArray[np.integer], room: Ints, cost: Ints
) -> NDArray[np.int32]:
    made = flow.add_arcs_with_capacity_and_unit_cost(
        tail.astype(np.int32), head.astype(np.int32), room.astype(np.int64), cost.astype(np.int64)
    )
    return np.asarray(made, dtype=np.int32)


_Arcs = tuple[Ints, int, Ints, Ints]


def _shortfalls(left: _Open, prices: _Prices, sink: int) -> list[_Arcs]:
    """Places that stay empty; a second one of a row costs more than a first, so that a shortage falls on all alike."""
    found: list[_Arcs] = []
    if prices.level:
        for level in range(int(left.need.max(initial=0))):
            rows = np.flatnonzero(left.need > level)
            price = np.full(rows.size, prices.must + level * prices.level, dtype=np.int64)
            found.append((rows, sink, np.ones(rows.size, dtype=np.int64), price))
    else:
        rows = np.flatnonzero(left.need)
        found.append((rows, sink, left.need[rows], np.full(rows.size, prices.must, dtype=np.int64)))
    rows = np.flatnonzero(left.wish)
    found.append((rows, sink, left.wish[rows], np.full(rows.size, prices.wish, dtype=np.int64)))
    return found


def _loads(task: Task, costs: Costs, left: _Open, prices: _Prices) -> list[_Arcs]:
    """What judges take: a unit at a time where a unit has its own cost."""
    rows, judges = left.need.size, left.room.size
    sink = rows + judges
    most = _most_new(task, left)
    if not costs.step and not task.least.any():
        every = np.arange(judges, dtype=np.int64)
        return [(every + rows, sink, most, np.zeros(judges, dtype=np.int64))]
    single = np.minimum(most, max(_UNIT_ARCS // max(judges, 1), 1))
    judge = np.repeat(np.arange(judges, dtype=np.int64), single)
    number = np.arange(judge.size) - np.repeat(np.cumsum(single) - single, single) + left.load[judge]
    cost = (2 * number + 1) * costs.step - np.where(number < task.least[judge], prices.least, 0)
    arcs: list[_Arcs] = [(judge + rows, sink, np.ones(judge.size, dtype=np.int64), cost)]
    rest = np.flatnonzero(most > single)
    top = (2 * (left.load + most) + 1) * costs.step
    arcs.append((rest + rows, sink, (most - single)[rest], top[rest]))
    return arcs


def _solution(task: Task, costs: Costs, left: _Open, taken: Flags, forced: Flags | None) -> Solution:
    chosen = np.zeros(task.row.size, dtype=bool) if forced is None else forced.copy()
    chosen[left.free[taken]] = True
    filled = np.bincount(task.row[chosen], minlength=task.need.size)
    new = np.bincount(task.judge[chosen], minlength=task.load.size)
    after = task.load + new
    return Solution(
        chosen=chosen,
        short=np.maximum(task.need - filled, 0),
        unmet=int(np.maximum(task.least - after, 0).sum()),
        # Python's whole numbers have no end: the sum of squares of a load is the sum of its steps.
        cost=int(costs.pair[chosen].sum()) + costs.step * int((after**2).sum()),
    )
