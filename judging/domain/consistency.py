"""How far a judge's marks differ when the same entry is shown twice: exact figures, and a word when they are few.

The differences are those of the second sheet from the first (within-judge agreement; see Bland and Altman, "Statistical
methods for assessing agreement", Lancet 1986). They put a question to a person and decide nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

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


class OwnAndOthers(NamedTuple):
    """A judge's figures beside those of all others together."""

    own: Consistency
    others: Consistency


class _Sums(NamedTuple):
    """What a spread follows from, which can be added up."""

    number: int
    whole: Fraction
    sizes: Fraction
    squares: Fraction

    def plus(self, other: _Sums, sign: int = 1) -> _Sums:
        return _Sums(
            self.number + sign * other.number, self.whole + sign * other.whole, self.sizes + sign * other.sizes,
            self.squares + sign * other.squares,
        )  # fmt: skip


_NOTHING = _Sums(0, Fraction(0), Fraction(0), Fraction(0))
# Among the criteria, the total goes by no key.
_TOTAL = ""


def spread_of(differences: Sequence[Fraction]) -> Spread | None:
    """The figures of these differences; None when there are none."""
    return _spread(_sums(differences))


def consistency_of(pairs: Iterable[Pair]) -> Consistency:
    """The spreads over all these pairs."""
    found: dict[str, list[Fraction]] = defaultdict(list)
    for pair in pairs:
        for key, difference in _differences(pair):
            found[key].append(difference)
    return _consistency({key: spread_of(differences) for key, differences in found.items()})


def consistency_by_judge(pairs: Iterable[Pair]) -> dict[str, OwnAndOthers]:
    """For every judge with a pair the own spreads and those of the others, in one walk over all pairs."""
    found: dict[str, dict[str, list[Fraction]]] = defaultdict(lambda: defaultdict(list))
    for pair in pairs:
        for key, difference in _differences(pair):
            found[pair.judge][key].append(difference)
    keys = dict.fromkeys(key for own in found.values() for key in own)
    others = {key: _without_each({judge: own[key] for judge, own in found.items() if key in own}) for key in keys}
    return {
        judge: OwnAndOthers(
            own=_consistency({key: spread_of(differences) for key, differences in own.items()}),
            others=_consistency({key: others[key](judge) for key in keys}),
        )
        for judge, own in found.items()
    }  # fmt: skip


def _differences(pair: Pair) -> Iterator[tuple[str, Fraction]]:
    yield _TOTAL, pair.again_total - pair.first_total
    yield from ((key, pair.again[key] - first) for key, first in pair.first.items() if key in pair.again)


def _without_each(by_judge: Mapping[str, Sequence[Fraction]]) -> Callable[[str], Spread | None]:
    """Gives the spread of all judges' differences but one judge's, from sums that are made once."""
    sums = {judge: _sums(differences) for judge, differences in by_judge.items()}
    whole = reduce(_Sums.plus, sums.values(), _NOTHING)
    return lambda judge: _spread(whole.plus(sums.get(judge, _NOTHING), -1))


def _sums(differences: Sequence[Fraction]) -> _Sums:
    return _Sums(
        len(differences), sum(differences, Fraction(0)), sum(map(abs, differences), Fraction(0)),
        sum((one**2 for one in differences), Fraction(0)),
    )  # fmt: skip


def _spread(sums: _Sums) -> Spread | None:
    number = sums.number
    if not number:
        return None
    return Spread(
        number=number, shift=sums.whole / number, absolute=sums.sizes / number,
        variance=(sums.squares - sums.whole**2 / number) / (number - 1) if number > 1 else None,
    )  # fmt: skip


def _consistency(found: Mapping[str, Spread | None]) -> Consistency:
    return Consistency(
        total=found.get(_TOTAL),
        criteria={key: spread for key, spread in found.items() if key != _TOTAL and spread is not None},
    )
