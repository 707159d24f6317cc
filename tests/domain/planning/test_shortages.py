"""Who falls short is named, and so is what to do."""

from judging.domain.assignment import JudgeSlot, Plan, plan_assignment


def told(plan: Plan) -> list[str]:
    return [str(one) for one in plan.advice]


def room(number: int, capacity: int = 9) -> list[JudgeSlot]:
    return [JudgeSlot(alias=f"j-{at}", panels=frozenset({"3"}), capacity=capacity) for at in range(number)]


def test_few_judges_of_a_panel_and_how_many_to_add() -> None:
    plan = plan_assignment([("e-17", "3")], room(1), per_entry=3)

    assert told(plan) == ["Entry e-17: panel 3 has 1 of the 3 judges wanted. Add 2 to that panel."]


def test_few_judges_without_conflict_and_how_many_to_add() -> None:
    forbidden = frozenset({("j-0", "e-17"), ("j-1", "e-17")})

    plan = plan_assignment([("e-17", "3")], room(4), per_entry=3, forbidden=forbidden)

    assert told(plan) == ["Entry e-17: 2 of the 3 judges wanted have no conflict. Add 1 to panel 3."]


def test_what_was_added_as_told_fills_the_place() -> None:
    forbidden = frozenset({("j-0", "e-17"), ("j-1", "e-17")})

    plan = plan_assignment([("e-17", "3")], room(5), per_entry=3, forbidden=forbidden)

    assert (plan.unfilled, plan.advice) == ((), ())


def test_a_full_panel_is_told_once_for_all_its_entries() -> None:
    plan = plan_assignment([("e-1", "3"), ("e-2", "3")], room(2, capacity=1), per_entry=2)

    assert told(plan) == [
        "Panel 3: its judges have no room left, and places stay empty: 2. Let them take that many more, or add a judge."
    ]


def test_judges_below_their_least_are_told_why() -> None:
    judges = [
        JudgeSlot(alias="j-1", capacity=1, least=2),
        JudgeSlot(alias="j-2", panels=frozenset({"9"}), capacity=9, least=1),
        JudgeSlot(alias="j-3", capacity=9, least=2),
    ]

    plan = plan_assignment([("e-1", "3"), ("e-2", "3")], judges, per_entry=1)

    assert told(plan) == [
        "Judge j-1: takes 1 at most, which is less than the least of 2. Change one of the two.",
        "Judge j-2: may score 0 of the least of 1. Add a panel, or lower the least number.",
        (
            "Judge j-3: gets 1 of the least of 2, for there is no more work. "
            "Lower the least number, or raise the judges for each entry."
        ),
    ]
