"""Aggregators: exact, independent of order, never lowered by a higher mark."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.rules import GapRule
from judging.domain.scoring import find_aggregator, gap, gaps_over_limit
from judging.domain.values import Ballot
from tests.domain.builders import AGGREGATORS, D, a_round, ballot, ballots_on, coarse_rubric, rich_rubric


def sheets(*totals: int | str, entry: str = "e-1") -> list[Ballot]:
    return [ballot(f"j-{number}", entry, novelty=0, effect=str(total)) for number, total in enumerate(totals)]


def test_mean_of_three_is_exact() -> None:
    score = AGGREGATORS["mean"].combine(a_round(), sheets(10, 20, 21))["e-1"]

    assert score.value == Fraction(51, 3) == 17
    assert AGGREGATORS["mean"].combine(a_round(), sheets(10, 10, 11))["e-1"].value == Fraction(31, 3)
    assert (score.used, score.unused) == (3, 0)


def test_mean_of_three_thirds_is_a_whole() -> None:
    rubric = rich_rubric()
    marks: dict[str, Any] = {"idea.new": 4, "idea.useful": 3, "talk": 5, "answers": 2}
    ballots = [ballot(f"j-{number}", "e-1", **marks) for number in range(3)]

    assert AGGREGATORS["mean"].combine(a_round(rubric), ballots)["e-1"].value == 100


def test_trimmed_mean_drops_one_highest_and_one_lowest_of_five() -> None:
    score = AGGREGATORS["trimmed-mean"].combine(a_round(), sheets(0, 10, 20, 30, 70))["e-1"]

    assert (score.value, score.used, score.unused) == (20, 3, 2)


def test_trimmed_mean_of_four_is_the_mean_and_says_so() -> None:
    score = AGGREGATORS["trimmed-mean"].combine(a_round(), sheets(0, 10, 20, 70))["e-1"]

    assert (score.value, score.used, score.unused) == (25, 4, 0)
    assert "fewer than five" in score.explanation


@pytest.mark.parametrize(("totals", "median"), [((5, 70, 1), 5), ((1, 2, 5, 70), Fraction(7, 2)), ((9,), 9)])
def test_median_is_the_middle_or_the_mean_of_two(totals: tuple[int, ...], median: Fraction | int) -> None:
    assert AGGREGATORS["median"].combine(a_round(), sheets(*totals))["e-1"].value == median


def test_consensus_takes_the_agreed_sheet_alone() -> None:
    agreed = ballot("j-9", "e-1", novelty=0, effect=50, consensus=True)

    score = AGGREGATORS["consensus"].combine(a_round(), [*sheets(10, 20), agreed])["e-1"]

    assert (score.value, score.used, score.unused) == (50, 1, 2)


def test_consensus_without_an_agreed_sheet_is_the_mean_and_says_so() -> None:
    score = AGGREGATORS["consensus"].combine(a_round(), sheets(10, 20))["e-1"]

    assert (score.value, score.used, score.unused) == (15, 2, 0)
    assert "No consensus sheet" in score.explanation


@pytest.mark.parametrize("key", ["mean", "median", "trimmed-mean"])
def test_other_aggregators_leave_a_consensus_sheet_out(key: str) -> None:
    agreed = ballot("j-9", "e-1", novelty=0, effect=70, consensus=True)

    score = AGGREGATORS[key].combine(a_round(), [*sheets(10, 20), agreed])["e-1"]

    assert (score.value, score.used, score.unused) == (15, 2, 1)


@pytest.mark.parametrize("key", sorted(AGGREGATORS))
@given(st.data())
def test_aggregators_do_not_depend_on_the_order_of_sheets(key: str, data: st.DataObject) -> None:
    judged = a_round(coarse_rubric(), aggregator=key)
    ballots = data.draw(ballots_on(judged.rubric, consensus=True))
    shuffled = data.draw(st.permutations(ballots))

    assert AGGREGATORS[key].combine(judged, shuffled) == AGGREGATORS[key].combine(judged, ballots)


@pytest.mark.parametrize("key", sorted(AGGREGATORS))
@given(st.data())
def test_aggregators_answer_between_the_lowest_and_the_highest_sheet(key: str, data: st.DataObject) -> None:
    judged = a_round(coarse_rubric(), aggregator=key)
    ballots = data.draw(ballots_on(judged.rubric))

    scores = AGGREGATORS[key].combine(judged, ballots)

    assert set(scores) == {one.entry for one in ballots}
    for entry, score in scores.items():
        totals = [one.marks["novelty"] * D("1.5") + one.marks["effect"] for one in ballots if one.entry == entry]
        assert min(totals) <= score.value <= max(totals)
        assert score.used + score.unused == len(totals)


def test_gap_is_the_highest_minus_the_lowest_total() -> None:
    assert gap(a_round(), sheets(10, 45, 20)) == 35
    assert gap(a_round(), sheets(10)) == 0
    assert gap(a_round(), []) == 0
    assert gap(a_round(), [*sheets(10, 20), ballot("j-9", "e-1", novelty=0, effect=70, consensus=True)]) == 10


def test_gaps_over_limit_names_only_what_is_above_the_limit() -> None:
    ballots = [*sheets(10, 30), *sheets(10, "30.5", entry="e-2")]

    assert gaps_over_limit(a_round(), ballots) == {"e-2": Fraction(41, 2)}
    assert gaps_over_limit(a_round(gap_rule=GapRule.OFF), ballots) == {}


def test_find_aggregator_prefers_the_core() -> None:
    own = AGGREGATORS["mean"]

    assert find_aggregator("mean") is own
    assert find_aggregator("mean", {"mean": AGGREGATORS["median"]}) is own
    assert find_aggregator("calibrated") is None
