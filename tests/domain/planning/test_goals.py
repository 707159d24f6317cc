"""On the two standard instances all goals together cost a thousandth of the total at most, and are reached."""

from collections import Counter
from statistics import pstdev

import pytest

from judging.domain.assignment import JudgeSlot, Plan, PlanGoals, plan_assignment
from judging.domain.planned import Wishes
from tests.domain.planning.cases import CORE
from tools.bench.judge_tables import JudgeTable, make_table


def plan_table(table: JudgeTable, goals: PlanGoals | None = None) -> Plan:
    return plan_assignment(
        table.entries, table.judges, per_entry=table.per_entry, forbidden=table.forbidden, wishes=table.wishes,
        goals=goals,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "judges", "per_entry", "panels"), [(231, 40, 5, 1), (231, 40, 5, 5), (3_000, 1_200, 4, 16)]
)
def test_all_goals_together_on_the_standard_instances(entries: int, judges: int, per_entry: int, panels: int) -> None:
    table = make_table(entries, judges, per_entry, panels=panels)

    plan, core = plan_table(table), plan_table(table, CORE)

    assert plan.optimum == core.total
    assert plan.total >= 0.999 * core.total
    assert plan.worst is not None
    assert plan.worst_bound is not None
    assert plan.worst >= 0.95 * plan.worst_bound
    assert plan.is_linked
    assert pstdev(plan.load.values()) < pstdev(core.load.values())
    assert plan.unfilled == ()
    assert not set(plan.pairs) & table.forbidden
    assert set(Counter(entry for _, entry in plan.pairs).values()) == {per_entry}
    assert all(plan.load[slot.alias] <= slot.capacity for slot in table.judges)


def test_lifting_raises_the_worst_off_entry_within_what_may_be_lost() -> None:
    # The one good judge of e-1 is a little better for e-2, who has another one.
    affinity = {("j-1", "e-1"): 0.80, ("j-1", "e-2"): 1.00, ("j-2", "e-1"): 0.10, ("j-2", "e-2"): 0.31}
    entries = [("e-1", ""), ("e-2", "")]
    judges = [JudgeSlot(alias="j-1", capacity=1), JudgeSlot(alias="j-2", capacity=1)]
    affinity["j-2", "e-1"] = 0.105

    def plan(loss: float) -> Plan:
        goals = PlanGoals(even=False, loss=loss)
        return plan_assignment(entries, judges, per_entry=1, wishes=Wishes(affinity=affinity), goals=goals)

    assert plan(0.02).worst == 0.31
    unlifted = {**affinity, ("j-2", "e-2"): 0.3}
    affinity.update(unlifted)
    assert plan(0.0).worst == 0.105
    assert plan(0.02).worst == 0.3


def test_a_judge_of_least_load_gets_it_even_at_the_cost_of_value() -> None:
    entries = [(f"e-{at}", "") for at in range(4)]
    judges = [JudgeSlot(alias="j-1", capacity=4), JudgeSlot(alias="j-2", capacity=4, least=2)]
    affinity = {("j-1", entry): 1.0 for entry, _ in entries}

    plan = plan_assignment(entries, judges, per_entry=1, wishes=Wishes(affinity=affinity))

    assert dict(plan.load) == {"j-1": 2, "j-2": 2}


def test_the_same_two_judges_seldom_meet() -> None:
    entries = [(f"e-{at:02}", "") for at in range(21)]
    judges = [JudgeSlot(alias=f"j-{at}", capacity=9) for at in range(7)]

    def meetings(goals: PlanGoals) -> Counter[tuple[str, str]]:
        readers: dict[str, list[str]] = {}
        for judge, entry in plan_assignment(entries, judges, per_entry=3, goals=goals).pairs:
            readers.setdefault(entry, []).append(judge)
        return Counter((a, b) for group in readers.values() for a in group for b in group if a < b)

    varied, plain = meetings(PlanGoals()), meetings(PlanGoals(vary=False))
    # 63 meetings of 21 pairs: three times each is as even as can be.
    assert sum(count**2 for count in varied.values()) <= sum(count**2 for count in plain.values())
    assert max(varied.values()) <= 4
    assert len(varied) == 21
