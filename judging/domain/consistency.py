"""How far a judge's marks differ when the same entry is shown twice: exact figures, and a word when they are few.

The differences are those of the second sheet from the first (within-judge agreement; see Bland and Altman, "Statistical
methods for assessing agreement", Lancet 1986). They put a question to a person and decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

FEW = 5
"""Fewer pairs than this are called few (our own default)."""

_PRECISE = Context(prec=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What one judge gave the same entry twice: points by criterion, and the total."""

    judge: str
    first: Mapping[str, Fraction]
    again: Mapping[str, Fraction]
    first_total: Fraction
    again_total: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Differences of second marks from first ones. `variance` is the sample's, None with fewer than two."""

    number: int
    shift: Fraction
    absolute: Fraction
    largest: Fraction
    variance: Fraction | None

    @property
    def deviation(self) -> Decimal | None:
        """The standard deviation, to be shown."""
        if self.variance is None:
            return None
        numerator, denominator = Decimal(self.variance.numerator), Decimal(self.variance.denominator)
        return _PRECISE.sqrt(_PRECISE.divide(numerator, denominator))

    @property
    def is_few(self) -> bool:
        """Whether so few pairs can hardly tell anything."""
        return self.number < FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """The spreads of one judge or of several together, by criterion and in total; None without a pair."""

    total: Spread | None
    criteria: Mapping[str, Spread]


def spread_of(differences: Sequence[Fraction]) -> Spread | None:
    """The figures of these differences; None when there are none."""
    number = len(differences)
    if not number:
        return None
    shift = sum(differences, Fraction(0)) / number
    squares = sum(((one - shift) ** 2 for one in differences), Fraction(0))
    sizes = [abs(one) for one in differences]
    return Spread(
        number=number, shift=shift, absolute=sum(sizes, Fraction(0)) / number, largest=max(sizes),
        variance=squares / (number - 1) if number > 1 else None,
    )  # fmt: skip


def consistency_of(pairs: Iterable[Pair]) -> Consistency:
    """The spreads over all these pairs."""
    kept = list(pairs)
    keys = dict.fromkeys(key for pair in kept for key in pair.first if key in pair.again)
    found = {
        key: spread_of([pair.again[key] - pair.first[key] for pair in kept if key in pair.first and key in pair.again])
        for key in keys
    }
    return Consistency(
        total=spread_of([pair.again_total - pair.first_total for pair in kept]),
        criteria={key: spread for key, spread in found.items() if spread is not None},
    )
