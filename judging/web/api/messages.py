"""Letters about a contest: the log, and messages to chosen people."""

from __future__ import annotations

from typing import Any

from judging.db.models import SentMessage
from judging.db.queries import messages as queries
from judging.db.types import new_id
from judging.domain.message_kinds import KINDS_OF_JUDGING
from judging.domain.permissions import can_see_progress
from judging.errors import N_, Refused
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.messages.announcements import Draft, check_draft, send_announcement, written_for
from judging.services.messages.texts import Text
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.paging import id_after, part_of
from judging.web.api.schemas.base import Paged
from judging.web.api.schemas.messages import (
    MessageAnswer,
    MessageBody,
    MessageList,
    MessageSent,
    WrittenMessage,
)
from judging.web.context import actor, contest, now, rules
from judging.web.problems import ApiError, faults_of
from judging.web.transaction import db

_TAG = "Running a contest"
_DESK = ("organiser", "secretary")
_SHOWN = 100


@blueprint.get("/contests/<slug>/messages")
@operation(tag=_TAG, answer=MessageList, scopes=(READ, OFFICE), fails=(404,), roles=_DESK)
def list_messages(slug: str, query: Paged) -> MessageList:
    """List the letters about the contest with where they stand, the newest first."""
    del slug
    chosen = queries.MessageFilter(besides=() if can_see_progress(actor()) else KINDS_OF_JUDGING)
    rows = queries.list_messages(
        db(), contest().id, chosen, before=id_after(query.cursor), limit=query.limit + 1, failed_first=False
    )
    part = part_of(rows, query.limit, lambda row: row.id)
    return MessageList(items=[_shown(row) for row in part.rows], next=part.next)


@blueprint.post("/contests/<slug>/messages")
@operation(
    tag=_TAG, answer=MessageSent, status=201, scopes=(OFFICE,), fails=(404, 409), roles=_DESK, repeats=True,
    example={"groups": ["drafts"], "en": {"subject": "{contest}", "text": "Dear {name}"}, "dry_run": True},
)  # fmt: skip
def create_message(slug: str, json: MessageBody) -> Any:
    """Write to the people of some groups, each once; a dry run shows what they would get and sends nothing."""
    del slug
    draft = Draft(
        texts={"vi": Text(json.vi.subject, json.vi.text), "en": Text(json.en.subject, json.en.text)},
        groups=json.groups, per_entry=json.per_entry,
    )  # fmt: skip
    queued = 0
    try:
        recipients = check_draft(db(), contest=contest(), draft=draft)
        if not json.dry_run:
            queued = send_announcement(
                db(), contest=contest(), rules=rules(), actor=actor(), draft=draft, key=new_id(), now=now()
            )
    except Refused as refused:
        faults = faults_of(refused.problems, place=lambda problem: _place(problem.where))
        raise ApiError(422, "refused", N_("The message cannot be sent like this."), faults=faults) from refused
    preview = [
        WrittenMessage(address=one.account.email, subject=text.subject, text=text.text)
        for one in recipients[:_SHOWN]
        for text in [written_for(one, contest=contest(), rules=rules(), draft=draft)]
    ]
    return MessageSent(queued=queued, recipients=len(recipients), preview=preview), 201


def _place(where: str) -> str:
    part, _, language = where.partition("_")
    return f"#/{language}/{part}" if language else f"#/{part}"


def _shown(row: SentMessage) -> MessageAnswer:
    return MessageAnswer(
        id=row.id, kind=row.kind, state=row.state, address=row.address,
        entry=row.entry.alias if row.entry is not None else None, subject=row.subject, attempts=row.attempts,
        answer=row.answer, written_at=row.created_at, leaves_at=row.leaves_at, sent_at=row.sent_at,
    )  # fmt: skip
