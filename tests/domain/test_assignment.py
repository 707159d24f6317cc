"""Plans: no conflict, no overload, everyone served where possible, loads even, orders counterbalanced."""

from collections import Counter
from collections.abc import Collection
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.assignment import JudgeSlot, Pair, PlanGoals, plan_assignment

UNLINKED = PlanGoals(link=False)
"""Joining judges by common entries comes before even loads: where these are what matters, it is left out."""

Instance = tuple[list[tuple[str, str]], list[JudgeSlot], int, frozenset[Pair], frozenset[Pair]]


def entries_of(number: int, panel: str = "a") -> list[tuple[str, str]]:
    return [(f"e-{panel}{index:03}", panel) for index in range(number)]


def judges_of(
    number: int, *, panels: Collection[str] = ("a",), capacity: int = 1000, start: int = 0
) -> list[JudgeSlot]:
    return [
        JudgeSlot(alias=f"j-{index:03}", panels=frozenset(panels), capacity=capacity)
        for index in range(start, start + number)
    ]


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    panels = ["a", "b", "c"]
    entries = [(f"e-{index}", draw(st.sampled_from(panels))) for index in range(draw(st.integers(0, 10)))]
    judges = [
        JudgeSlot(
            alias=f"j-{index}",
            panels=draw(st.frozensets(st.sampled_from(panels), max_size=2)),
            capacity=draw(st.integers(0, 8)),
        )
        for index in range(draw(st.integers(0, 6)))
    ]
    pairs = [(judge.alias, entry) for judge in judges for entry, _ in entries]
    some = st.frozensets(st.sampled_from(pairs), max_size=12) if pairs else st.just(frozenset())
    return entries, judges, draw(st.integers(1, 3)), draw(some), draw(some)


def brute_force_most(
    entries: list[tuple[str, str]],
    judges: list[JudgeSlot],
    per_entry: int,
    forbidden: frozenset[Pair],
    existing: frozenset[Pair],
) -> int:
    """The most places that can be filled: a plain augmenting search, one place at a time."""
    room = {judge.alias: judge.capacity - sum(pair[0] == judge.alias for pair in existing) for judge in judges}
    allowed = {
        entry: [
            judge.alias
            for judge in judges
            if (not judge.panels or panel in judge.panels)
            and (judge.alias, entry) not in forbidden
            and (judge.alias, entry) not in existing
        ]
        for entry, panel in entries
    }
    taken: dict[str, set[str]] = {judge: set() for judge in room}

    def give(entry: str, seen: set[str]) -> bool:
        for judge in allowed[entry]:
            if judge in seen or entry in taken[judge]:
                continue
            seen.add(judge)
            if len(taken[judge]) < room[judge]:
                taken[judge].add(entry)
                return True
            for other in sorted(taken[judge]):
                if give(other, seen):
                    taken[judge].remove(other)
                    taken[judge].add(entry)
                    return True
        return False

    return sum(
        give(entry, set())
        for entry, _ in entries
        for _ in range(per_entry - sum(pair[1] == entry for pair in existing))
    )


@given(instances())
def test_plans_respect_conflicts_panels_capacities_and_never_pair_twice(instance: Instance) -> None:
    entries, judges, per_entry, forbidden, existing = instance

    plan = plan_assignment(entries, judges, per_entry=per_entry, forbidden=forbidden, existing=existing)

    panel_of, slots = dict(entries), {judge.alias: judge for judge in judges}
    assert len(set(plan.pairs)) == len(plan.pairs)
    assert not set(plan.pairs) & forbidden
    assert not set(plan.pairs) & existing
    before = Counter(judge for judge, _ in existing)
    after = before + Counter(judge for judge, _ in plan.pairs)
    for judge, entry in plan.pairs:
        assert not slots[judge].panels or panel_of[entry] in slots[judge].panels
        assert after[judge] <= slots[judge].capacity
    assert dict(plan.load) == {judge: after[judge] for judge in slots}


@given(instances())
def test_plans_fill_as_many_places_as_possible_and_name_the_rest(instance: Instance) -> None:
    entries, judges, per_entry, forbidden, existing = instance

    plan = plan_assignment(entries, judges, per_entry=per_entry, forbidden=forbidden, existing=existing)

    assert len(plan.pairs) == brute_force_most(entries, judges, per_entry, forbidden, existing)
    counts = Counter(entry for _, entry in plan.pairs) + Counter(entry for _, entry in existing)
    assert {one.entry: one.missing for one in plan.unfilled} == {
        entry: per_entry - counts[entry] for entry, _ in entries if counts[entry] < per_entry
    }
    assert all(one.reason for one in plan.unfilled)


@given(instances())
def test_no_exchange_of_one_place_would_even_the_loads(instance: Instance) -> None:
    entries, judges, per_entry, forbidden, existing = instance

    plan = plan_assignment(entries, judges, per_entry=per_entry, forbidden=forbidden, existing=existing, goals=UNLINKED)

    panel_of = dict(entries)
    for judge, entry in plan.pairs:
        for other in judges:
            could = (not other.panels or panel_of[entry] in other.panels) and plan.load[other.alias] < other.capacity
            free = (other.alias, entry) not in forbidden | existing | set(plan.pairs)
            assert not (could and free and plan.load[other.alias] <= plan.load[judge] - 2)


