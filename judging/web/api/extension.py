"""Extending the deadline for entries."""

from __future__ import annotations

from typing import Any

from judging.services.access.api_tokens import OFFICE
from judging.services.contests.deadline_extension import extend_deadline
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.extension import ExtensionAnswer, ExtensionBody
from judging.web.context import actor, contest, now
from judging.web.transaction import db


@blueprint.post("/contests/<slug>/extension")
@operation(
    tag="Running a contest", answer=ExtensionAnswer, status=201, roles=("organiser",), scopes=(OFFICE,),
    fails=(404, 409), repeats=True,
    example={
        "until": "2027-06-07T10:00:00Z", "whole": False, "reason": "Mất điện diện rộng chiều 31/5.",
        "note": "Vì mất điện, các bài đang soạn được nộp đến 17:00 ngày 7/6.",
    },
)  # fmt: skip
def extend_contest(slug: str, json: ExtensionBody) -> Any:
    """Move the deadline to later, for everybody or for all who have a draft open; they are told by letter."""
    del slug
    made, concerned = extend_deadline(
        db(), contest=contest(), actor=actor(), until=json.until, whole=json.whole, reason=json.reason,
        note=json.note, now=now(),
    )  # fmt: skip
    answer = ExtensionAnswer(
        old=made.old_at, new=made.new_at, whole=made.whole, note=made.note, time=made.at,
        entries=[entry.id for entry in concerned],
    )  # fmt: skip
    return answer, 201
