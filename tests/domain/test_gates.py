"""Gates and quotas: who goes on, what stops the others."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.gates import advancing, gate_problem, passes
from judging.domain.rules import Board, Gate, GateScope
from judging.domain.values import Score, Standing
from tests.domain.builders import D, a_round, lam_dong_rubric, places, quota, some_rules


def gate(**changes: Any) -> Gate:
    return Gate(**{"key": "floor", "label": "Floor", "scope": GateScope.ADVANCE, "round": "final", **changes})


def with_score(value: Fraction | int | str, **more: Any) -> Standing:
    (standing,) = places({"e-a": 1})
    return replace(standing, score=Score(value=Fraction(value), used=3), **more)


@pytest.mark.parametrize(("score", "clears"), [("59.999999", False), (Fraction(179, 3), False), (60, True), (61, True)])
def test_passes_compares_exactly_and_takes_equality(score: Fraction | int | str, clears: bool) -> None:
    assert passes(gate(minimum=D(60)), with_score(score), a_round().rubric) is clears


def test_passes_of_a_criterion_gate_takes_the_mean_mark_before_the_coefficient() -> None:
    rubric = lam_dong_rubric()
    standing = with_score(80, criteria={"innovation": Fraction(14)}, lowest={"innovation": D(3), "risks": D(0)})

    assert passes(gate(criterion="innovation", minimum=D("3.5")), standing, rubric)
    assert not passes(gate(criterion="innovation", minimum=D("3.6")), standing, rubric)
    assert passes(gate(criterion="innovation", no_zero=True), standing, rubric)
    assert not passes(gate(no_zero=True), standing, rubric)
    assert not passes(gate(criterion="market"), standing, rubric)


def test_gate_problem_says_which_half_of_the_gate_stopped() -> None:
    rubric = lam_dong_rubric()
    both = gate(minimum=D(50), no_zero=True)

    assert "at least 50" in str(gate_problem(both, with_score(49, lowest={"risks": D(0)}), rubric))
    assert "mark of 0" in str(gate_problem(both, with_score(50, lowest={"risks": D(0)}), rubric))


def test_advancing_without_gate_or_quota_lets_everyone_go_on() -> None:
    standings = places({"e-a": 1, "e-b": 2})

    result = advancing(some_rules(), a_round(), standings)

    assert (result.advanced, result.stopped, result.ties) == (standings, {}, ())


def test_advancing_takes_gates_first_and_then_the_quota() -> None:
    judged = a_round(quota=quota(2))
    rules = some_rules(rounds=(judged,), gates=(gate(minimum=D(97)),))

    result = advancing(rules, judged, places({"e-a": 1, "e-b": 2, "e-c": 3, "e-d": 5}))

    assert [one.entry for one in result.advanced] == ["e-a", "e-b"]
    assert {entry: problem.code for entry, problem in result.stopped.items()} == {"e-c": "quota", "e-d": "gate"}


def test_advancing_leaves_gates_of_prizes_and_other_rounds_alone() -> None:
    first, final = a_round(key="first"), a_round()
    rules = some_rules(
        rounds=(first, final),
        gates=(gate(minimum=D(200)), gate(key="prize", scope=GateScope.PRIZE, round="first", minimum=D(200))),
    )

    assert len(advancing(rules, first, places({"e-a": 1, "e-b": 2})).advanced) == 2


def test_advancing_lets_a_tie_at_the_edge_go_on_and_reports_it() -> None:
    judged = a_round(quota=quota(2))

    result = advancing(some_rules(rounds=(judged,)), judged, places({"e-a": 1, "e-b": 2, "e-c": 2, "e-d": 4}))

    assert [one.entry for one in result.advanced] == ["e-a", "e-b", "e-c"]
    assert [problem.code for problem in result.ties] == ["tie-at-quota"]
    assert "e-b, e-c" in str(result.ties[0])


def test_advancing_counts_a_quota_for_each_board() -> None:
    by_category = a_round(quota=quota(1, board=Board.CATEGORY))
    standings = (*places({"e-a": 1, "e-b": 2}), *places({"e-c": 3, "e-d": 4}, category="b"))
    assert [one.entry for one in advancing(some_rules(rounds=(by_category,)), by_category, standings).advanced] == [
        "e-a",
        "e-c",
    ]

    by_division = a_round(quota=quota(1, board=Board.DIVISION))
    standings = (*places({"e-a": 1, "e-b": 2}, division="idea"), *places({"e-c": 3}, division="project"))
    rules = some_rules(rounds=(by_division,), divisions=("idea", "project"))
    assert [one.entry for one in advancing(rules, by_division, standings).advanced] == ["e-a", "e-c"]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=12), st.integers(1, 12))
def test_advancing_fills_the_quota_and_exceeds_it_only_by_a_reported_tie(levels: list[int], number: int) -> None:
    ranks = {f"e-{index:02}": 1 + sum(other < level for other in levels) for index, level in enumerate(levels)}
    judged = a_round(quota=quota(number))

    result = advancing(some_rules(rounds=(judged,)), judged, places(ranks))

    inside = {one.entry for one in result.advanced}
    assert len(inside) >= min(number, len(levels))
    assert (len(inside) > number) == bool(result.ties)
    assert inside | set(result.stopped) == set(ranks)
    assert not inside & set(result.stopped)
    worst = max(ranks[entry] for entry in inside)
    assert all(ranks[entry] > worst for entry in result.stopped)
