"""Prizes: settled by the rules, or given by a named decision."""

from __future__ import annotations

from typing import Any

from judging.db.models import Entry, Prize
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_see_standings
from judging.errors import N_, NotFound
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.results.prizes import grant_prize, list_prizes, take_prize_back
from judging.services.results.prizes import settle_prizes as settle
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.rounds import GrantBody, PrizeAnswer, PrizeList, ReasonBody
from judging.web.context import actor, contest, now, platform
from judging.web.transaction import db

_TAG = "Running a contest"


@blueprint.get("/contests/<slug>/prizes")
@operation(
    tag=_TAG, answer=PrizeList, roles=("organiser", "secretary", "committee", "auditor"), scopes=(READ, OFFICE),
    fails=(404,),
)  # fmt: skip
def list_given_prizes(slug: str) -> PrizeList:
    """List the prizes given so far."""
    del slug
    if not can_see_standings(actor(), phase=ContestPhase(contest().phase)):
        raise NotFound(N_("There is nothing here."))
    return _prizes()


@blueprint.post("/contests/<slug>/prizes/settle")
@operation(tag=_TAG, answer=PrizeList, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), repeats=True)
def settle_prizes(slug: str) -> PrizeList:
    """Give the ranked prizes by the rules. 422 lists the ties that a person must decide."""
    del slug
    settle(db(), registry=platform().registry, contest=contest(), actor=actor(), now=now())
    db().flush()
    return _prizes()


@blueprint.post("/contests/<slug>/prizes")
@operation(
    tag=_TAG, answer=PrizeList, status=201, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), repeats=True,
    example={"entry": "0190f3a2-0000-7000-8000-000000000000", "level": "promising", "reason": "7 of 9 votes."},
)  # fmt: skip
def create_prize(slug: str, json: GrantBody) -> Any:
    """Give one prize by a named decision: a side prize, or a level to which the council moves an entry."""
    del slug
    entry = db().get(Entry, json.entry)
    if entry is None or entry.contest_id != contest().id:
        raise NotFound(N_("There is nothing here."))
    grant_prize(
        db(), registry=platform().registry, contest=contest(), entry=entry, level=json.level, board=json.board,
        reason=json.reason, actor=actor(), now=now(),
    )  # fmt: skip
    return _prizes(), 201


@blueprint.post("/contests/<slug>/prizes/<prize_id>/take-back")
@operation(
    tag=_TAG, answer=PrizeList, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), repeats=True,
    example={"reason": "The council decided otherwise."},
)  # fmt: skip
def take_back_prize(slug: str, prize_id: str, json: ReasonBody) -> PrizeList:
    """Take a prize back before the results are published, with a reason."""
    del slug
    prize = db().get(Prize, prize_id)
    if prize is None or prize.contest_id != contest().id:
        raise NotFound(N_("There is nothing here."))
    take_prize_back(
        db(), registry=platform().registry, contest=contest(), prize=prize, reason=json.reason, actor=actor(),
        now=now(),
    )  # fmt: skip
    return _prizes()


def _prizes() -> PrizeList:
    return PrizeList(
        items=[
            PrizeAnswer(id=one.id, entry=one.entry.alias, level=one.level, board=one.board, reason=one.reason)
            for one in list_prizes(db(), contest=contest())
        ]
    )