@given(st.integers(1, 40), st.integers(3, 9), st.integers(1, 3))
def test_loads_of_one_panel_differ_by_one_at_most(entries: int, judges: int, per_entry: int) -> None:
    plan = plan_assignment(entries_of(entries), judges_of(judges), per_entry=per_entry, goals=UNLINKED)

    assert len(plan.pairs) == entries * per_entry
    assert max(plan.load.values()) - min(plan.load.values()) <= 1
    assert plan.unfilled == ()


def test_a_path_over_several_judges_evens_the_loads() -> None:
    # Panels overlap in a chain a-b, b-c: work of panel a can only move to the judge of c by way of the second judge.
    judges = [
        JudgeSlot(alias="j-1", panels=frozenset("a"), capacity=99),
        JudgeSlot(alias="j-2", panels=frozenset("ab"), capacity=99),
        JudgeSlot(alias="j-3", panels=frozenset("bc"), capacity=99),
    ]

    plan = plan_assignment([*entries_of(12, "a"), *entries_of(6, "b")], judges, per_entry=1)

    assert dict(plan.load) == {"j-1": 6, "j-2": 6, "j-3": 6}


def test_a_shortage_falls_on_all_alike() -> None:
    plan = plan_assignment(entries_of(10), judges_of(4, capacity=5), per_entry=3)

    assert set(Counter(entry for _, entry in plan.pairs).values()) == {2}
    assert {one.missing for one in plan.unfilled} == {1}
    assert {one.reason for one in plan.unfilled} == {"The judges who could score it have no room left."}


def test_unfilled_says_whether_judges_are_few_or_in_conflict() -> None:
    forbidden = {("j-000", "e-a000")}

    few = plan_assignment(entries_of(1), judges_of(2), per_entry=3)
    barred = plan_assignment(entries_of(1), judges_of(3), per_entry=3, forbidden=forbidden)

    assert [tuple(one) for one in few.unfilled] == [("e-a000", 1, "Its panel has too few judges.")]
    assert [tuple(one) for one in barred.unfilled] == [
        ("e-a000", 1, "Too few judges of its panel are free of conflicts.")
    ]


def test_an_entry_nobody_can_take_leaves_the_exchanges_of_others_alone() -> None:
    # j-2 is the freer for panel b and takes its entry first, but is the only one for panel c.
    judges = [
        JudgeSlot(alias="j-1", panels=frozenset("b"), capacity=2),
        JudgeSlot(alias="j-2", panels=frozenset("bc"), capacity=1),
    ]

    plan = plan_assignment(
        [("e-0", "a"), ("e-1", "b"), ("e-2", "c")], judges, per_entry=1, existing=frozenset({("j-1", "e-old")})
    )

    assert plan.pairs == (("j-1", "e-1"), ("j-2", "e-2"))
    assert [one.entry for one in plan.unfilled] == ["e-0"]


def test_existing_pairs_stay_and_count() -> None:
    existing = {("j-000", "e-a000"), ("j-000", "e-a001"), ("j-001", "e-a000")}

    plan = plan_assignment(entries_of(3), judges_of(3), per_entry=2, existing=existing)

    assert not set(plan.pairs) & existing
    assert len(plan.pairs) == 3
    assert dict(plan.load) == {"j-000": 2, "j-001": 2, "j-002": 2}


def test_a_judge_without_panels_scores_all() -> None:
    judges = [JudgeSlot(alias="j-1", capacity=9)]

    assert len(plan_assignment([*entries_of(2, "a"), *entries_of(2, "b")], judges, per_entry=1).pairs) == 4


@given(st.integers(2, 8), st.integers(0, 12))
def test_orders_begin_at_different_entries(judges: int, more: int) -> None:
    plan = plan_assignment(entries_of(judges + more), judges_of(judges), per_entry=judges)

    assert len({order[0] for order in plan.order.values()}) == judges
    assert {(judge, entry) for judge, order in plan.order.items() for entry in order} == set(plan.pairs)
    assert all(len(set(order)) == len(order) for order in plan.order.values())


def test_orders_run_both_ways() -> None:
    plan = plan_assignment(entries_of(6), judges_of(2), per_entry=2)

    steps = {judge: Counter(later > former for former, later in pairwise(order)) for judge, order in plan.order.items()}
    assert steps["j-000"][True] > steps["j-000"][False]
    assert steps["j-001"][False] > steps["j-001"][True]


@given(instances(), st.randoms(use_true_random=False))
def test_plans_do_not_depend_on_the_order_of_input(instance: Instance, random: Random) -> None:
    entries, judges, per_entry, forbidden, existing = instance
    shuffled_entries, shuffled_judges = random.sample(entries, len(entries)), random.sample(judges, len(judges))

    assert plan_assignment(
        shuffled_entries, shuffled_judges, per_entry=per_entry, forbidden=forbidden, existing=existing
    ) == plan_assignment(entries, judges, per_entry=per_entry, forbidden=forbidden, existing=existing)


@pytest.mark.parametrize("number", [12, 30, 128])
def test_judges_of_a_panel_are_linked_by_common_entries(number: int) -> None:
    plan = plan_assignment(entries_of(number), judges_of(6), per_entry=3)

    by_entry: dict[str, set[str]] = {}
    for judge, entry in plan.pairs:
        by_entry.setdefault(entry, set()).add(judge)
    linked = by_entry.popitem()[1]
    while more := next((judges for judges in by_entry.values() if judges & linked and not judges <= linked), None):
        linked |= more
    assert len(linked) == 6


def test_no_entries_and_no_judges_are_plans_too() -> None:
    assert plan_assignment([], judges_of(2), per_entry=3).pairs == ()
    assert [one.missing for one in plan_assignment(entries_of(1), [], per_entry=3).unfilled] == [3]
