"""Prizes: by level and board, never more than planned, never by lot, empty levels normal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.awards import AwardPlan, EmptyPlaces, check_grants, fill_levels, grant_awards, prize_gates
from judging.domain.rules import Award, Board, ContestRules, Gate, GateScope
from judging.domain.values import Grant, Standing
from tests.domain.builders import D, a_round, places, some_rules

LANG_SON = (
    Award(key="first", label="First prize", planned=1),
    Award(key="second", label="Second prize", planned=2),
    Award(key="third", label="Third prize", planned=3),
    Award(key="consolation", label="Consolation prize", planned=15),
    Award(key="youngest", label="Youngest author", planned=1, special=True),
)


def straight(number: int) -> tuple[Standing, ...]:
    return places({f"e-{place:02}": place for place in range(1, number + 1)})


def gate(**changes: Any) -> Gate:
    return Gate(**{"key": "floor", "label": "Floor", "scope": GateScope.PRIZE, "round": "final", **changes})


def level_counts(plan: AwardPlan) -> dict[str, int]:
    return dict(Counter(grant.level for grant in plan.grants))


def test_grant_awards_fills_levels_in_order() -> None:
    plan = grant_awards(some_rules(awards=LANG_SON), straight(30))

    assert level_counts(plan) == {"first": 1, "second": 2, "third": 3, "consolation": 15}
    assert [grant.entry for grant in plan.grants] == [f"e-{place:02}" for place in range(1, 22)]
    assert (plan.empty, plan.unresolved) == ((), ())


def test_grant_awards_with_too_few_entries_leaves_places_empty() -> None:
    plan = grant_awards(some_rules(awards=LANG_SON), straight(4))

    assert level_counts(plan) == {"first": 1, "second": 2, "third": 1}
    assert plan.empty == (EmptyPlaces("third", "", 2), EmptyPlaces("consolation", "", 15))
    assert plan.unresolved == ()


def test_grant_awards_leaves_the_first_prize_empty_when_nobody_clears_its_gate() -> None:
    gates = (gate(key="excellent", scope=GateScope.LEVEL, level="first", minimum=D(101)), gate(minimum=D(98)))

    plan = grant_awards(some_rules(awards=LANG_SON, gates=gates), straight(5))

    assert [(grant.entry, grant.level) for grant in plan.grants] == [
        ("e-01", "second"),
        ("e-02", "second"),
        ("e-03", "third"),
    ]
    assert plan.empty[0] == EmptyPlaces("first", "", 1)


def test_grant_awards_by_category_and_division() -> None:
    awards = (Award(key="first", label="First", planned=1, board=Board.CATEGORY),)
    standings = (*places({"e-a": 1, "e-b": 2}), *places({"e-c": 3}, category="b"))

    plan = grant_awards(some_rules(awards=awards), standings)
    assert [(grant.entry, grant.board) for grant in plan.grants] == [("e-a", "a"), ("e-c", "b")]

    awards = (replace(awards[0], board=Board.DIVISION),)
    standings = (*places({"e-a": 1, "e-b": 2}, division="idea"), *places({"e-none": 3}))
    plan = grant_awards(some_rules(awards=awards, divisions=("idea", "project")), standings)
    assert [(grant.entry, grant.board) for grant in plan.grants] == [("e-a", "idea")]
    assert plan.empty == (EmptyPlaces("first", "project", 1),)


def test_grant_awards_leaves_a_tie_at_the_last_place_to_a_vote_and_lower_levels_wait() -> None:
    plan = grant_awards(some_rules(awards=LANG_SON), places({"e-a": 1, "e-b": 2, "e-c": 3, "e-d": 3, "e-e": 5}))

    assert [(grant.entry, grant.level) for grant in plan.grants] == [("e-a", "first"), ("e-b", "second")]
    assert [(problem.code, problem.where) for problem in plan.unresolved] == [
        ("tie-at-level", "second"),
        ("waits-for-vote", "third"),
        ("waits-for-vote", "consolation"),
    ]
    assert "e-c, e-d" in str(plan.unresolved[0])
    assert plan.empty == ()


def test_grant_awards_gives_a_tie_that_fits_the_level() -> None:
    plan = grant_awards(some_rules(awards=LANG_SON), places({"e-a": 1, "e-b": 2, "e-c": 2, "e-d": 4}))

    assert [(grant.entry, grant.level) for grant in plan.grants][:3] == [
        ("e-a", "first"),
        ("e-b", "second"),
        ("e-c", "second"),
    ]
    assert plan.unresolved == ()


def test_grant_awards_goes_on_where_a_waiting_tie_does_not_reach() -> None:
    awards = (
        Award(key="grand", label="Grand", planned=1),
        Award(key="first", label="First", planned=1, board=Board.CATEGORY),
    )
    standings = (*places({"e-a": 1, "e-b": 1}), *places({"e-c": 3}, category="b"))

    plan = grant_awards(some_rules(awards=awards), standings)

    assert [(grant.entry, grant.level, grant.board) for grant in plan.grants] == [("e-c", "first", "b")]
    assert [problem.params["board"] for problem in plan.unresolved] == ["", "A"]


def test_grant_awards_holds_gates_of_an_earlier_round_against_its_standings() -> None:
    rules = some_rules(
        rounds=(a_round(key="first"), a_round()), awards=LANG_SON, gates=(gate(round="first", minimum=D(100)),)
    )
    earlier = {one.entry: one for one in places({"e-02": 1, "e-01": 7})}

    assert [grant.entry for grant in grant_awards(rules, straight(2), by_round={"first": earlier}).grants] == ["e-02"]
    blind = grant_awards(rules, straight(2))
    assert blind.grants == ()
    assert [problem.code for problem in blind.unresolved] == ["gate-without-round"]


def test_fill_levels_asks_for_no_more_than_it_takes() -> None:
    asked = []

    def candidates(award: Award, board: str) -> Iterator[Sequence[str]]:
        for number in range(1_000):
            asked.append((award.key, board, number))
            yield [f"e-{number}"]

    awards = (Award(key="first", label="First", planned=1), Award(key="none", label="None", planned=0))

    plan = fill_levels(some_rules(awards=awards), candidates)

    assert [(grant.entry, grant.level) for grant in plan.grants] == [("e-0", "first")]
    assert asked == [("first", "", 0)]


def test_fill_levels_passes_over_whoever_has_a_prize() -> None:
    awards = (Award(key="first", label="First", planned=1), Award(key="second", label="Second", planned=2))

    plan = fill_levels(some_rules(awards=awards), lambda _award, _board: [["e-a"], ["e-b", "e-c"], ["e-d"]])

    assert [(grant.entry, grant.level) for grant in plan.grants] == [
        ("e-a", "first"), ("e-b", "second"), ("e-c", "second"),
    ]  # fmt: skip


def test_prize_gates_are_those_of_every_prize_and_of_the_level() -> None:
    first, second = Award(key="first", label="First", planned=1), Award(key="second", label="Second", planned=1)
    every = gate(key="every")
    best = gate(key="best", scope=GateScope.LEVEL, level="first")
    onward = gate(key="onward", scope=GateScope.ADVANCE)
    rules = some_rules(awards=(first, second), gates=(every, best, onward))

    assert prize_gates(rules, first) == [every, best]
    assert prize_gates(rules, second) == [every]


@st.composite
def contests(draw: st.DrawFn) -> tuple[ContestRules, tuple[Standing, ...]]:
    """Rules and standings with ties, on two categories, with a gate now and then."""
    boards = st.sampled_from([Board.CONTEST, Board.CATEGORY])
    awards = tuple(
        Award(key=f"level-{index}", label=f"Level {index}", planned=draw(st.integers(0, 4)), board=draw(boards))
        for index in range(draw(st.integers(1, 4)))
    )
    levels = draw(st.lists(st.integers(1, 8), max_size=14))
    ranks = {f"e-{index:02}": 1 + sum(other < level for other in levels) for index, level in enumerate(levels)}
    standings = tuple(replace(standing, category=draw(st.sampled_from(["a", "b"]))) for standing in places(ranks))
    gates = (gate(minimum=D(draw(st.integers(85, 101)))),) if draw(st.booleans()) else ()
    return some_rules(awards=awards, gates=gates), standings


@given(contests())
def test_prizes_never_exceed_the_plan_and_no_entry_has_two(contest: tuple[ContestRules, tuple[Standing, ...]]) -> None:
    rules, standings = contest

    plan = grant_awards(rules, standings)

    planned = {award.key: award.planned for award in rules.awards}
    given_by_board = Counter((grant.level, grant.board) for grant in plan.grants)
    assert all(count <= planned[level] for (level, _), count in given_by_board.items())
    assert len({grant.entry for grant in plan.grants}) == len(plan.grants)
    assert check_grants(rules, standings, plan.grants) == ()
    assert all(given_by_board[level, board] + left == planned[level] for level, board, left in plan.empty)


def test_a_place_that_a_vote_may_free_keeps_lower_levels_of_other_boards_waiting() -> None:
    rules = some_rules(
        awards=(
            Award(key="first", label="First", planned=1),
            Award(key="second", label="Second", planned=2),
            Award(key="third", label="Third", planned=1, board=Board.CATEGORY),
        )
    )
    standings = (*places({"e-00": 1, "e-01": 1}), *places({"e-02": 3}, category="b"))
    # Whichever of the two wins the first prize, e-02 wins a second one, and never the third of its category.
    assert grant_awards(rules, standings).grants == ()


@given(contests(), st.data())
def test_any_vote_on_the_ties_keeps_every_prize_already_given(
    contest: tuple[ContestRules, tuple[Standing, ...]], data: st.DataObject
) -> None:
    rules, standings = contest
    order = {entry: place for place, entry in enumerate(data.draw(st.permutations([one.entry for one in standings])))}
    voted = sorted(standings, key=lambda one: (one.rank, order[one.entry]))
    parted = [replace(one, rank=place, shared=False) for place, one in enumerate(voted, start=1)]

    before = grant_awards(rules, standings)
    after = grant_awards(rules, parted)

    assert after.unresolved == ()
    assert set(before.grants) <= set(after.grants)


@given(contests())
def test_a_lower_rank_of_the_same_board_never_wins_more(contest: tuple[ContestRules, tuple[Standing, ...]]) -> None:
    rules, standings = contest
    contest_wide = replace(rules, awards=tuple(replace(award, board=Board.CONTEST) for award in rules.awards))

    plan = grant_awards(contest_wide, standings)

    order = {award.key: place for place, award in enumerate(rules.awards)}
    ranks = {one.entry: one.rank for one in standings}
    won = sorted((ranks[grant.entry], order[grant.level]) for grant in plan.grants)
    assert [level for _, level in won] == sorted(level for _, level in won)


@pytest.mark.parametrize(
    ("grants", "codes"),
    [
        ([("e-01", "first", "")], []),
        ([("e-05", "first", "")], []),
        ([("e-01", "fourth", "")], ["level-unknown"]),
        ([("e-99", "first", "")], ["entry-unknown"]),
        ([("e-99", "youngest", "")], []),
        ([("e-01", "first", "a")], ["board-wrong"]),
        ([("e-01", "first", ""), ("e-02", "first", "")], ["too-many"]),
        ([("e-01", "first", ""), ("e-01", "second", "")], ["twice"]),
        ([("e-01", "first", ""), ("e-01", "youngest", "")], []),
        ([("e-06", "third", "")], ["gate"]),
    ],
)
def test_check_grants_names_every_reason(grants: list[tuple[str, str, str]], codes: list[str]) -> None:
    rules = some_rules(awards=LANG_SON, gates=(gate(minimum=D(96)),))

    problems = check_grants(
        rules, straight(8), [Grant(entry=entry, level=level, board=board) for entry, level, board in grants]
    )

    assert [problem.code for problem in problems] == codes
    assert all(str(problem) for problem in problems)
