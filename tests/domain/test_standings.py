"""Standings: exact ranks, declared tie-breaks that say what decided, no effect of order, no harm from a higher mark."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.standings import CORE_TIE_BREAKERS, criterion_tie_breaker, resolve_tie_breakers
from judging.domain.strategies import TieBreaker
from judging.domain.values import Ballot, Score
from judging.errors import RulesError
from tests.domain.builders import (
    AGGREGATORS,
    D,
    a_round,
    ballot,
    ballots_on,
    coarse_rubric,
    marks_of,
    ranked,
    rich_rubric,
    some_rules,
)

CORE = {breaker.key: breaker for breaker in CORE_TIE_BREAKERS}


def one_sheet(**totals: tuple[int, int]) -> list[Ballot]:
    """An entry each, with (novelty, effect) of its only sheet."""
    return [ballot("j-1", f"e-{name}", novelty=novelty, effect=effect) for name, (novelty, effect) in totals.items()]


def test_compute_standings_ranks_by_exact_score() -> None:
    ballots = [
        *(ballot(f"j-{number}", "e-thirds", novelty=10, effect=effect) for number, effect in enumerate((0, 0, 1))),
        ballot("j-1", "e-half", novelty=10, effect="0.5"),
        ballot("j-1", "e-low", novelty=9, effect=1),
    ]

    standings = ranked(a_round(), ballots)

    assert [(one.entry, one.rank, one.score.value) for one in standings] == [
        ("e-half", 1, Fraction(21, 2)),
        ("e-thirds", 2, Fraction(31, 3)),
        ("e-low", 3, Fraction(10)),
    ]
    assert standings[1].criteria == {"novelty": 10, "effect": Fraction(1, 3)}
    assert standings[1].lowest == {"novelty": 10, "effect": 0}


def test_compute_standings_says_what_parted_equal_scores() -> None:
    standings = ranked(a_round(), one_sheet(a=(10, 20), b=(20, 10), c=(5, 0)))

    first, second, third = standings
    assert [one.entry for one in standings] == ["e-b", "e-a", "e-c"]
    assert [one.rank for one in standings] == [1, 2, 3]
    assert [(tie.key, tie.label, tie.own, tie.other, tie.other_entry, tie.ahead) for tie in first.tie] == [
        ("criterion:novelty", "Novelty", 20, 10, "e-a", True)
    ]
    assert [(tie.own, tie.other, tie.other_entry, tie.ahead) for tie in second.tie] == [(10, 20, "e-b", False)]
    assert third.tie == ()


def test_compute_standings_names_both_neighbours_of_a_middle_entry() -> None:
    standings = ranked(a_round(), one_sheet(a=(10, 20), b=(20, 10), c=(15, 15)))

    assert [one.entry for one in standings] == ["e-b", "e-c", "e-a"]
    assert [(tie.other_entry, tie.ahead) for tie in standings[1].tie] == [("e-b", False), ("e-a", True)]


def test_compute_standings_lets_what_nothing_parts_share_a_rank() -> None:
    standings = ranked(a_round(), one_sheet(d=(1, 1), c=(10, 20), b=(10, 20), a=(30, 0), z=(0, 30)))

    assert [(one.entry, one.rank, one.shared) for one in standings] == [
        ("e-a", 1, False),
        ("e-b", 2, True),
        ("e-c", 2, True),
        ("e-z", 4, False),
        ("e-d", 5, False),
    ]
    assert [tie.other_entry for tie in standings[2].tie] == ["e-a", "e-z"]


@pytest.mark.parametrize(
    ("key", "given_by"),
    [
        ("later-round", {"later": [{"e-a": Fraction(50), "e-b": Fraction(51)}, {"e-a": Fraction(99)}]}),
        ("earlier-round", {"earlier": [{"e-b": Fraction(1)}]}),
        ("chair-vote", {"votes": {"e-b": 1}}),
    ],
)
def test_core_tie_breakers_part_equal_entries(key: str, given_by: dict[str, Any]) -> None:
    ballots = one_sheet(a=(10, 20), b=(10, 20))

    standings = ranked(a_round(), ballots, tie_breakers=[CORE[key]], **given_by)

    assert [(one.entry, one.rank, one.shared) for one in standings] == [("e-b", 1, False), ("e-a", 2, False)]
    assert [tie.key for one in standings for tie in one.tie] == [key, key]


@pytest.mark.parametrize("key", sorted(CORE))
def test_core_tie_breakers_without_data_leave_the_tie(key: str) -> None:
    standings = ranked(a_round(), one_sheet(a=(10, 20), b=(10, 20)), tie_breakers=[CORE[key]])

    assert [(one.rank, one.shared) for one in standings] == [(1, True), (1, True)]


def test_tie_breakers_decide_in_the_declared_order() -> None:
    ballots = one_sheet(a=(10, 20), b=(20, 10))
    by_vote = [CORE["chair-vote"], criterion_tie_breaker([a_round()], "criterion:novelty")]

    standings = ranked(a_round(), ballots, tie_breakers=by_vote, votes={"e-a": 1})

    assert [one.entry for one in standings] == ["e-a", "e-b"]
    assert standings[0].tie[0].key == "chair-vote"


def test_compute_standings_leaves_out_entries_without_a_ballot_and_ballots_without_an_entry() -> None:
    ballots = one_sheet(a=(10, 20), stranger=(30, 70))

    standings = ranked(a_round(), ballots, entries={"e-a": ("b", "old"), "e-unjudged": ("a", None)})

    assert [(one.entry, one.rank, one.category, one.division) for one in standings] == [("e-a", 1, "b", "old")]


def test_compute_standings_of_nothing_is_empty() -> None:
    assert ranked(a_round(), []) == ()


def test_lowest_adds_sub_criteria_before_the_coefficient() -> None:
    judged = a_round(rich_rubric())
    first: dict[str, Any] = {"idea.new": 0, "idea.useful": 2, "talk": 2, "answers": 1}
    second: dict[str, Any] = {"idea.new": 4, "idea.useful": 0, "talk": 1, "answers": 0}
    ballots = [
        ballot("j-1", "e-a", **first),
        ballot("j-2", "e-a", **second),
    ]

    (standing,) = ranked(judged, ballots, tie_breakers=[])

    assert standing.lowest == {"idea": 2, "talk": 1, "answers": 0}
    assert standing.criteria == {"idea": 3, "talk": Fraction(9, 2), "answers": Fraction(1, 2)}


def test_resolve_tie_breakers_keeps_the_declared_order_and_takes_registered_ones() -> None:
    own = TieBreaker(key="youngest", label="Youngest", rank=lambda _: {})
    rules = some_rules(tie_breaks=("chair-vote", "criterion:novelty", "youngest", "later-round"))

    resolved = resolve_tie_breakers(rules, rules.rounds[0], {"youngest": own})

    assert [one.key for one in resolved] == ["chair-vote", "criterion:novelty", "youngest", "later-round"]
    assert resolved[1].label == "Novelty"


def test_resolve_tie_breakers_passes_over_a_criterion_of_another_round() -> None:
    rules = some_rules(
        rounds=(a_round(key="first"), a_round(rich_rubric())), tie_breaks=("criterion:novelty", "criterion:idea")
    )

    assert [one.key for one in resolve_tie_breakers(rules, rules.rounds[1], {})] == ["criterion:idea"]


def test_resolve_tie_breakers_refuses_what_nobody_offers() -> None:
    rules = some_rules(tie_breaks=("horoscope",))

    with pytest.raises(RulesError, match="horoscope"):
        resolve_tie_breakers(rules, rules.rounds[0], {})
    with pytest.raises(RulesError, match="criterion:beauty"):
        criterion_tie_breaker(rules.rounds, "criterion:beauty")


@pytest.mark.parametrize("key", sorted(AGGREGATORS))
@given(st.data())
def test_standings_do_not_depend_on_the_order_of_sheets(key: str, data: st.DataObject) -> None:
    judged = a_round(coarse_rubric(), aggregator=key)
    ballots = data.draw(ballots_on(judged.rubric, consensus=True))
    shuffled = data.draw(st.permutations(ballots))
    votes = data.draw(st.dictionaries(st.sampled_from(["e-0", "e-1", "e-2"]), st.integers(0, 2)))
    novelty = criterion_tie_breaker([judged], "criterion:novelty")
    breakers = [novelty, CORE["chair-vote"]]

    assert ranked(judged, shuffled, tie_breakers=breakers, votes=votes) == ranked(
        judged, ballots, tie_breakers=breakers, votes=votes
    )


@pytest.mark.parametrize("key", sorted(AGGREGATORS))
@given(st.data())
def test_ranks_count_who_stands_before(key: str, data: st.DataObject) -> None:
    judged = a_round(coarse_rubric(), aggregator=key)

    standings = ranked(judged, data.draw(ballots_on(judged.rubric)))

    ranks = [one.rank for one in standings]
    assert ranks == sorted(ranks)
    for one in standings:
        assert one.rank == 1 + sum(other.rank < one.rank for other in standings)
        assert one.shared == (ranks.count(one.rank) > 1)
        assert all(other.score.value > one.score.value or other.rank >= one.rank or one.tie for other in standings)


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 2)), min_size=2, max_size=8))
def test_order_is_exact_however_close_the_scores_are(offsets: list[tuple[int, int]]) -> None:
    # A plugin may combine sheets into any fraction: these differ behind the thirtieth place.
    close = {f"e-{index}": Fraction(70) + Fraction(step, 10**30 + third) for index, (step, third) in enumerate(offsets)}
    ballots = [ballot("j-1", entry, novelty=1, effect=1) for entry in close]
    scores = {entry: Score(value=value, used=1) for entry, value in close.items()}

    standings = ranked(a_round(), ballots, tie_breakers=[], scores=scores)

    assert [one.entry for one in standings] == sorted(sorted(close), key=lambda entry: close[entry], reverse=True)
    for one in standings:
        assert one.rank == 1 + sum(value > close[one.entry] for value in close.values())


@pytest.mark.parametrize("breaking", ["none", "criteria", "vote"])
@pytest.mark.parametrize("key", sorted(AGGREGATORS))
@given(st.data())
def test_a_higher_mark_never_lowers_a_rank(key: str, breaking: str, data: st.DataObject) -> None:
    judged = a_round(coarse_rubric(), aggregator=key)
    criteria = [criterion_tie_breaker([judged], f"criterion:{name}") for name in ("novelty", "effect")]
    breakers = {"none": [], "criteria": criteria, "vote": [CORE["chair-vote"], *criteria]}[breaking]
    votes = data.draw(st.dictionaries(st.sampled_from(["e-0", "e-1"]), st.integers(0, 1)))
    ballots = data.draw(ballots_on(judged.rubric, consensus=True))
    index = data.draw(st.integers(0, len(ballots) - 1))
    criterion = data.draw(st.sampled_from(judged.rubric.criteria))
    old = ballots[index]
    _, _, scale = criterion.scales[0]
    new = data.draw(marks_of(criterion, scale))
    raised = [*ballots]
    raised[index] = replace(old, marks={**old.marks, criterion.key: max(new, old.marks[criterion.key])})

    before = {one.entry: one for one in ranked(judged, ballots, tie_breakers=breakers, votes=votes)}
    after = {one.entry: one for one in ranked(judged, raised, tie_breakers=breakers, votes=votes)}

    assert after[old.entry].rank <= before[old.entry].rank
    assert after[old.entry].score.value >= before[old.entry].score.value
    for entry, standing in before.items():
        if entry != old.entry:
            assert after[entry].rank >= standing.rank
            assert after[entry].score == standing.score


@given(st.data())
def test_under_the_mean_a_higher_mark_raises_the_score(data: st.DataObject) -> None:
    judged = a_round(coarse_rubric())
    ballots = data.draw(ballots_on(judged.rubric).filter(lambda some: some[0].marks["novelty"] < 2))
    raised = [replace(ballots[0], marks={**ballots[0].marks, "novelty": ballots[0].marks["novelty"] + D(1)})]

    before = {one.entry: one.score.value for one in ranked(judged, ballots)}
    after = {one.entry: one.score.value for one in ranked(judged, [*raised, *ballots[1:]])}

    assert after["e-0"] > before["e-0"]
