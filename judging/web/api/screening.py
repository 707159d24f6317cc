"""The office's decision on a dossier, and the dossiers that wait for one."""

from __future__ import annotations

from typing import Any

from judging.db.models import ScreeningOpinion
from judging.db.queries.screening_desk import QueueFilter, list_queue
from judging.services.access.api_tokens import OFFICE
from judging.services.screening.deciding import screen_entry
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.entries import QueueAnswer, ScreeningAnswer, ScreeningBody
from judging.web.api.shown_entries import show_entry_summary
from judging.web.context import actor, contest, entry, now, platform, rules
from judging.web.transaction import db

_TAG = "Running a contest"
_MOST = 500


@blueprint.get("/contests/<slug>/screening")
@operation(tag=_TAG, answer=QueueAnswer, roles=("organiser", "secretary"), scopes=(OFFICE,), fails=(404,))
def list_screening(slug: str) -> QueueAnswer:
    """List the dossiers that wait for a decision, the oldest first, at most 500."""
    del slug
    waiting = QueueFilter(actor_id=str(actor().account_id), now=now())
    rows = list_queue(db(), contest(), waiting, limit=_MOST)
    return QueueAnswer(items=[show_entry_summary(one, rules()) for one in rows])


@blueprint.post("/entries/<entry_id>/screening")
@operation(
    tag=_TAG, answer=ScreeningAnswer, status=201, roles=("organiser", "secretary"), scopes=(OFFICE,),
    fails=(404, 409), repeats=True, example={"verdict": "eligible", "reason": ""},
)  # fmt: skip
def create_screening(entry_id: str, json: ScreeningBody) -> Any:
    """Decide on a dossier: eligible, returned to complete, rejected, or a late one admitted. The contestant is told.

    Where two persons check, the first one's word waits for another's and tells nobody.
    """
    del entry_id
    items = [{"where": one.where, "text": one.text} for one in json.items]
    told = "\n".join([*(f"– {item['text']}" for item in items), *([json.reason] if json.reason else [])])
    made = screen_entry(
        db(), registry=platform().registry, contest=contest(), entry=entry(), verdict=json.verdict,
        reason=told, actor=actor(), now=now(), until=json.until, items=items,
    )  # fmt: skip
    answer = ScreeningAnswer(
        entry=entry().id, verdict=made.verdict, reason=made.reason, time=made.at, state=entry().state,
        waiting=isinstance(made, ScreeningOpinion),
    )  # fmt: skip
    return answer, 201
