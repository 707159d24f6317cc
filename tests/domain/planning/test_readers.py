"""Common entries: read by everybody of a panel, or by one of every other panel, and never at the price of a place."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from judging.domain.assignment import JudgeSlot, Plan, plan_assignment
from judging.domain.planned import Wishes


def panel_plan(*, wishes: Wishes, capacity: int = 20, per_entry: int = 2) -> Plan:
    entries = [(f"e-{panel}{at}", panel) for panel in "ab" for at in range(6)]
    judges = [
        JudgeSlot(alias=f"j-{panel}{at}", panels=frozenset(panel), capacity=capacity)
        for panel in "ab"
        for at in range(4)
    ]
    return plan_assignment(entries, judges, per_entry=per_entry, wishes=wishes)


def readers(plan: Plan) -> Counter[str]:
    return Counter(entry for _, entry in plan.pairs)


def test_common_entries_are_read_by_everybody_of_their_panel() -> None:
    plan = panel_plan(wishes=Wishes(common=1))

    assert sorted(readers(plan).values()) == [2] * 10 + [4, 4]
    assert plan.unfilled == ()


def test_entries_across_are_read_by_one_of_every_other_panel_which_joins_them() -> None:
    plan = panel_plan(wishes=Wishes(across=1))

    assert sorted(readers(plan).values()) == [2] * 10 + [3, 3]
    outside = [(judge, entry) for judge, entry in plan.pairs if judge[2] != entry[2]]
    assert sorted(entry[2] for _, entry in outside) == ["a", "b"]
    assert plan.is_linked
    assert not panel_plan(wishes=Wishes()).is_linked


@settings(max_examples=20)
@given(st.integers(1, 8), st.integers(0, 3), st.integers(0, 3))
def test_common_entries_take_no_place_from_others(capacity: int, common: int, across: int) -> None:
    plain = panel_plan(wishes=Wishes(), capacity=capacity)
    plan = panel_plan(wishes=Wishes(common=common, across=across), capacity=capacity)

    assert sum(one.missing for one in plan.unfilled) == sum(one.missing for one in plain.unfilled)
    assert len(set(plan.pairs)) == len(plan.pairs)
    assert max(plan.load.values()) <= capacity


def test_conflicts_hold_for_readings_across_too() -> None:
    entries = [("e-1", "a"), ("e-2", "b")]
    judges = [
        JudgeSlot(alias="j-1", panels=frozenset("a"), capacity=5),
        JudgeSlot(alias="j-2", panels=frozenset("b"), capacity=5),
    ]

    plan = plan_assignment(entries, judges, per_entry=1, wishes=Wishes(across=1), forbidden=frozenset({("j-2", "e-1")}))

    assert plan.pairs == (("j-1", "e-1"), ("j-1", "e-2"), ("j-2", "e-2"))
