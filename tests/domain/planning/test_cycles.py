"""Judges who are contestants read nobody in a round of two or of three, who would read them in turn (T14)."""

from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.domain.assignment import JudgeSlot, Pair, Plan, plan_assignment
from judging.domain.planned import Wishes
from judging.domain.planning.cycles import short_cycles


def closed(plan: Plan, authors: dict[str, frozenset[str]]) -> int:
    """Rounds of two and three by looking at everybody with everybody."""
    owner = {entry: judge for judge, entries in authors.items() for entry in entries}
    reads = {(judge, owner[entry]) for judge, entry in plan.pairs if entry in owner}
    people = sorted(authors)
    twos = sum({(a, b), (b, a)} <= reads for a, b in permutations(people, 2)) // 2
    return twos + sum({(a, b), (b, c), (c, a)} <= reads for a, b, c in permutations(people, 3)) // 3


def peers(
    number: int, *, capacity: int = 99
) -> tuple[list[tuple[str, str]], list[JudgeSlot], dict[str, frozenset[str]]]:
    names = [f"p-{at:02}" for at in range(number)]
    return (
        [(f"e-{name}", "") for name in names],
        [JudgeSlot(alias=name, capacity=capacity) for name in names],
        {name: frozenset({f"e-{name}"}) for name in names},
    )


@pytest.mark.parametrize("block", range(10))
def test_a_thousand_draws_close_no_round_and_give_nobody_their_own_entry(block: int) -> None:
    for seed in range(100 * block, 100 * block + 100):
        random = Random(seed)
        per_entry = random.randint(1, 2)
        # In a ring of so many, everybody can read the next ones and no two or three ever close.
        entries, judges, authors = peers(random.randint(3 * per_entry + 1, 9), capacity=random.choice([per_entry, 99]))
        judges += [JudgeSlot(alias=f"q-{at}", capacity=2) for at in range(random.randint(0, 2))]
        affinity: dict[Pair, float] = {}
        if seed % 2:
            affinity = {(slot.alias, entry): random.random() for slot in judges for entry, _ in entries}

        plan = plan_assignment(
            entries,
            judges,
            per_entry=per_entry,
            authors=authors,
            wishes=Wishes(affinity=affinity) if affinity else None,
        )

        assert (closed(plan, authors), plan.cycles, plan.unfilled) == (0, (), ()), seed
        assert not {(judge, entry) for judge, own in authors.items() for entry in own} & set(plan.pairs), seed


def test_sixty_peers_with_four_readers_each_close_no_round() -> None:
    entries, judges, authors = peers(60, capacity=5)

    plan = plan_assignment(entries, judges, per_entry=4, authors=authors)

    assert (closed(plan, authors), plan.unfilled) == (0, ())
    assert max(plan.load.values()) <= 5


def test_a_round_that_cannot_be_avoided_is_told() -> None:
    entries, judges, authors = peers(2)

    plan = plan_assignment(entries, judges, per_entry=1, authors=authors)

    assert plan.cycles == (("p-00", "p-01"),)
    assert plan.unfilled == ()


def test_pairs_that_exist_are_part_of_rounds() -> None:
    entries, judges, authors = peers(4)
    existing = frozenset({("p-00", "e-p-01")})

    plan = plan_assignment(entries, judges, per_entry=1, authors=authors, existing=existing)

    assert ("p-01", "e-p-00") not in plan.pairs
    assert plan.cycles == ()


@settings(max_examples=50)
@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20))
def test_short_cycles_are_found_each_once(edges: set[tuple[int, int]]) -> None:
    found = short_cycles(edges)

    twos = {frozenset({(a, b), (b, a)}) for a, b in permutations(range(7), 2) if {(a, b), (b, a)} <= edges}
    threes = {
        frozenset({(a, b), (b, c), (c, a)})
        for a, b, c in permutations(range(7), 3)
        if {(a, b), (b, c), (c, a)} <= edges
    }
    assert {frozenset(one) for one in found} == twos | threes
    assert len(found) == len(twos) + len(threes)
