"""From the marks of one sheet to its total, in exact fractions.

A rescale by 100/90 is no finite decimal, so totals are fractions until they are shown. A total is the sum of the marks,
each times a factor that the rubric alone fixes; so marks are added up as whole millionths, and made a fraction once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import NamedTuple

from judging.domain.memory import ByIdentity
from judging.domain.rubric import Criterion, Rubric
from judging.errors import N_, RulesError

_PLACES = 6
_ONE = Decimal(1)
MILLION = 1_000_000


class _Form(NamedTuple):
    """A rubric as a sum: each mark key with its whole factor, over one denominator (the million of the marks in it)."""

    factors: tuple[tuple[str, int], ...]
    denominator: int


@lru_cache(maxsize=4096)
def exact(number: Decimal) -> Fraction:
    """The fraction that a finite decimal is."""
    return Fraction(number)


def exact_sum(values: Iterable[Fraction]) -> Fraction:
    """The sum of fractions, brought to one denominator once instead of at every addition."""
    numerators, denominator = over_one(list(values))
    return Fraction(sum(numerators), denominator)


def over_one(values: Sequence[Fraction]) -> tuple[list[int], int]:
    """The numerators of fractions that are brought to one denominator, and that denominator."""
    denominator = lcm(*[value.denominator for value in values])
    return [value.numerator * (denominator // value.denominator) for value in values], denominator


def exact_mean(values: Sequence[Fraction]) -> Fraction:
    """The mean of at least one fraction."""
    return exact_sum(values) / len(values)


def raw_values(rubric: Rubric, marks: Mapping[str, Decimal]) -> dict[str, Fraction]:
    """Each criterion's mark before its coefficient, sub-criteria added up; criteria without any mark are left out."""
    values: dict[str, Fraction] = {}
    for criterion in rubric.criteria:
        given = [exact(marks[key]) for key, _, _ in criterion.scales if key in marks]
        if given:
            values[criterion.key] = given[0] if len(given) == 1 else exact_sum(given)
    return values


def criterion_values(rubric: Rubric, marks: Mapping[str, Decimal]) -> dict[str, Fraction]:
    """Each criterion's mark times its coefficient, sub-criteria added up; criteria without any mark are left out."""
    raw = raw_values(rubric, marks)
    return {
        criterion.key: weighted(raw[criterion.key], criterion) for criterion in rubric.criteria if criterion.key in raw
    }


def weighted(value: Fraction, criterion: Criterion) -> Fraction:
    """A mark times the criterion's coefficient."""
    return value if criterion.weight == _ONE else value * exact(criterion.weight)


@lru_cache(maxsize=4096)
def millionths(mark: Decimal) -> int | Fraction:
    """A mark times a million: an integer, as every mark that a scale takes has at most six places; else a fraction."""
    value = Fraction(mark) * MILLION
    return value.numerator if value.denominator == 1 else value


def sheet_total(rubric: Rubric, marks: Mapping[str, Decimal]) -> Fraction:
    """The total of a complete sheet, on the rubric's total scale. Raises RulesError when a mark is missing."""
    factors, denominator = _form_of(rubric)
    try:
        return Fraction(sum([factor * millionths(marks[key]) for key, factor in factors]), denominator)
    except KeyError:
        raise RulesError(
            N_("A sheet has no mark for “%(criterion)s”."), criterion=_first_missing(rubric, marks)
        ) from None


def running_total(rubric: Rubric, marks: Mapping[str, Decimal]) -> Fraction:
    """The total so far: as `sheet_total`, a mark not yet given counting nothing."""
    factors, denominator = _form_of(rubric)
    return Fraction(sum([factor * millionths(marks[key]) for key, factor in factors if key in marks]), denominator)


def _first_missing(rubric: Rubric, marks: Mapping[str, Decimal]) -> str:
    lines = (line for criterion in rubric.criteria for line in criterion.scales)
    return next(label for key, label, _ in lines if key not in marks)


def _form(rubric: Rubric) -> _Form:
    exacts = {
        key: total_of(rubric, {criterion.key: exact(criterion.weight)})
        for criterion in rubric.criteria
        for key, _, _ in criterion.scales
    }
    denominator = lcm(*(factor.denominator for factor in exacts.values()))
    return _Form(
        factors=tuple((key, int(factor * denominator)) for key, factor in exacts.items()),
        denominator=denominator * MILLION,
    )


_form_of: ByIdentity[Rubric, _Form] = ByIdentity(_form)


def total_of(rubric: Rubric, values: Mapping[str, Fraction]) -> Fraction:
    """The total that criterion values (after the coefficient) add up to, sections and the total scale applied."""
    raw = _sections_sum(rubric, values) if rubric.sections else exact_sum(values.values())
    if rubric.total is None:
        return raw
    return raw * exact(rubric.total) / exact(rubric.raw_maximum)


def _sections_sum(rubric: Rubric, values: Mapping[str, Fraction]) -> Fraction:
    total = Fraction(0)
    for section in rubric.sections:
        criteria = [criterion for criterion in rubric.criteria if criterion.section == section.key]
        highest = exact_sum(weighted(exact(criterion.maximum), criterion) for criterion in criteria)
        reached = exact_sum(values.get(criterion.key, Fraction(0)) for criterion in criteria)
        total += reached / highest * exact(section.weight)
    return total


def as_decimal_string(value: Fraction) -> str:
    """A score as text with six places, half-even: `91.666667`. For showing only; ranks compare fractions."""
    scaled = round(value * 10**_PLACES)  # Python rounds a Fraction half to even, exactly.
    with localcontext() as context:
        context.prec = max(28, len(str(scaled)) + _PLACES)
        number = Decimal(scaled).scaleb(-_PLACES)
        return format(number.quantize(Decimal(1).scaleb(-_PLACES), rounding=ROUND_HALF_EVEN), "f")
