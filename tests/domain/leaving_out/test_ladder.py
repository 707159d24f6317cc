"""Ladders: what is told of an exchange is what putting everybody in order anew gives."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.leaving_out.ladder import Figures, Height, Ladder, Move, Rung, in_shares

Side = tuple[int, int]
"""A score and a figure."""


class Case(NamedTuple):
    """Who stands on a ladder, and on which side those stand who are taken out or come: None for who does not return."""

    before: Mapping[str, Side]
    changed: Mapping[str, Side | None]

    @property
    def after(self) -> dict[str, Side]:
        return {entry: side for entry, side in {**self.before, **self.changed}.items() if side is not None}


SIDES = st.tuples(st.integers(0, 3), st.integers(0, 2))
ENTRIES = [f"e-{number:02}" for number in range(14)]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    before = draw(st.dictionaries(st.sampled_from(ENTRIES), SIDES))
    return Case(before, draw(st.dictionaries(st.sampled_from(ENTRIES), st.none() | SIDES, max_size=6)))


def rung(entry: str, side: Side) -> Rung:
    return Rung(entry, height(side), lambda: (Fraction(side[1]),))


def height(side: Side) -> Height:
    return side[0], Fraction(side[0])


def ladder(sides: Mapping[str, Side]) -> Ladder:
    rungs = [rung(entry, side) for entry, side in sides.items()]
    return Ladder(in_shares(sorted(rungs, key=lambda one: one.height, reverse=True)))


def ranks(sides: Mapping[str, Side]) -> dict[str, int]:
    """Ranks by counting who stands before whom, in the order of the places."""
    order = sorted(sides, key=lambda entry: (-sides[entry][0], -sides[entry][1], entry))
    return {entry: 1 + sum(other > sides[entry] for other in sides.values()) for entry in order}


def come(case: Case) -> list[Rung]:
    return [rung(entry, side) for entry, side in case.changed.items() if side is not None]


@given(st.dictionaries(st.sampled_from(ENTRIES), SIDES))
def test_ladder_has_everybody_at_their_rank(sides: dict[str, Side]) -> None:
    made = ladder(sides)

    assert dict(zip([one.entry for one in made.rungs], made.ranks, strict=True)) == ranks(sides)
    assert list(made.places) == list(ranks(sides))


@given(st.dictionaries(st.sampled_from(ENTRIES), SIDES), st.sets(st.sampled_from(ENTRIES)))
def test_ladder_of_some_is_that_of_nobody_else(sides: dict[str, Side], kept: set[str]) -> None:
    made = ladder(sides).only(kept)

    expected = ranks({entry: side for entry, side in sides.items() if entry in kept})
    assert dict(zip([one.entry for one in made.rungs], made.ranks, strict=True)) == expected


@given(cases())
def test_exchange_ranks_those_who_come_among_all(case: Case) -> None:
    exchange = ladder(case.before).exchange(case.changed, come(case))

    assert exchange.ranks() == {entry: rank for entry, rank in ranks(case.after).items() if entry in case.changed}


@given(cases())
def test_exchange_names_all_who_stay_and_move_the_furthest_first(case: Case) -> None:
    exchange = ladder(case.before).exchange(case.changed, come(case))

    before, after = ranks(case.before), ranks(case.after)
    moved = [
        Move(entry, rank, after[entry])
        for entry, rank in before.items()
        if entry not in case.changed and rank != after[entry]
    ]
    moved.sort(key=lambda one: (-abs(one.after - one.before), one.before, one.entry))
    assert list(exchange.moves()) == moved
    assert exchange.extent() == (len(moved), sum(abs(one.after - one.before) for one in moved))


@given(cases())
def test_exchange_gives_the_new_order_in_shares(case: Case) -> None:
    shares = list(ladder(case.before).exchange(case.changed, come(case)).shares())

    assert [one.entry for share in shares for one in share] == list(ranks(case.after))
    assert [{case.after[one.entry] for one in share} for share in shares] == [
        {side} for side in sorted(set(case.after.values()), reverse=True)
    ]


@given(cases())
def test_level_at_which_nobody_left_or_came_is_in_order_as_before(case: Case) -> None:
    made = ladder(case.before)
    exchange = made.exchange(case.changed, come(case))

    levels = {level[0].height[0]: [one.entry for one in level] for level in exchange.levels()}

    assert list(levels) == sorted({score for score, _ in case.after.values()}, reverse=True)
    for score, level in levels.items():
        assert set(level) == {entry for entry, side in case.after.items() if side[0] == score}
        if score not in exchange.touched():
            assert level == [one.entry for one in made.rungs if one.height[0] == score]


@given(cases())
def test_ladder_is_as_before_after_an_exchange(case: Case) -> None:
    made = ladder(case.before)
    exchange = made.exchange(case.changed, come(case))
    list(exchange.shares())
    list(exchange.moves())

    assert dict(zip([one.entry for one in made.rungs], made.ranks, strict=True)) == ranks(case.before)


def test_figures_are_asked_for_only_where_scores_are_equal() -> None:
    asked = []

    def one(entry: str, score: int) -> Rung:
        def figures() -> Figures:
            asked.append(entry)
            return (Fraction(0),)

        return Rung(entry, (score, Fraction(score)), figures)

    made = Ladder([[one("e-a", 9)], [one("e-b", 7)], [one("e-c", 5)]])

    assert made.exchange({"e-a"}, [one("e-a", 6)]).ranks() == {"e-a": 2}
    assert made.exchange({"e-b"}, [one("e-b", 7)]).ranks() == {"e-b": 2}
    assert asked == []
    assert made.exchange({"e-a"}, [one("e-a", 7)]).ranks() == {"e-a": 1}
    assert sorted(asked) == ["e-a", "e-b"]


def test_first_places_are_told_without_the_rest() -> None:
    asked = []

    def figures(entry: str) -> Figures:
        asked.append(entry)
        return (Fraction(0),)

    tied = [Rung(entry, height((1, 0)), partial(figures, entry)) for entry in ("e-c", "e-d")]
    made = Ladder([[rung("e-a", (3, 0))], [rung("e-b", (2, 0))], tied])

    shares = made.exchange((), ()).shares()

    assert [one.entry for one in next(shares)] == ["e-a"]
    assert asked == []
