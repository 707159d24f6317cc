"""Decisions of two people over submitted sheets: proposed, approved or rejected, listed."""

from __future__ import annotations

from typing import Any

from judging.db.queries.overrides import OverrideRow, find_row
from judging.db.queries.overrides import list_overrides as query_overrides
from judging.domain.permissions import can_propose_override, can_see_overrides
from judging.domain.values import Problem
from judging.errors import N_, NotFound, Refused
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.results.overrides.deciding import decide_override, propose_override, withdraw_override
from judging.services.results.overrides.persons import relation_of
from judging.services.sheets.readings import entry_is_locked
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.paging import id_after, part_of
from judging.web.api.schemas.base import Paged
from judging.web.api.schemas.overrides import OverrideAnswer, OverrideBody, OverrideList, VerdictBody
from judging.web.api.shown_sheets import sheet_place
from judging.web.context import actor, assignment, contest, now, override, platform
from judging.web.problems import ApiError, faults_of
from judging.web.transaction import db

_TAG = "Running a contest"
_SECOND = ("organiser", "committee")
_EXAMPLE = {"exclude": True, "reason": "The judge marked another entry on this sheet."}


@blueprint.post("/assignments/<assignment_id>/override")
@operation(
    tag=_TAG, answer=OverrideAnswer, status=201, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), repeats=True,
    example=_EXAMPLE,
)  # fmt: skip
def create_override(assignment_id: str, json: OverrideBody) -> Any:
    """Propose to leave a submitted sheet out, or to count it with other marks. It counts once another approves it."""
    del assignment_id
    entry = assignment().entry
    locked = entry_is_locked(db(), entry_id=entry.id, round_key=assignment().round)
    if not can_propose_override(actor(), relation_of(db(), actor=actor(), entry=entry), locked=locked):
        raise NotFound(N_("There is nothing here."))
    try:
        made = propose_override(
            db(), registry=platform().registry, assignment=assignment(), actor=actor(), exclude=json.exclude,
            marks=json.marks, reason=json.reason, locale="en", now=now(),
        )  # fmt: skip
    except Refused as refused:
        faults = faults_of(refused.problems, place=_place)
        raise ApiError(422, "refused", N_("The proposal cannot be taken like this."), faults=faults) from refused
    return _shown(find_row(db(), made)), 201


@blueprint.post("/overrides/<override_id>/decision")
@operation(
    tag=_TAG, answer=OverrideAnswer, roles=_SECOND, scopes=(OFFICE,), fails=(404, 409), repeats=True,
    example={"verdict": "approve"},
)  # fmt: skip
def decide_on_override(override_id: str, json: VerdictBody) -> OverrideAnswer:
    """Approve or reject a proposal as a second person, or withdraw one's own. What is approved counts at once."""
    del override_id
    relation = relation_of(db(), actor=actor(), entry=override().sheet.assignment.entry)
    if not can_see_overrides(actor()) or relation.author or relation.assigned:
        raise NotFound(N_("There is nothing here."))
    if json.verdict == "withdraw":
        withdraw_override(db(), override=override(), actor=actor(), now=now())
    else:
        decide_override(
            db(), registry=platform().registry, override=override(), actor=actor(), approve=json.verdict == "approve",
            now=now(),
        )  # fmt: skip
    return _shown(find_row(db(), override()))


@blueprint.get("/contests/<slug>/overrides")
@operation(
    tag=_TAG, answer=OverrideList, scopes=(READ, OFFICE), fails=(404,),
    roles=("organiser", "secretary", "committee", "auditor"),
)  # fmt: skip
def list_overrides(slug: str, query: Paged) -> OverrideList:
    """List the decisions over sheets in every state, the newest first."""
    del slug
    if not can_see_overrides(actor()):
        raise NotFound(N_("There is nothing here."))
    rows = query_overrides(
        db(), contest_id=contest().id, besides=actor().account_id, before=id_after(query.cursor),
        limit=query.limit + 1,
    )  # fmt: skip
    part = part_of(rows, query.limit, lambda row: row.override.id)
    return OverrideList(items=[_shown(row) for row in part.rows], next=part.next)


def _place(problem: Problem) -> str:
    return f"#/{problem.where}" if problem.where in ("reason", "exclude") else sheet_place(problem)


def _shown(row: OverrideRow) -> OverrideAnswer:
    one = row.override
    return OverrideAnswer(
        id=one.id, assignment=row.assignment_id, round=row.round, judge=row.judge, entry=row.entry,
        version=row.version, state=one.state, exclude=one.exclude, marks=one.marks if row.locked else None,
        reason=one.reason, stands=row.stands, proposed_at=one.at, decided_at=one.decided_at,
    )  # fmt: skip
