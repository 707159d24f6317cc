"""Rounds: opened, planned, closed, ended by their gates and quota."""

from __future__ import annotations

from typing import Any

from judging.domain.permissions import can_see_progress
from judging.errors import N_, NotAllowed
from judging.services.access.api_tokens import JUDGE, OFFICE, READ
from judging.services.judges.assigning.assignments import apply_plan, plan_round
from judging.services.judges.assigning.repair import apply_repair, plan_repair
from judging.services.rounds.running import advance_round as end_round
from judging.services.rounds.running import close_round as end_reading
from judging.services.rounds.running import record_chair_vote, start_round
from judging.services.rounds.running import reopen_round as open_again
from judging.services.rounds.states import list_rounds as rows_of_rounds
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.rounds import (
    Advanced,
    Applied,
    ApplyBody,
    Plan,
    PlanQuery,
    ReopenBody,
    RoundAnswer,
    RoundList,
    VoteBody,
)
from judging.web.api.shown_plans import judge_by_alias, shown_plan, shown_repair, unfilled
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import label
from judging.web.transaction import db

_TAG = "Running a contest"
_DESK = ("organiser", "secretary")


@blueprint.get("/contests/<slug>/rounds")
@operation(
    tag=_TAG, answer=RoundList, scopes=(READ, OFFICE, JUDGE), fails=(404,),
    roles=("organiser", "secretary", "committee", "auditor", "judge", "chair"),
)  # fmt: skip
def list_rounds(slug: str) -> RoundList:
    """List where the rounds of the contest stand."""
    del slug
    return _rounds()


@blueprint.post("/contests/<slug>/rounds/<round_key>/open")
@operation(tag=_TAG, answer=RoundList, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), repeats=True)
def open_round(slug: str, round_key: str) -> RoundList:
    """Let the judges of the next round begin. The first one opens with the phase `judging`."""
    del slug
    start_round(db(), registry=platform().registry, contest=contest(), round_key=round_key, actor=actor(), now=now())
    return _rounds()


@blueprint.get("/contests/<slug>/rounds/<round_key>/assignments")
@operation(tag=_TAG, answer=Plan, roles=(*_DESK, "auditor"), scopes=(READ, OFFICE), fails=(404, 409))
def get_plan(slug: str, round_key: str, query: PlanQuery) -> Plan:
    """Look at the plan of who would judge what, or at the least change to the plan that stands.

    The same data give the same plan. `repair` gives work to judges who came late; with `leaving` it gives on the
    unfinished readings of a judge who drops out.
    """
    del slug
    _require_no_judge()
    registry = platform().registry
    leaving = judge_by_alias(query.leaving)
    if query.repair or leaving is not None:
        return shown_repair(
            plan_repair(db(), registry=registry, contest=contest(), round_key=round_key, leaving=leaving)
        )
    return shown_plan(plan_round(db(), registry=registry, contest=contest(), round_key=round_key))


@blueprint.post("/contests/<slug>/rounds/<round_key>/assignments")
@operation(
    tag=_TAG, answer=Applied, status=201, roles=_DESK, scopes=(OFFICE,), fails=(404, 409), repeats=True, example={}
)
def create_assignments(slug: str, round_key: str, json: ApplyBody) -> Any:
    """Apply the plan or the repair: the one whose seal is sent, or the one of this moment.

    Whoever judges in the contest looks at no plan and makes none.
    """
    del slug
    _require_no_judge()
    registry = platform().registry
    leaving = judge_by_alias(json.leaving)
    if json.repair or leaving is not None:
        shown = plan_repair(db(), registry=registry, contest=contest(), round_key=round_key, leaving=leaving)
        repaired = apply_repair(
            db(), registry=registry, contest=contest(), round_key=round_key, seal=json.seal or shown.seal,
            reason=json.reason, actor=actor(), now=now(), leaving=leaving,
        )  # fmt: skip
        plan = repaired.repair.plan
        return Applied(made=len(plan.pairs), unfilled=unfilled(plan.unfilled)), 201
    planned = plan_round(db(), registry=registry, contest=contest(), round_key=round_key)
    made = apply_plan(
        db(), registry=registry, contest=contest(), round_key=round_key, seal=json.seal or planned.seal,
        actor=actor(), now=now(),
    )  # fmt: skip
    return Applied(made=made, unfilled=unfilled(planned.plan.unfilled)), 201


@blueprint.post("/contests/<slug>/rounds/<round_key>/close")
@operation(tag=_TAG, answer=RoundList, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), repeats=True)
def close_round(slug: str, round_key: str) -> RoundList:
    """End the reading. 409 names the entries that still wait for sheets."""
    del slug
    end_reading(db(), registry=platform().registry, contest=contest(), round_key=round_key, actor=actor(), now=now())
    return _rounds()


@blueprint.post("/contests/<slug>/rounds/<round_key>/reopen")
@operation(
    tag=_TAG, answer=RoundList, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), repeats=True,
    example={"reason": "Two sheets must be checked again."},
)  # fmt: skip
def reopen_round(slug: str, round_key: str, json: ReopenBody) -> RoundList:
    """Let judges write again in a closed round, with a reason; where its end has passed, until another one."""
    del slug
    open_again(
        db(), contest=contest(), round_key=round_key, actor=actor(), reason=json.reason, now=now(), until=json.until
    )
    return _rounds()


@blueprint.post("/contests/<slug>/rounds/<round_key>/advance")
@operation(tag=_TAG, answer=Advanced, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), repeats=True)
def advance_round(slug: str, round_key: str) -> Advanced:
    """End a closed round: entries that pass its gates and quota go on, the others do not."""
    del slug
    outcome = end_round(
        db(), registry=platform().registry, contest=contest(), round_key=round_key, actor=actor(), now=now()
    )
    return Advanced(advanced=outcome.advanced, eliminated=outcome.eliminated)


@blueprint.post("/contests/<slug>/rounds/<round_key>/vote")
@operation(
    tag=_TAG, answer=RoundList, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), repeats=True,
    example={"order": ["e-4f7k2m", "e-9q3x8w"], "reason": "The chair voted on 12 November."},
)  # fmt: skip
def create_vote(slug: str, round_key: str, json: VoteBody) -> RoundList:
    """Record the panel chair's vote on entries that nothing parts."""
    del slug
    record_chair_vote(
        db(), registry=platform().registry, contest=contest(), round_key=round_key, order=json.order,
        reason=json.reason, actor=actor(), now=now(),
    )  # fmt: skip
    return _rounds()


def _require_no_judge() -> None:
    if not can_see_progress(actor()):
        raise NotAllowed(N_("You judge in this contest: how the others score stays closed to you."))


def _rounds() -> RoundList:
    labels = {one.key: label(one.label) for one in rules().rounds}
    return RoundList(
        items=[
            RoundAnswer(
                key=row.key, label=labels.get(row.key, row.key), state=row.state, opened_at=row.opened_at,
                closed_at=row.closed_at, ends_at=row.ends_at,
            )
            for row in rows_of_rounds(db(), contest=contest())
        ]
    )  # fmt: skip
