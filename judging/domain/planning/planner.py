"""A plan, step by step: full places and the greatest total first, then what else is asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np

from judging.domain.planned import JudgeSlot, Link, Pair, Plan, PlanGoals, Wishes
from judging.domain.planning.arrays import Flags
from judging.domain.planning.bridges import missing_links
from judging.domain.planning.costs import even_costs, value_costs
from judging.domain.planning.cycles import Authors, avoid_cycles, short_cycles
from judging.domain.planning.graph import parts_of
from judging.domain.planning.lifting import bounds_of, lift, total_of, worst_of
from judging.domain.planning.links import connect, scopes_of
from judging.domain.planning.orders import order_readings
from judging.domain.planning.readers import ask_common_readers
from judging.domain.planning.search import Draft, make_draft
from judging.domain.planning.shortages import find_idle, find_unfilled
from judging.domain.planning.task import Task, make_task, panel_groups
from judging.domain.planning.variety import vary

_EVEN_SHARE = 0.4
"""The share of what may be given up that evening the loads may take; lifting has the rest."""

_EVEN_TRIES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What `plan_assignment` was asked."""

    entries: Sequence[tuple[str, str]]
    judges: Sequence[JudgeSlot]
    per_entry: int
    forbidden: AbstractSet[Pair] = frozenset()
    existing: AbstractSet[Pair] = frozenset()
    wishes: Wishes | None = None
    goals: PlanGoals
    groups: Mapping[str, str] | None = None
    authors: Mapping[str, AbstractSet[str]]

    @property
    def slots(self) -> list[JudgeSlot]:
        """The judges in the order in which a task numbers them."""
        return sorted(self.judges, key=lambda slot: slot.alias)

    @property
    def own_pairs(self) -> frozenset[Pair]:
        """Judges with their own entries."""
        return frozenset((judge, entry) for judge, entries in self.authors.items() for entry in entries)

    def make_task(self, *, extra: AbstractSet[Pair] = frozenset()) -> Task:
        """The same as arrays."""
        return make_task(
            self.entries, self.judges, per_entry=self.per_entry, forbidden=self.forbidden | self.own_pairs,
            existing=self.existing, extra=extra, wishes=self.wishes,
        )  # fmt: skip


def make_plan(case: Case) -> Plan:
    """Plan the case."""
    task = case.make_task()
    if case.wishes is not None and (case.wishes.common or case.wishes.across):
        task = ask_common_readers(task, case.slots, case.wishes, forbidden=case.forbidden | case.own_pairs)
    draft, optimum = best_draft(task, case.goals)
    authors = Authors(task, case.authors)
    if case.authors:
        draft = avoid_cycles(draft, authors)
    scopes = scopes_of(task, case.groups)
    if case.goals.link:
        draft = _keeping(draft, connect(draft, list(scopes.values())), authors)
    if case.goals.vary:
        draft = _varied(draft, scopes, authors)
    return tell_plan(case, draft, scopes=scopes, authors=authors, optimum=optimum)


def best_draft(task: Task, goals: PlanGoals) -> tuple[Draft, float]:
    """The plan of the greatest total, evened and lifted as asked, and that greatest total."""
    if not task.is_valued:
        draft = make_draft(task, even_costs(task))
        return draft, total_of(task, draft.solution.chosen)
    draft = make_draft(task, value_costs(task))
    optimum = total_of(task, draft.solution.chosen)
    lost = goals.loss * abs(optimum)
    step = 0.0
    if goals.even:
        draft, step = _evened(task, draft, at_least=optimum - _EVEN_SHARE * lost)
    if goals.lift:
        draft = lift(task, draft, at_least=optimum - lost, even=step)
    return draft, optimum


def _evened(task: Task, draft: Draft, *, at_least: float) -> tuple[Draft, float]:
    """Even the loads as strongly as the total allows; a judge's typical entry then costs a small part of the values."""
    typical = 2 * float(task.need.sum()) / max(len(task.judges), 1) + 1
    step = float(np.ptp(task.value)) / typical / 4
    for _ in range(_EVEN_TRIES):
        tried = make_draft(task, value_costs(task, even=step))
        if total_of(task, tried.solution.chosen) >= at_least:
            return tried, step
        step /= 3
    return draft, 0.0


def _keeping(before: Draft, after: Draft, authors: Authors) -> Draft:
    """What links were worth, unless they closed a cycle of contestants."""
    return after if _cycles(after, authors) <= _cycles(before, authors) else before


def _cycles(draft: Draft, authors: Authors) -> int:
    return len(short_cycles(authors.edges(draft.solution.chosen)))


def _varied(draft: Draft, scopes: Mapping[str, Flags], authors: Authors) -> Draft:
    varied = vary(draft)
    breaks = any(
        parts_of(draft.task, varied.solution.chosen, scope)[1].size
        > parts_of(draft.task, draft.solution.chosen, scope)[1].size
        for scope in scopes.values()
    )
    return draft if breaks or _cycles(varied, authors) > _cycles(draft, authors) else varied


def tell_plan(case: Case, draft: Draft, *, scopes: Mapping[str, Flags], authors: Authors, optimum: float) -> Plan:
    """The draft as a plan, with what it cannot do and why."""
    task, chosen = draft.task, draft.solution.chosen
    entry, judge = task.entry[chosen].tolist(), task.judge[chosen].tolist()
    pairs = tuple(sorted((task.judges[j], task.entries[e]) for j, e in zip(judge, entry, strict=True)))
    after = task.load + np.bincount(task.judge[chosen], minlength=len(task.judges))
    unfilled, advice = find_unfilled(task, draft.solution, panel_groups(sorted(case.entries), case.slots))
    plan = Plan(
        pairs=pairs,
        order=order_readings(pairs, case.judges),
        load=dict(zip(task.judges, after.tolist(), strict=True)),
        unfilled=unfilled,
        advice=advice + find_idle(task, draft.solution, case.slots),
        total=total_of(task, chosen),
        optimum=optimum,
        worst=worst_of(task, draft) if task.is_valued else None,
        worst_bound=_worst_bound(task, draft) if task.is_valued else None,
    )
    parts, suggestions = _linkage(case, draft, scopes)
    cycles = tuple(tuple(task.judges[one] for one, _ in cycle) for cycle in short_cycles(authors.edges(chosen)))
    return replace(plan, parts=parts, suggestions=suggestions, cycles=cycles)


def _worst_bound(task: Task, draft: Draft) -> float | None:
    short = np.bincount(task.row_entry, weights=draft.solution.short, minlength=len(task.entries))
    bounds = bounds_of(task)[short == 0]
    return float(bounds.min()) if bounds.size else None


def _linkage(
    case: Case, draft: Draft, scopes: Mapping[str, Flags]
) -> tuple[dict[str, tuple[tuple[str, ...], ...]], tuple[Link, ...]]:
    """The judges that are joined, for each group whose scores are compared, and what would join the rest."""
    task, chosen = draft.task, draft.solution.chosen
    parts: dict[str, tuple[tuple[str, ...], ...]] = {}
    links: list[Link] = []
    for key, scope in scopes.items():
        label, own = parts_of(task, chosen, scope)
        parts[key] = tuple(tuple(task.judges[one] for one in np.flatnonzero(label == part).tolist()) for part in own)
        links += missing_links(task, chosen, scope, slots=case.slots, forbidden=case.forbidden | case.own_pairs)
    return parts, tuple(links)
