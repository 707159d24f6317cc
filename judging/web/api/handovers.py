"""Things received at the office, recorded by programs: scanners at the table."""

from __future__ import annotations

from typing import Any

from judging.services.access.api_tokens import OFFICE
from judging.services.entries.handovers import record_handover
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.handovers import HandoverAnswer, HandoverBody
from judging.web.context import account, actor, entry, now, rules
from judging.web.transaction import db


@blueprint.post("/entries/<entry_id>/handovers")
@operation(
    tag="Running a contest", answer=HandoverAnswer, status=201, roles=("organiser", "secretary"), scopes=(OFFICE,),
    fails=(404, 409), repeats=True, example={"item": "model", "place": "Kệ 3", "note": "Đầy đủ"},
)  # fmt: skip
def create_handover(entry_id: str, json: HandoverBody) -> Any:
    """Record that a physical item of the dossier was received. What was received already is a conflict."""
    del entry_id
    made = record_handover(
        db(), entry=entry(), rules=rules(), item=json.item, place=json.place, note=json.note, actor=actor(), now=now()
    )
    answer = HandoverAnswer(
        id=made.id, entry=made.entry_id, item=made.item, time=made.received_at, by=account().name, place=made.place,
        note=made.note,
    )  # fmt: skip
    return answer, 201
