"""Plans of valued pairs: held against linear programming, with all goals, mended, and at the size of a nation."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import pstdev

from judging.domain.assignment import Plan, PlanGoals, Repair, plan_assignment, repair_assignment
from judging.domain.planning.task import make_task
from tools.bench.judge_tables import JudgeTable, make_table
from tools.bench.measure import Bound, Figure, Peer, Target, Timing, measure
from tools.bench.optimum import best_total
from tools.bench.sizes import Sizes

_CORE = PlanGoals(even=False, lift=False, link=False, vary=False)
_SECOND = Bound(seconds=1.0, reason="3,000 entries and 1,200 judges within a second")
_NATION = Bound(seconds=5.0, reason="15,000 entries and 10,000 judges within five seconds")
_MOST_MIB = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """What the child process says of its plan."""

    seconds: float
    cpu: float
    mib: float
    unfilled: int
    pairs: int


def plans_by_value(sizes: Sizes) -> Iterator[Figure]:
    """Plan by value and by all goals, mend a plan, and plan for a nation in a process of its own."""
    for entries, judges, per_entry, panels, times in sizes.tables:
        table = make_table(entries, judges, per_entry, panels=panels)
        case = f"{entries:,} entries × {judges:,} judges × {per_entry}"
        core = plan_table(table, _CORE)
        yield _core(table, case, core, times=times)
        yield _goals(table, case, core, times=times)
        yield _repair(table, case, core, times=times)
    yield _nation(*sizes.nation)


def plan_table(table: JudgeTable, goals: PlanGoals) -> Plan:
    """The plan of a table, from its entries and judges to pairs and orders."""
    return plan_assignment(
        table.entries, table.judges, per_entry=table.per_entry, forbidden=table.forbidden, wishes=table.wishes,
        goals=goals,
    )  # fmt: skip


def _core(table: JudgeTable, case: str, core: Plan, *, times: int) -> Figure:
    task = make_task(
        table.entries, table.judges, per_entry=table.per_entry, forbidden=table.forbidden, wishes=table.wishes
    )
    optimum: list[float] = []
    # Linear programming takes long, so once is enough; its figure does not change.
    peer = measure(lambda: optimum.append(best_total(task, places=len(core.pairs))), times=1, warm=False)
    return Figure(
        benchmark="assignment, greatest total",
        case=case,
        timing=measure(partial(plan_table, table, _CORE), times=times, warm=False),
        bound=_SECOND,
        peer=Peer(name="HiGHS LP", timing=peer),
        targets=(
            Target(name="short of the LP optimum", value=max(optimum[0] - core.total, 0.0), limit=1e-6),
            Target(name="unfilled", value=sum(one.missing for one in core.unfilled), limit=0),
        ),
        notes={"total": f"{core.total:.6f}", "candidate pairs": f"{task.row.size:,}"},
    )


def _goals(table: JudgeTable, case: str, core: Plan, *, times: int) -> Figure:
    work = partial(plan_table, table, PlanGoals())
    plan = work()
    return Figure(
        benchmark="assignment, all goals",
        case=case,
        timing=measure(work, times=times, warm=False),
        targets=(
            Target(name="of the greatest total", value=plan.total / core.total, limit=0.999, is_floor=True),
            Target(name="worst-off of its bound", value=_share(plan), limit=0.95, is_floor=True),
            Target(name="parts", value=sum(map(len, plan.parts.values())), limit=1),
            Target(name="conflicts", value=len(set(plan.pairs) & table.forbidden), limit=0),
            Target(name="overloads", value=_overloads(table, plan), limit=0),
        ),
        notes={
            "worst-off": f"{core.worst or 0:.3f} → {plan.worst or 0:.3f} (bound {plan.worst_bound or 0:.3f})",
            "spread of loads": f"{pstdev(core.load.values()):.2f} → {pstdev(plan.load.values()):.2f}",
        },
    )


def _share(plan: Plan) -> float:
    return plan.worst / plan.worst_bound if plan.worst and plan.worst_bound else 1.0


def _overloads(table: JudgeTable, plan: Plan) -> int:
    counts = Counter(judge for judge, _ in plan.pairs)
    return sum(counts[slot.alias] > slot.capacity for slot in table.judges)


def _repair(table: JudgeTable, case: str, core: Plan, *, times: int) -> Figure:
    busiest = max(core.load, key=lambda alias: (core.load[alias], alias))

    def mend() -> Repair:
        return repair_assignment(
            table.entries, [slot for slot in table.judges if slot.alias != busiest], per_entry=table.per_entry,
            current=frozenset(core.pairs), forbidden=table.forbidden, wishes=table.wishes,
        )  # fmt: skip

    repair = mend()
    return Figure(
        benchmark="assignment, one judge out",
        case=case,
        timing=measure(mend, times=times, warm=False),
        bound=_SECOND,
        targets=(Target(name="unfilled", value=sum(one.missing for one in repair.plan.unfilled), limit=0),),
        notes={"places freed": len(repair.lost), "other pairs moved": len(repair.removed)},
    )


def _nation(entries: int, judges: int, per_entry: int, panels: int) -> Figure:
    command = [sys.executable, "-m", "tools.bench.planning", *map(str, (entries, judges, per_entry, panels))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = _Measured(**json.loads(done.stdout))
    return Figure(
        benchmark="assignment, greatest total",
        case=f"{entries:,} entries × {judges:,} judges × {per_entry}",
        timing=Timing(median=told.seconds, least=told.seconds, most=told.seconds, cpu=told.cpu, times=1),
        bound=_NATION,
        targets=(
            Target(name="MiB", value=told.mib, limit=_MOST_MIB),
            Target(name="unfilled", value=told.unfilled, limit=0),
        ),
        notes={"candidate pairs": f"{told.pairs:,}", "process": "its own"},
    )


def _measured(entries: int, judges: int, per_entry: int, panels: int) -> None:
    """Plan once in this process, and say how long it took and how much memory the process ever had."""
    table = make_table(entries, judges, per_entry, panels=panels)
    made: list[Plan] = []
    timing = measure(lambda: made.append(plan_table(table, _CORE)), times=1, warm=False)
    mib = _peak_mib()
    task = make_task(table.entries, table.judges, per_entry=per_entry, forbidden=table.forbidden)
    told = {
        "seconds": timing.median, "cpu": timing.cpu, "mib": mib, "pairs": task.row.size,
        "unfilled": sum(one.missing for one in made[0].unfilled),
    }  # fmt: skip
    print(json.dumps(told))


def _peak_mib() -> float:
    """The most memory this process had; a parent's is not counted, as getrusage does after a fork."""
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    _measured(*map(int, sys.argv[1:]))
