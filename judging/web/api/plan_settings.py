"""What the office asks of the plan of a round: read and set."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from judging.domain.permissions import can_see_progress
from judging.domain.plan_settings import PlanSettings
from judging.errors import N_, NotAllowed
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.judges.assigning.settings import plan_settings, set_plan_settings
from judging.services.rounds.entries import judged_round
from judging.web.api.blueprint import blueprint
from judging.web.api.conditions import require_match, tagged
from judging.web.api.operations import operation
from judging.web.api.schemas.plan_settings import PlanSettingsAnswer, PlanSettingsBody
from judging.web.context import actor, contest, now, rules
from judging.web.transaction import db

_TAG = "Running a contest"
_DESK = ("organiser", "secretary")


@blueprint.get("/contests/<slug>/rounds/<round_key>/plan-settings")
@operation(tag=_TAG, answer=PlanSettingsAnswer, roles=_DESK, scopes=(READ, OFFICE), fails=(404,), etag=True)
def get_plan_settings(slug: str, round_key: str) -> Any:
    """Read what is asked of the plan of a round; the usual where nothing was set."""
    del slug
    return tagged(_held(round_key))


@blueprint.put("/contests/<slug>/rounds/<round_key>/plan-settings")
@operation(
    tag=_TAG, answer=PlanSettingsAnswer, roles=_DESK, scopes=(OFFICE,), fails=(404,), etag=True, condition="If-Match",
    example={"common": 3, "even": True, "preferences": True},
)  # fmt: skip
def change_plan_settings(slug: str, round_key: str, json: PlanSettingsBody) -> Any:
    """Set what is asked of the plan of a round. Nothing is planned yet: the next plan follows it."""
    del slug
    require_match(_held(round_key))
    set_plan_settings(
        db(), contest=contest(), round_key=round_key, wanted=PlanSettings(**json.model_dump()), actor=actor(), now=now()
    )
    return tagged(_held(round_key))


def _held(round_key: str) -> PlanSettingsAnswer:
    """Raises NotAllowed for whoever judges in the contest: the plan is closed to them."""
    if not can_see_progress(actor()):
        raise NotAllowed(N_("You judge in this contest: how the others score stays closed to you."))
    judged_round(rules(), round_key)
    return PlanSettingsAnswer(**asdict(plan_settings(db(), contest=contest(), round_key=round_key)))
