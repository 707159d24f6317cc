"""Plans and repairs as the interface shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from judging.db.models import Judge
from judging.db.queries.office_running import list_judges
from judging.domain.assignment import Pair as AliasPair
from judging.errors import N_, NotFound
from judging.services.judges.panels import list_panels
from judging.web.api.schemas.rounds import Pair, Plan, Unfilled
from judging.web.context import contest, rules
from judging.web.formats import label
from judging.web.plan_words import Names, advice
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.domain.assignment import Plan as DomainPlan
    from judging.domain.assignment import Unfilled as PlannedGap
    from judging.services.judges.assigning.assignments import AssignmentPlan
    from judging.services.judges.assigning.repair import RepairPlan


def judge_by_alias(alias: str | None) -> Judge | None:
    """The active judge with that alias; None when none is named. Raises NotFound."""
    if alias is None:
        return None
    for judge in list_judges(db(), contest()):
        if judge.alias == alias:
            return judge
    raise NotFound(N_("There is no such judge."))


def shown_plan(planned: AssignmentPlan) -> Plan:
    """A plan as an answer."""
    return _shown(planned.plan, planned, seal=planned.seal)


def shown_repair(planned: RepairPlan) -> Plan:
    """A repair as an answer."""
    repair = planned.repair
    return _shown(repair.plan, planned, seal=planned.seal, removed=repair.removed, lost=repair.lost)


def unfilled(gaps: Iterable[PlannedGap]) -> list[Unfilled]:
    """Who falls short, and why."""
    return [Unfilled(entry=one.entry, missing=one.missing, reason=label(one.reason)) for one in gaps]


def _shown(
    plan: DomainPlan,
    planned: AssignmentPlan | RepairPlan,
    *,
    seal: str,
    removed: Iterable[AliasPair] = (),
    lost: Iterable[AliasPair] = (),
) -> Plan:
    panels = {panel.id: panel.name for panel in list_panels(db(), contest=contest())}
    names = Names(rules=rules(), entries=planned.entries, judges=planned.judges, panels=panels)
    return Plan(
        seal=seal,
        pairs=_pairs(plan.pairs),
        unfilled=unfilled(plan.unfilled),
        load=dict(plan.load),
        advice=advice(plan, names),
        linked=plan.is_linked,
        parts={group: [list(part) for part in found] for group, found in plan.parts.items()},
        suggestions=_pairs((one.judge, one.entry) for one in plan.suggestions),
        removed=_pairs(removed),
        lost=_pairs(lost),
    )


def _pairs(pairs: Iterable[AliasPair]) -> list[Pair]:
    return [Pair(judge=judge, entry=entry) for judge, entry in pairs]
