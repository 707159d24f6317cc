"""The evidence of a request: what was asked, when, who did what, and what the answer was."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from judging.db.models import PrivacyRequest

FORMAT = "judging-privacy-request/1"


def evidence_of(request: PrivacyRequest) -> dict[str, Any]:
    """The whole request as plain JSON. Moments are in UTC; `…_in_time` is None until it is known."""
    return {
        "format": FORMAT,
        "number": request.number,
        "kind": request.kind,
        "channel": request.channel,
        "profile": request.profile,
        "state": request.state,
        "contest": request.contest.slug if request.contest is not None else None,
        "entry": request.entry.alias if request.entry is not None else None,
        "about_child": request.about_child,
        "person": request.person,
        "contact": request.contact,
        "asked": request.text,
        "identity_check": request.identity_note,
        "received_at": _text(request.received_at),
        "answer_due": _text(request.answer_due),
        "answered_at": _text(request.answered_at),
        "answered_in_time": _in_time(request.answered_at, request.answer_due),
        "act_due": _text(request.act_due),
        "closed_at": _text(request.closed_at),
        "closed_in_time": _in_time(request.closed_at, request.act_due),
        "steps": [
            {
                "at": _text(step.at),
                "step": step.step,
                "by": step.by.name if step.by is not None else None,
                "note": step.note,
            }
            for step in request.steps
        ],
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _in_time(at: datetime | None, due: datetime) -> bool | None:
    return None if at is None else at < due
