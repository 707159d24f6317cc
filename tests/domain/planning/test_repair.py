"""Repair: no place unfilled that could be filled, and no more readings taken from anybody than it needs."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.domain.assignment import JudgeSlot, Pair, Repair, plan_assignment, repair_assignment
from judging.domain.planned import Wishes
from tests.domain.planning.cases import Small, small_cases


def mended(repair: Repair, current: frozenset[Pair]) -> set[Pair]:
    """The plan as it stands afterwards."""
    return (set(current) - set(repair.removed) - set(repair.lost)) | set(repair.plan.pairs)


def least_change(case: Small, stays: frozenset[Pair]) -> tuple[int, int]:
    """The most places that judges who stay can fill, and the fewest readings taken from them for it."""
    every = list(case.every_plan())
    most = max(map(len, every))
    return most, min(len(stays - set(one)) for one in every if len(one) == most)


@settings(max_examples=80)
@given(small_cases(entries=4, judges=4, per_entry=2), st.data())
def test_repair_fills_all_that_can_be_filled_and_moves_the_fewest(case: Small, data: st.DataObject) -> None:
    current = frozenset(case.plan().pairs)
    gone = data.draw(st.sets(st.sampled_from([slot.alias for slot in case.judges]), max_size=2))
    after = Small(
        entries=case.entries, judges=[slot for slot in case.judges if slot.alias not in gone],
        per_entry=case.per_entry, forbidden=case.forbidden, affinity=case.affinity,
    )  # fmt: skip

    repair = repair_assignment(
        after.entries, after.judges, per_entry=after.per_entry, current=current, forbidden=after.forbidden,
        wishes=Wishes(affinity=case.affinity),
    )  # fmt: skip

    stays = frozenset(pair for pair in current if pair[0] not in gone)
    now = mended(repair, current)
    assert (len(now), len(repair.removed)) == least_change(after, stays)
    assert now <= set(after.allowed)
    assert set(repair.lost) == current - stays
    counts = Counter(judge for judge, _ in now)
    assert all(counts[judge] <= room for judge, room in after.room.items())
    assert dict(repair.plan.load) == {judge: counts[judge] for judge in after.room}


def room(number: int, capacity: int = 30) -> list[JudgeSlot]:
    return [JudgeSlot(alias=f"j-{at:02}", capacity=capacity) for at in range(number)]


def test_a_judge_who_leaves_takes_no_other_reading_along() -> None:
    entries, judges = [(f"e-{at:03}", "a") for at in range(120)], room(15)
    current = frozenset(plan_assignment(entries, judges, per_entry=3).pairs)

    repair = repair_assignment(entries, judges[1:], per_entry=3, current=current)

    assert repair.removed == ()
    assert {judge for judge, _ in repair.lost} == {"j-00"}
    assert len(repair.plan.pairs) == len(repair.lost)
    assert repair.plan.unfilled == ()


def test_readings_that_have_begun_never_move() -> None:
    entries, judges = [("e-1", ""), ("e-2", "")], room(3, capacity=1)
    begun = frozenset({("j-01", "e-1")})

    repair = repair_assignment(
        entries, [judges[1], judges[2]], per_entry=1, current=frozenset({("j-00", "e-2"), *begun}), fixed=begun,
        wishes=Wishes(affinity={("j-02", "e-1"): 1.0}),
    )  # fmt: skip

    assert (repair.plan.pairs, repair.removed, repair.lost) == ((("j-02", "e-2"),), (), (("j-00", "e-2"),))


def test_a_late_judge_gets_the_least_number_and_nobody_moves_twice() -> None:
    entries, judges = [(f"e-{at:02}", "") for at in range(12)], room(3)
    current = frozenset(plan_assignment(entries, judges, per_entry=2).pairs)

    repair = repair_assignment(
        entries, [*judges, JudgeSlot(alias="j-late", capacity=30, least=6)], per_entry=2, current=current
    )

    assert repair.plan.load["j-late"] == 6
    assert len(repair.removed) == len(repair.plan.pairs) == 6
    assert {judge for judge, _ in repair.plan.pairs} == {"j-late"}
    # What the late judge takes off is taken off alike.
    assert sorted(Counter(judge for judge, _ in repair.removed).values()) == [2, 2, 2]


def test_a_judge_of_another_panel_keeps_what_the_office_gave() -> None:
    entries = [("e-1", "a"), ("e-2", "a")]
    judges = [
        JudgeSlot(alias="j-1", panels=frozenset("b"), capacity=5),
        JudgeSlot(alias="j-2", panels=frozenset("a"), capacity=5),
    ]

    repair = repair_assignment(entries, judges, per_entry=1, current=frozenset({("j-1", "e-1"), ("j-9", "e-2")}))

    assert (repair.plan.pairs, repair.removed, repair.lost) == ((("j-2", "e-2"),), (), (("j-9", "e-2"),))


def test_a_new_conflict_is_a_reading_lost() -> None:
    repair = repair_assignment(
        [("e-1", "")],
        room(2),
        per_entry=1,
        current=frozenset({("j-00", "e-1")}),
        forbidden=frozenset({("j-00", "e-1")}),
    )

    assert (repair.plan.pairs, repair.lost) == ((("j-01", "e-1"),), (("j-00", "e-1"),))


def test_more_readings_than_asked_for_may_stay() -> None:
    current = frozenset({("j-00", "e-1"), ("j-01", "e-1"), ("j-02", "e-1")})

    repair = repair_assignment([("e-1", ""), ("e-2", "")], room(3), per_entry=2, current=current)

    assert repair.removed == ()
    assert len(repair.plan.pairs) == 2
    assert repair.plan.unfilled == ()


def test_what_cannot_be_filled_is_told_as_in_a_plan() -> None:
    repair = repair_assignment([("e-1", "a")], room(1), per_entry=2, current=frozenset({("j-00", "e-1")}))

    assert [tuple(one) for one in repair.plan.unfilled] == [("e-1", 1, "Its panel has too few judges.")]


@pytest.mark.parametrize("gone", [1, 5])
def test_a_nation_loses_judges_and_nobody_else_moves_but_for_room(gone: int) -> None:
    entries, judges = [(f"e-{at:04}", f"p-{at % 8}") for at in range(600)], [
        JudgeSlot(alias=f"j-{at:03}", panels=frozenset({f"p-{at % 8}"}), capacity=13) for at in range(200)
    ]  # fmt: skip
    current = frozenset(plan_assignment(entries, judges, per_entry=4).pairs)

    repair = repair_assignment(entries, judges[gone:], per_entry=4, current=current)

    assert repair.plan.unfilled == ()
    assert repair.removed == ()
