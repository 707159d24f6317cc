"""Marks as people give them: around what an entry is worth, shifted by a judge's severity, blurred by noise."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from judging.demo.draw import Draw
from judging.demo.edition import Seat
from judging.domain.rubric import Criterion, Rubric, Scale

Marks = dict[str, Decimal]

_BLUR = 0.045


def give_marks(draw: Draw, rubric: Rubric, seat: Seat, worth: float, *, calm: bool = False) -> Marks:
    """A complete sheet for an entry that is worth `worth` of each scale; `calm` halves what the judge adds to it."""
    factor = 0.4 if calm else 1.0
    leaning = worth + factor * (seat.severity + draw.random.gauss(0, seat.noise))
    return {
        key: _on_scale(criterion, scale, leaning + factor * draw.random.gauss(0, _BLUR))
        for criterion in rubric.criteria
        for key, _, scale in criterion.scales
    }


def _on_scale(criterion: Criterion, scale: Scale, share: float) -> Decimal:
    share = min(0.99, max(0.06, share))
    exact = Decimal(repr(round(share, 6))) * (scale.high - scale.low) / scale.step
    # Nobody here gives a 0: some rules ask for a reason then, and some stop the entry.
    mark = scale.low + max(Decimal(1), exact.to_integral_value(ROUND_HALF_EVEN)) * scale.step
    while criterion.bands and criterion.band_of(mark) is None and mark > scale.low:
        mark -= scale.step
    return mark


def same_total_less(rubric: Rubric, marks: Mapping[str, Decimal], key: str) -> Marks | None:
    """These marks with one step taken from criterion `key` and given to another of the same weight; None if none can.

    The total stays, and the mean of that criterion falls: this is what a tie-break decides.
    """
    scales = {name: (criterion, scale) for criterion in rubric.criteria for name, _, scale in criterion.scales}
    givers = [name for name in scales if name.split(".")[0] == key and marks[name] > scales[name][1].low]
    for giver in givers:
        criterion, scale = scales[giver]
        for name, (other, takes) in scales.items():
            if other.key == key or other.weight != criterion.weight or other.section != criterion.section:
                continue
            moved = {**marks, giver: marks[giver] - scale.step, name: marks[name] + scale.step}
            if takes.holds(moved[name]) and not criterion.bands and not other.bands:
                return moved
    return None
