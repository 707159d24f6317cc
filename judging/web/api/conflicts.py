"""Conflicts of interest: a judge's ties to schools and units, and assignments that two persons force."""

from __future__ import annotations

from typing import Any

from judging.db.models import ForcedAssignment
from judging.db.queries.conflicts import entry_of_alias, find_forced, judge_of_alias
from judging.db.queries.conflicts import list_forced as query_forced
from judging.db.queries.judge import judge_in
from judging.domain.forcing import can_see_conflicts
from judging.errors import N_, NotFound, Refused
from judging.services.access.api_tokens import JUDGE, OFFICE, READ
from judging.services.judges.conflicts.forcing import decide_force, propose_force, withdraw_force
from judging.services.judges.conflicts.statements import Tie, declare_units
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.paging import id_after, part_of
from judging.web.api.schemas.base import Paged
from judging.web.api.schemas.conflicts import ForcedAnswer, ForcedBody, ForcedList, UnitsBody, UnitsDeclared
from judging.web.api.schemas.overrides import VerdictBody
from judging.web.context import account, actor, contest, now, platform
from judging.web.problems import ApiError, faults_of
from judging.web.transaction import db

_TAG = "Running a contest"
_SECOND = ("organiser", "committee")
_READERS = ("organiser", "secretary", "committee", "auditor")


@blueprint.post("/contests/<slug>/conflicts/units")
@operation(
    tag="Judging", answer=UnitsDeclared, roles=("judge",), scopes=(JUDGE,), fails=(404,), repeats=True,
    example={"units": [{"unit": "THCS Mẫu", "kind": "teacher"}]},
)  # fmt: skip
def create_units(slug: str, json: UnitsBody) -> UnitsDeclared:
    """Declare one's ties to schools and units, best before one reads the list of entries.

    The caller is off every entry of them at once, and off those that come later. Only the office can withdraw a tie.
    """
    del slug
    seat = judge_in(db(), contest_id=contest().id, account_id=account().id)
    if seat is None:
        raise NotFound(N_("There is nothing here."))
    try:
        made = declare_units(
            db(), judge=seat, ties=[Tie(one.unit, one.kind) for one in json.units], actor=actor(), now=now()
        )
    except Refused as refused:
        faults = faults_of(refused.problems, place=lambda problem: f"#/units/{problem.where}")
        raise ApiError(422, "refused", N_("The ties cannot be taken like this."), faults=faults) from refused
    return UnitsDeclared(recorded=made)


@blueprint.post("/contests/<slug>/forced-assignments")
@operation(
    tag=_TAG, answer=ForcedAnswer, status=201, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), repeats=True,
    example={
        "round": "preliminary", "judge": "j-7hq2mk", "entry": "e-4tz9xa", "reason": "No other judge knows the field.",
    },
)  # fmt: skip
def create_forced(slug: str, json: ForcedBody) -> Any:
    """Propose to give an entry to a judge in spite of a conflict. Nothing is assigned until another approves."""
    del slug
    _require_sight()
    entry = entry_of_alias(db(), contest(), json.entry)
    judge = judge_of_alias(db(), contest(), json.judge)
    if entry is None or judge is None:
        raise NotFound(N_("There is nothing here."))
    try:
        made = propose_force(
            db(), registry=platform().registry, round_key=json.round, entry=entry, judge=judge, reason=json.reason,
            actor=actor(), now=now(),
        )  # fmt: skip
    except Refused as refused:
        faults = faults_of(refused.problems, place=lambda problem: f"#/{problem.where}")
        raise ApiError(422, "refused", N_("The proposal cannot be taken like this."), faults=faults) from refused
    return _shown(made), 201


@blueprint.post("/contests/<slug>/forced-assignments/<forced_id>/decision")
@operation(
    tag=_TAG, answer=ForcedAnswer, roles=_SECOND, scopes=(OFFICE,), fails=(404, 409), repeats=True,
    example={"verdict": "approve"},
)  # fmt: skip
def decide_on_forced(slug: str, forced_id: str, json: VerdictBody) -> ForcedAnswer:
    """Approve or reject a proposal as a second person, or withdraw one's own. What is approved is assigned at once."""
    del slug
    _require_sight()
    found = find_forced(db(), contest(), forced_id)
    if found is None or found.entry.owner_id == actor().account_id:
        raise NotFound(N_("There is nothing here."))
    if json.verdict == "withdraw":
        withdraw_force(db(), forced=found, actor=actor(), now=now())
    else:
        decide_force(
            db(), registry=platform().registry, forced=found, actor=actor(), approve=json.verdict == "approve",
            now=now(),
        )  # fmt: skip
    return _shown(found)


@blueprint.get("/contests/<slug>/forced-assignments")
@operation(tag=_TAG, answer=ForcedList, scopes=(READ, OFFICE), fails=(404,), roles=_READERS)
def list_forced(slug: str, query: Paged) -> ForcedList:
    """List the proposals to assign in spite of a conflict, the newest first."""
    del slug
    _require_sight()
    rows = query_forced(
        db(), contest(), besides=actor().account_id, before=id_after(query.cursor), limit=query.limit + 1
    )
    part = part_of(rows, query.limit, lambda row: row.forced.id)
    return ForcedList(items=[_shown(row.forced) for row in part.rows], next=part.next)


def _require_sight() -> None:
    if not can_see_conflicts(actor()):
        raise NotFound(N_("There is nothing here."))


def _shown(one: ForcedAssignment) -> ForcedAnswer:
    return ForcedAnswer(
        id=one.id, round=one.round, judge=one.judge.alias, entry=one.entry.alias, conflicts=one.kinds,
        reason=one.reason, state=one.state, proposed_at=one.at, decided_at=one.decided_at,
    )  # fmt: skip
