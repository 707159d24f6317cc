"""The office's decision on a dossier."""

from __future__ import annotations

from typing import Any

from judging.services.api_tokens import OFFICE
from judging.services.screening import screen_entry
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.entries import ScreeningAnswer, ScreeningBody
from judging.web.context import actor, contest, entry, now, platform
from judging.web.transaction import db


@blueprint.post("/entries/<entry_id>/screening")
@operation(
    tag="Running a contest", answer=ScreeningAnswer, status=201, roles=("organiser", "secretary"), scopes=(OFFICE,),
    fails=(404, 409), repeats=True, example={"verdict": "eligible", "reason": ""},
)  # fmt: skip
def create_screening(entry_id: str, json: ScreeningBody) -> Any:
    """Decide on a dossier: eligible, returned to complete, rejected, or a late one admitted. The contestant is told."""
    del entry_id
    made = screen_entry(
        db(), registry=platform().registry, contest=contest(), entry=entry(), verdict=json.verdict,
        reason=json.reason, actor=actor(), now=now(),
    )  # fmt: skip
    answer = ScreeningAnswer(
        entry=entry().id, verdict=made.verdict, reason=made.reason, time=made.at, state=entry().state
    )
    return answer, 201
