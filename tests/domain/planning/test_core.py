"""The core: exact totals, no conflict, no overload, nobody twice, whatever is asked besides."""

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.assignment import JudgeSlot, PlanGoals, plan_assignment
from judging.domain.planned import Wishes
from judging.domain.planning.task import make_task
from tests.domain.planning.cases import CORE, Small, small_cases
from tools.bench.optimum import best_total

GOALS = st.builds(
    PlanGoals, even=st.booleans(), lift=st.booleans(), link=st.booleans(), vary=st.booleans(), loss=st.just(0.05)
)


@given(small_cases())
def test_total_equals_the_optimum_of_linear_programming(case: Small) -> None:
    plan = case.plan(CORE)

    task = make_task(
        case.entries, case.judges, per_entry=case.per_entry, forbidden=case.forbidden,
        wishes=Wishes(affinity=case.affinity),
    )  # fmt: skip
    best = best_total(task, places=len(plan.pairs))
    if plan.unfilled:
        # Sharing a shortage out evenly comes before the total.
        assert plan.total <= best + 1e-6
    else:
        assert plan.total == pytest.approx(best, abs=1e-6)
    assert plan.total == pytest.approx(sum(case.affinity[pair] for pair in plan.pairs))
    assert plan.total == plan.optimum


@given(small_cases(entries=4, judges=3, per_entry=2))
def test_no_plan_fills_more_places_and_none_of_these_is_worth_more(case: Small) -> None:
    plan = case.plan(CORE)

    every = list(case.every_plan())
    most = max(map(len, every))
    assert len(plan.pairs) == most
    best = max(sum(case.affinity[pair] for pair in one) for one in every if len(one) == most)
    # Where places stay empty, sharing the shortage out evenly comes before the total.
    alike = [one for one in every if len(one) == most and _gaps(case, one) == min(_gaps(case, two) for two in every)]
    assert plan.total == pytest.approx(max(sum(case.affinity[pair] for pair in one) for one in alike), abs=1e-6)
    assert plan.total <= best + 1e-6


def _gaps(case: Small, pairs: object) -> int:
    counts = Counter(entry for _, entry in pairs)  # type: ignore[attr-defined]  # any collection of pairs
    return sum((case.per_entry - counts[entry]) * (10 + case.per_entry - counts[entry]) for entry, _ in case.entries)


@given(small_cases(), GOALS)
def test_whatever_is_asked_no_plan_breaks_a_rule(case: Small, goals: PlanGoals) -> None:
    plan = case.plan(goals)

    assert set(plan.pairs) <= set(case.allowed)
    assert len(set(plan.pairs)) == len(plan.pairs) == len(case.plan(CORE).pairs)
    counts = Counter(judge for judge, _ in plan.pairs)
    assert all(counts[judge] <= most for judge, most in case.room.items())
    assert max(Counter(entry for _, entry in plan.pairs).values(), default=0) <= case.per_entry
    assert {judge: counts[judge] for judge in case.room} == dict(plan.load)


@given(small_cases(), GOALS)
def test_evening_and_lifting_give_up_no_more_than_was_allowed(case: Small, goals: PlanGoals) -> None:
    plan = case.plan(PlanGoals(even=goals.even, lift=goals.lift, link=False, vary=goals.vary, loss=goals.loss))

    # A millionth is what whole costs may round.
    assert plan.total >= (1 - goals.loss) * plan.optimum - 1e-6


@given(small_cases(), st.randoms(use_true_random=False))
def test_plans_with_values_do_not_depend_on_the_order_of_input(case: Small, random: object) -> None:
    sample = random.sample  # type: ignore[attr-defined]  # a Random drawn by hypothesis
    shuffled = Small(
        entries=sample(case.entries, len(case.entries)), judges=sample(case.judges, len(case.judges)),
        per_entry=case.per_entry, forbidden=case.forbidden,
        affinity=dict(sample(sorted(case.affinity.items()), len(case.affinity))),
    )  # fmt: skip

    assert shuffled.plan() == case.plan()


def test_values_of_judge_and_category_add_up_and_decide() -> None:
    entries = [("e-1", "a"), ("e-2", "a")]
    judges = [JudgeSlot(alias="j-1", capacity=1), JudgeSlot(alias="j-2", capacity=1)]
    wishes = Wishes(
        expertise={("j-1", "soft"): 0.5, ("j-2", "green"): 0.25},
        categories={"e-1": "green", "e-2": "soft"},
        affinity={("j-1", "e-1"): 0.25},
    )

    plan = plan_assignment(entries, judges, per_entry=1, wishes=wishes)

    assert plan.pairs == (("j-1", "e-2"), ("j-2", "e-1"))
    assert plan.total == 0.75


@pytest.mark.parametrize("factor", [1e-9, 1e-3, 1.0, 1e3, 1e12])
def test_the_size_of_values_makes_no_difference(factor: float) -> None:
    entries = [("e-1", ""), ("e-2", "")]
    judges = [JudgeSlot(alias="j-1", capacity=1), JudgeSlot(alias="j-2", capacity=1)]
    affinity = {("j-1", "e-1"): 0.300001, ("j-2", "e-2"): 0.3, ("j-1", "e-2"): 0.3, ("j-2", "e-1"): 0.3}

    plan = plan_assignment(
        entries, judges, per_entry=1,
        wishes=Wishes(affinity={pair: value * factor for pair, value in affinity.items()}),
    )  # fmt: skip

    assert plan.pairs == (("j-1", "e-1"), ("j-2", "e-2"))


def test_values_may_be_negative() -> None:
    wishes = Wishes(affinity={("j-1", "e-1"): -3.0, ("j-2", "e-1"): -1.0})

    plan = plan_assignment(
        [("e-1", "")], [JudgeSlot(alias="j-1", capacity=1), JudgeSlot(alias="j-2", capacity=1)],
        per_entry=1, wishes=wishes,
    )  # fmt: skip

    assert plan.pairs == (("j-2", "e-1"),)


def test_a_program_that_plans_nothing_loads_no_solver() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, judging.domain.assignment; print({'numpy', 'ortools'} & set(sys.modules))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert told.stdout.strip() == "set()"
