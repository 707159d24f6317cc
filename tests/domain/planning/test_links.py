"""Judges are joined by common entries whenever the data allow it; where they do not, the missing readings are named."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.domain.assignment import JudgeSlot, Link, Plan, PlanGoals, plan_assignment
from judging.domain.planned import Wishes
from tests.domain.planning.cases import CORE, Small, parts, small_cases

LINKED = PlanGoals(even=False, lift=False, vary=False)


def fullest(case: Small) -> list[tuple[tuple[str, str], ...]]:
    """The plans that fill most places, a shortage falling on all alike."""
    every = [(one, _gaps(case, one)) for one in case.every_plan()]
    least = min(gaps for _, gaps in every)
    return [one for one, gaps in every if gaps == least]


def _gaps(case: Small, pairs: tuple[tuple[str, str], ...]) -> tuple[int, int]:
    counts = Counter(entry for _, entry in pairs)
    missing = [case.per_entry - counts[entry] for entry, _ in case.entries]
    return sum(missing), sum(one**2 for one in missing)


def told_parts(plan: Plan) -> int:
    return sum(map(len, plan.parts.values()))


@settings(max_examples=60)
@given(small_cases(entries=4, judges=4, per_entry=2))
def test_judges_are_joined_whenever_a_full_plan_joins_them_and_at_least_cost(case: Small) -> None:
    plan = case.plan(LINKED)

    readers = {judge for judge, _ in case.plan(CORE).pairs}
    joined = [one for one in fullest(case) if parts(one) <= 1 and readers <= {judge for judge, _ in one}]
    assert parts(plan.pairs) == told_parts(plan)
    assert len(plan.pairs) == len(case.plan(CORE).pairs)
    if joined:
        assert parts(plan.pairs) <= 1
        # Joined at a lower price still is whom a plan leaves out.
        assert plan.total >= max(sum(case.affinity[pair] for pair in one) for one in joined) - 1e-6


@given(small_cases(entries=8, judges=6, per_entry=3))
def test_suggested_readings_join_all_parts_and_are_as_few_as_can_be(case: Small) -> None:
    plan = case.plan()

    extra = [(link.judge, link.entry) for link in plan.suggestions]
    assert not set(extra) & (case.forbidden | set(plan.pairs))
    assert parts([*plan.pairs, *extra]) == parts(plan.pairs) - len(extra)
    if not case.forbidden:
        assert len(extra) == max(parts(plan.pairs) - 1, 0)


def test_two_panels_without_a_common_judge_need_one_reading_across() -> None:
    entries = [("e-1", "a"), ("e-2", "b")]
    judges = [
        JudgeSlot(alias="j-1", panels=frozenset("a"), capacity=1),
        JudgeSlot(alias="j-2", panels=frozenset("b"), capacity=5),
    ]

    plan = plan_assignment(entries, judges, per_entry=1)

    assert plan.parts == {"": (("j-1",), ("j-2",))}
    assert not plan.is_linked
    # The second judge has room left, so reading outside the panel is all that it takes.
    assert plan.suggestions == (Link(judge="j-2", entry="e-1", outside_panel=True, beyond_room=False),)


def test_groups_whose_scores_are_not_compared_need_no_link() -> None:
    entries = [("e-1", "a"), ("e-2", "b")]
    judges = [
        JudgeSlot(alias="j-1", panels=frozenset("a"), capacity=5),
        JudgeSlot(alias="j-2", panels=frozenset("b"), capacity=5),
    ]

    plan = plan_assignment(entries, judges, per_entry=1, groups={"e-1": "juniors", "e-2": "seniors"})

    assert plan.parts == {"juniors": (("j-1",),), "seniors": (("j-2",),)}
    assert plan.is_linked
    assert plan.suggestions == ()


def test_pairs_that_exist_are_links_too() -> None:
    entries = [("e-1", "a"), ("e-2", "b")]
    judges = [
        JudgeSlot(alias="j-1", panels=frozenset("a"), capacity=5),
        JudgeSlot(alias="j-2", panels=frozenset("b"), capacity=5),
    ]

    plan = plan_assignment(
        entries, judges, per_entry=2, existing=frozenset({("j-1", "e-1"), ("j-2", "e-1"), ("j-2", "e-2")})
    )

    assert plan.is_linked


@given(st.integers(3, 9), st.integers(2, 4), st.integers(1, 6))
def test_loads_are_uneven_only_where_linking_needs_it(judges: int, per_entry: int, spare: int) -> None:
    slots = [JudgeSlot(alias=f"j-{number}", capacity=99) for number in range(judges)]
    enough = -(-judges // (per_entry - 1)) + spare
    entries = [(f"e-{number:02}", "a") for number in range(enough)]

    plan = plan_assignment(entries, slots, per_entry=min(per_entry, judges))

    assert plan.is_linked
    assert max(plan.load.values()) - min(plan.load.values()) <= 2


def clusters(size: int) -> Plan:
    """Two sets of judges who each know their own half of the entries: the greatest total keeps them apart."""
    entries = [(f"e-{number:02}", "") for number in range(2 * size)]
    judges = [JudgeSlot(alias=f"j-{number:02}", capacity=size) for number in range(8)]
    affinity = {
        (slot.alias, entry): 1.0 if (at < size) == (number < 4) else 0.0
        for number, slot in enumerate(judges)
        for at, (entry, _) in enumerate(entries)
    }
    return plan_assignment(entries, judges, per_entry=3, wishes=Wishes(affinity=affinity))


@pytest.mark.parametrize("size", [6, 60])
def test_clusters_of_expertise_are_joined_for_the_price_of_one_exchange(size: int) -> None:
    plan = clusters(size)

    assert plan.optimum == 6 * size
    assert plan.is_linked
    assert plan.total >= plan.optimum - 2
    assert plan.unfilled == ()
