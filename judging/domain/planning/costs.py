"""Values, evenness and ties as whole costs, each level too small to outweigh the one above."""

from __future__ import annotations

import math
import zlib

import numpy as np

from judging.domain.planning.arrays import Floats, Ints
from judging.domain.planning.flow import Costs
from judging.domain.planning.task import Task

DIGITS = 7
"""Digits of a value that are kept below the first digit of the greatest one."""

_BITS = 58
"""Costs and the solver's own factor, the number of nodes, together stay below these bits."""

_MIX = 16
"""Equal pairs are told apart by so many values, drawn from their aliases: an even mixture that anyone can repeat."""


def scale_of(values: Floats) -> float:
    """The factor that makes values whole: a power of ten which keeps seven digits below the greatest one's first."""
    greatest = float(np.abs(values).max()) if values.size else 0.0
    return float(10.0 ** (DIGITS - math.floor(math.log10(greatest)))) if greatest > 0 else 1.0


def value_costs(task: Task, *, weight: Floats | None = None, even: float = 0.0) -> Costs:
    """Costs whose least is the greatest total value; `weight` multiplies an entry's values, `even` is a step's value.

    Loads are evened among plans of equal cost, as far as the numbers have room for it.
    """
    scale = scale_of(task.value)
    value = task.value if weight is None else task.value * weight[task.entry]
    pair = -np.rint(value * scale).astype(np.int64)
    step = round(even * scale)
    room = _BITS - int(np.abs(pair).max(initial=1)).bit_length() - _nodes(task).bit_length() - 3
    places = int((task.need + task.wish).sum())
    finer = max(0, min(room, (2 * places * (_typical_load(task) + 1)).bit_length()))
    return Costs(pair=pair << finer, step=(step << finer) + (1 if finer else 0))


def even_costs(task: Task) -> Costs:
    """Costs for pairs that are all worth the same: loads as even as can be, then an even mixture."""
    longest = 2 * (min(task.need.size, task.room.size) + 1)
    return Costs(pair=mixture(task), step=_MIX * longest)


def mixture(task: Task) -> Ints:
    """A number from 0 for each pair which depends on its two aliases alone."""
    entries = np.array([zlib.crc32(alias.encode()) for alias in task.entries], dtype=np.uint64)
    judges = np.array([zlib.crc32(alias.encode()) for alias in task.judges], dtype=np.uint64)
    if not task.row.size:
        return np.zeros(0, dtype=np.int64)
    mixed = entries[task.entry] * np.uint64(0x9E3779B97F4A7C15) + judges[task.judge] * np.uint64(0xC2B2AE3D27D4EB4F)
    for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(factor)
    drawn: Ints = ((mixed ^ (mixed >> np.uint64(32))) % np.uint64(_MIX)).astype(np.int64)
    return drawn


def _nodes(task: Task) -> int:
    return task.need.size + task.room.size + 2


def _typical_load(task: Task) -> int:
    judges = max(task.room.size, 1)
    return int((task.load.sum() + task.need.sum()) // judges) * 2 + 1
