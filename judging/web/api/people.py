"""Panels, judges and the office of a contest."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from judging.db.models import ContestRole
from judging.db.models import Judge as JudgeRow
from judging.db.queries.api import list_judges as query_judges
from judging.db.queries.office_setup import judges_by_panel, list_staff, panels_of
from judging.domain.permissions import Role
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.contests.staff import give_role, take_role
from judging.services.judges.panels import PanelPlan, arrange_panels
from judging.services.judges.roster import add_judge, find_judge, set_judge_active
from judging.services.judges.roster import change_judge as change_judge_details
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.paging import id_after, part_of
from judging.web.api.schemas.base import Paged
from judging.web.api.schemas.people import (
    Judge,
    JudgeBody,
    JudgeChange,
    JudgeList,
    Panel,
    PanelList,
    PanelsBody,
    Staff,
    StaffBody,
    StaffList,
)
from judging.web.context import actor, contest, now, platform, rules
from judging.web.i18n import locale
from judging.web.transaction import db

_TAG = "People"
_READERS = ("organiser", "secretary", "committee", "auditor", "administrator")
_MANAGERS = ("organiser", "administrator")


@blueprint.get("/contests/<slug>/panels")
@operation(tag=_TAG, answer=PanelList, roles=_READERS, scopes=(READ, OFFICE), fails=(404,))
def list_panels(slug: str) -> PanelList:
    """List the panels in their order."""
    del slug
    return _panels()


@blueprint.put("/contests/<slug>/panels")
@operation(
    tag=_TAG, answer=PanelList, roles=_MANAGERS, scopes=(OFFICE,), fails=(404, 409),
    example={"panels": [{"name": "Panel 1", "categories": ["software", "environment"]}]},
)  # fmt: skip
def put_panels(slug: str, json: PanelsBody) -> PanelList:
    """Arrange the panels: rename, merge, add, put in this order, and remove those left out."""
    del slug
    plan = [PanelPlan(name=one.name, categories=tuple(one.categories), id=one.id) for one in json.panels]
    arrange_panels(db(), contest=contest(), rules=rules(), actor=actor(), plan=plan, now=now())
    return _panels()


@blueprint.get("/contests/<slug>/judges")
@operation(tag=_TAG, answer=JudgeList, roles=_READERS, scopes=(READ, OFFICE), fails=(404,))
def list_judges(slug: str, query: Paged) -> JudgeList:
    """List the judges in the order in which they were named."""
    del slug
    rows = query_judges(db(), contest_id=contest().id, after=id_after(query.cursor), limit=query.limit + 1)
    part = part_of(rows, query.limit, lambda one: one.id)
    return JudgeList(items=[_judge(one) for one in part.rows], next=part.next)


@blueprint.post("/contests/<slug>/judges")
@operation(
    tag=_TAG, answer=Judge, status=201, roles=_MANAGERS, scopes=(OFFICE,), fails=(404, 409), location=True,
    repeats=True, example={"email": "judge@example.vn", "name": "Lê Mẫu Hà", "capacity": 40},
)  # fmt: skip
def create_judge(slug: str, json: JudgeBody) -> Any:
    """Name a judge by address. Without an account the person gets one; a letter says how to come in."""
    judge, _invited = add_judge(
        db(), settings=platform().settings, contest=contest(), actor=actor(), email=json.email,
        name=json.name, unit=json.unit, capacity=json.capacity, panels=frozenset(json.panels),
        chairs=frozenset(json.chairs), locale=locale(), now=now(),
    )  # fmt: skip
    return _judge(judge), 201, {"Location": url_for("api.change_judge", slug=slug, judge_id=judge.id)}


@blueprint.patch("/contests/<slug>/judges/<judge_id>")
@operation(
    tag=_TAG, answer=Judge, roles=_MANAGERS, scopes=(OFFICE,), fails=(404, 409), example={"capacity": 30}
)  # fmt: skip
def change_judge(slug: str, judge_id: str, json: JudgeChange) -> Judge:
    """Change what a judge can read and where they sit, or let a judge go. What is left out stays as it is."""
    del slug
    judge = find_judge(db(), contest=contest(), judge_id=judge_id)
    given = json.model_fields_set
    if given - {"active"}:
        change_judge_details(
            db(), contest=contest(), judge=judge, actor=actor(), now=now(),
            unit=judge.unit if json.unit is None else json.unit,
            capacity=judge.capacity if json.capacity is None else json.capacity,
            panels=_seats(judge) if json.panels is None else frozenset(json.panels),
            chairs=_chairs(judge) if json.chairs is None else frozenset(json.chairs),
        )  # fmt: skip
    if json.active is not None and json.active != judge.is_active:
        set_judge_active(db(), contest=contest(), judge=judge, actor=actor(), active=json.active, now=now())
    return _judge(judge)


@blueprint.get("/contests/<slug>/staff")
@operation(tag=_TAG, answer=StaffList, roles=_READERS, scopes=(READ, OFFICE), fails=(404,))
def list_office(slug: str) -> StaffList:
    """List who works in the office of the contest itself, at most 200."""
    del slug
    return StaffList(items=[_staff(one) for one in list_staff(db(), contest=contest())])


@blueprint.post("/contests/<slug>/staff")
@operation(
    tag=_TAG, answer=StaffList, status=201, roles=_MANAGERS, scopes=(OFFICE,), fails=(404, 409), repeats=True,
    example={"email": "secretary@example.vn", "name": "Hà Mẫu Lan", "role": "secretary"},
)  # fmt: skip
def create_staff(slug: str, json: StaffBody) -> Any:
    """Give a person a role in the office of the contest."""
    del slug
    give_role(
        db(), settings=platform().settings, contest=contest(), actor=actor(), email=json.email,
        name=json.name, role=Role(json.role), locale=locale(), now=now(),
    )  # fmt: skip
    return StaffList(items=[_staff(one) for one in list_staff(db(), contest=contest())]), 201


@blueprint.delete("/contests/<slug>/staff/<role_id>")
@operation(tag=_TAG, status=204, roles=_MANAGERS, scopes=(OFFICE,), fails=(404, 409))
def delete_staff(slug: str, role_id: str) -> Response:
    """Take a role back."""
    del slug
    take_role(db(), contest=contest(), actor=actor(), role_id=role_id, now=now())
    return Response(status=204)


def _panels() -> PanelList:
    seats = judges_by_panel(db(), contest_id=contest().id)
    return PanelList(
        items=[
            Panel(id=one.id, name=one.name, categories=list(one.categories), judges=seats.get(one.id, 0))
            for one in panels_of(db(), contest_id=contest().id)
        ]
    )


def _judge(judge: JudgeRow) -> Judge:
    return Judge(
        id=judge.id, alias=judge.alias, name=judge.account.name, email=judge.account.email, unit=judge.unit,
        capacity=judge.capacity, active=judge.is_active, declared=judge.conflicts_declared_at is not None,
        panels=sorted(_seats(judge)), chairs=sorted(_chairs(judge)),
    )  # fmt: skip


def _seats(judge: JudgeRow) -> frozenset[str]:
    return frozenset(seat.panel_id for seat in judge.seats)


def _chairs(judge: JudgeRow) -> frozenset[str]:
    return frozenset(seat.panel_id for seat in judge.seats if seat.is_chair)


def _staff(row: ContestRole) -> Staff:
    return Staff(id=row.id, role=row.role, name=row.account.name, email=row.account.email)
