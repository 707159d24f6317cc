"""Figures of how steady a judge is: exact, by criterion and in total, and called few when they are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.consistency import FEW, Pair, consistency_by_judge, consistency_of, spread_of

F = Fraction
differences = st.lists(st.fractions(min_value=-50, max_value=50, max_denominator=8), min_size=1, max_size=12)


def pair(first: int, again: int, *, judge: str = "j-1") -> Pair:
    return Pair(
        judge=judge, first={"novelty": F(first)}, again={"novelty": F(again)}, first_total=F(first),
        again_total=F(again),
    )  # fmt: skip


@given(differences)
def test_figures_are_those_of_the_textbook(given_: list[Fraction]) -> None:
    found = spread_of(given_)

    assert found is not None
    assert found.number == len(given_)
    assert float(found.absolute) == pytest.approx(fmean(abs(float(one)) for one in given_))
    assert float(found.shift) == pytest.approx(fmean(float(one) for one in given_), abs=1e-9)
    assert abs(found.shift) <= found.absolute <= max(map(abs, given_))
    if len(given_) == 1:
        assert found.deviation is None
    else:
        assert float(found.deviation or 0) == pytest.approx(stdev(float(one) for one in given_), abs=1e-9)


@given(differences, st.randoms())
def test_order_of_pairs_changes_nothing(given_: list[Fraction], random: object) -> None:
    mixed = list(given_)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random, which hypothesis does not type

    assert spread_of(mixed) == spread_of(given_)


def test_no_pair_has_no_figures() -> None:
    none = consistency_of([])

    assert none.total is None
    assert none.criteria == {}


def test_judge_who_gives_the_same_twice_differs_by_nothing() -> None:
    found = consistency_of([pair(20, 20), pair(7, 7)])

    assert found.total is not None
    assert (found.total.absolute, found.total.shift, found.total.deviation) == (0, 0, Decimal(0))


def test_pairs_are_told_by_criterion_and_few_are_called_few() -> None:
    few = consistency_of([pair(20, 24), pair(20, 18)])
    many = consistency_of([pair(20, 24)] * FEW)

    assert few.total is not None
    assert many.total is not None
    assert few.criteria["novelty"].absolute == 3
    assert few.criteria["novelty"].shift == 1
    assert few.total.is_few
    assert not many.total.is_few


@st.composite
def marked_twice(draw: st.DrawFn) -> Pair:
    """A pair of one of four judges, on some of two criteria: rubrics of old sheets may lack one."""
    keys = draw(st.sets(st.sampled_from(["novelty", "use"])))
    points = st.fractions(min_value=0, max_value=50, max_denominator=4)
    return Pair(
        judge=draw(st.sampled_from(["j-1", "j-2", "j-3", "j-4"])),
        first={key: draw(points) for key in keys}, again={key: draw(points) for key in keys},
        first_total=draw(points), again_total=draw(points),
    )  # fmt: skip


@given(st.lists(marked_twice(), max_size=12))
def test_each_judge_beside_the_others_is_as_if_both_were_counted_alone(pairs: list[Pair]) -> None:
    found = consistency_by_judge(pairs)

    assert found.keys() == {one.judge for one in pairs}
    for judge, (own, others) in found.items():
        assert own == consistency_of(one for one in pairs if one.judge == judge)
        assert others == consistency_of(one for one in pairs if one.judge != judge)
