"""The end of a round, the sheets that came after it, and reminders to judges who have been silent."""

from __future__ import annotations

from typing import Any

from judging.db.queries.round_end import list_late_sheets as query_late_sheets
from judging.domain.permissions import can_see_progress
from judging.errors import N_, NotAllowed
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.messages.silent_judges import list_reminders as find_reminders
from judging.services.messages.silent_judges import remind_silent
from judging.services.rounds.end.late import take_late
from judging.services.rounds.end.moving import set_end
from judging.services.rounds.entries import entry_code, judged_round
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.round_end import (
    EndAnswer,
    EndBody,
    LateSheetAnswer,
    LateSheetList,
    LateTaken,
    RemindBody,
    Reminded,
    ReminderAnswer,
    ReminderList,
)
from judging.web.api.schemas.rounds import ReasonBody
from judging.web.api.shown_plans import judge_by_alias
from judging.web.context import actor, assignment, contest, now, platform, rules
from judging.web.transaction import db

_TAG = "Running a contest"
_DESK = ("organiser", "secretary")


@blueprint.post("/contests/<slug>/rounds/<round_key>/end")
@operation(
    tag=_TAG, answer=EndAnswer, status=201, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), repeats=True,
    example={"until": "2027-07-10T10:00:00Z", "reason": "Mất điện diện rộng chiều 8/7."},
)  # fmt: skip
def set_round_end(slug: str, round_key: str, json: EndBody) -> Any:
    """Set or move the end of a round, for all judges or for one; those whose sheets are awaited are told by letter."""
    del slug
    plan = set_end(
        db(), registry=platform().registry, settings=platform().settings, contest=contest(), round_key=round_key,
        until=json.until, reason=json.reason, actor=actor(), now=now(), judge=judge_by_alias(json.judge),
    )  # fmt: skip
    told = [one.alias for one in plan.told]
    return EndAnswer(round=round_key, until=json.until, judge=json.judge, told=told), 201


@blueprint.get("/contests/<slug>/rounds/<round_key>/late-sheets")
@operation(tag=_TAG, answer=LateSheetList, roles=("organiser",), scopes=(READ, OFFICE), fails=(404,))
def list_late_sheets(slug: str, round_key: str) -> LateSheetList:
    """List the sheets that came after the end of the round and are still awaited."""
    del slug
    _require_no_judge()
    judged_round(rules(), round_key)
    return LateSheetList(
        items=[
            LateSheetAnswer(
                assignment=one.assignment_id, judge=one.assignment.judge.alias, entry=one.assignment.entry.alias,
                code=entry_code(rules(), one.assignment.entry.number), received_at=one.received_at,
                last_at=one.last_at, tries=one.tries, taken=one.taken_at is not None,
            )
            for one in query_late_sheets(db(), contest_id=contest().id, round_key=round_key)
        ]
    )  # fmt: skip


@blueprint.post("/assignments/<assignment_id>/late")
@operation(
    tag=_TAG, answer=LateTaken, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), repeats=True,
    example={"reason": "The sheet was handed in on the device before the end."},
)  # fmt: skip
def take_late_sheet(assignment_id: str, json: ReasonBody) -> LateTaken:
    """Take a sheet that came after the end: its judge may hand it in until the round is closed, and is told so."""
    take_late(db(), settings=platform().settings, assignment=assignment(), actor=actor(), reason=json.reason, now=now())
    return LateTaken(assignment=assignment_id, taken=True)


@blueprint.get("/contests/<slug>/rounds/<round_key>/reminders")
@operation(tag=_TAG, answer=ReminderList, roles=_DESK, scopes=(READ, OFFICE), fails=(404, 409))
def list_reminders(slug: str, round_key: str) -> ReminderList:
    """List the judges who have been silent in the round, with the letter that each would get."""
    del slug
    _require_no_judge()
    judged_round(rules(), round_key)
    found = find_reminders(
        db(), registry=platform().registry, settings=platform().settings, contest=contest(), rules=rules(),
        round_key=round_key, now=now(),
    )  # fmt: skip
    return ReminderList(
        items=[
            ReminderAnswer(
                judge=one.progress.judge.alias, left=one.progress.left, told=one.told, subject=one.letter.subject,
                text=one.letter.text,
            )
            for one in found
        ]
    )  # fmt: skip


@blueprint.post("/contests/<slug>/rounds/<round_key>/reminders")
@operation(
    tag=_TAG, answer=Reminded, status=201, roles=_DESK, scopes=(OFFICE,), fails=(404, 409), repeats=True,
    example={"judges": ["j-7hq2mk"]},
)  # fmt: skip
def send_reminders(slug: str, round_key: str, json: RemindBody) -> Any:
    """Remind silent judges, each at most once a day, outside the quiet hours."""
    del slug
    sent = remind_silent(
        db(), registry=platform().registry, settings=platform().settings, contest=contest(), rules=rules(),
        round_key=round_key, chosen=frozenset(json.judges), actor=actor(), now=now(),
    )  # fmt: skip
    return Reminded(sent=sorted(one.progress.judge.alias for one in sent)), 201


def _require_no_judge() -> None:
    if not can_see_progress(actor()):
        raise NotAllowed(N_("You judge in this contest: how the others score stays closed to you."))
