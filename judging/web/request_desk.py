"""The desk for requests about personal data, as the office of a contest and the administration both show it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request

from judging.domain.privacy_requests import (
    CHANNEL_LABELS,
    KIND_LABELS,
    OFFICE_STEPS,
    OPEN,
    PROFILE_LABELS,
    STATE_LABELS,
    STEP_LABELS,
    Channel,
    Profile,
    RequestKind,
    RequestState,
    RequestStep,
    next_due,
    step_leads_to,
)
from judging.domain.retention import ZONE
from judging.domain.values import Problem
from judging.errors import N_, Conflict, Refused
from judging.services.privacy.request_desk.evidence import evidence_of
from judging.services.privacy.request_desk.receiving import Asked, Entered, enter_request
from judging.services.privacy.request_desk.working import count_requests, dues, find_request, list_requests, take_step
from judging.web.context import actor, now
from judging.web.formats import error_sentence, label, problem_sentence
from judging.web.paging import page_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from judging.db.models import Contest, Entry, PrivacyRequest

REFUSED = 422


def queue_values(contest: Contest | None, *, refused: Sequence[str] = ()) -> dict[str, Any]:
    """What the page of the queue shows."""
    page = page_of(count_requests(db(), contest))
    found = list_requests(db(), contest, limit=page.limit, offset=page.offset)
    return {
        "rows": [_row(one) for one in found],
        "list_page": page,
        "refused": refused,
        "typed": request.form,
        "kinds": [(one.value, label(text)) for one, text in KIND_LABELS.items()],
        "channels": [(one.value, label(text)) for one, text in CHANNEL_LABELS.items() if one is not Channel.PAGE],
        "profiles": [(one.value, label(text)) for one, text in PROFILE_LABELS.items()],
        "kind_labels": KIND_LABELS,
        "state_labels": STATE_LABELS,
    }


def request_values(found: PrivacyRequest, *, refused: Sequence[str] = ()) -> dict[str, Any]:
    """What the page of one request shows."""
    state = RequestState(found.state)
    steps = [step for step in OFFICE_STEPS if step_leads_to(step, state) is not None]
    return {
        "one": found,
        "due": next_due(state, dues(found)),
        "late": _is_late(found),
        "refused": refused,
        "typed": request.form,
        "steps": [(step.value, label(STEP_LABELS[step])) for step in steps],
        "step_labels": STEP_LABELS,
        "kind_labels": KIND_LABELS,
        "state_labels": STATE_LABELS,
        "channel_labels": CHANNEL_LABELS,
        "profile_labels": PROFILE_LABELS,
    }


def enter_typed(contest: Contest | None, *, find_entry: Callable[[str], Entry | None]) -> list[str]:
    """Enter the request that the form tells of; returns why it was refused."""
    form = request.form
    code = form.get("code", "").strip()
    entry = find_entry(code) if code else None
    if code and entry is None:
        return [label(N_("There is no entry of that code."))]
    asked = Asked(
        kind=_choice(RequestKind, form.get("kind", ""), RequestKind.SEE), text=form.get("text", ""), contest=contest,
        entry=entry,
    )  # fmt: skip
    try:
        enter_request(db(), asked=asked, entered=_entered(form), actor=actor(), now=now())
    except Refused as refused:
        return [problem_sentence(problem) for problem in refused.problems]
    return []


def step_typed(found: PrivacyRequest) -> list[str]:
    """Take the step that the form tells of; returns why it was refused."""
    try:
        step = RequestStep(request.form.get("step", ""))
        if step not in OFFICE_STEPS:
            raise ValueError(step)
    except ValueError:
        return [label(N_("Choose what was done."))]
    try:
        take_step(db(), request=found, step=step, note=request.form.get("note", ""), actor=actor(), now=now())
    except Refused as refused:
        return [problem_sentence(problem) for problem in refused.problems]
    except Conflict as refused:
        return [error_sentence(refused)]
    return []


def evidence_answer(contest: Contest | None, request_id: str) -> Response:
    """The evidence of a request as a file: JSON, or with `as=html` a page that needs nothing else."""
    found = find_request(db(), contest, request_id)
    if request.args.get("as") == "html":
        body, kind = render_template("privacy/evidence.html", **request_values(found)), "text/html"
    else:
        body, kind = json.dumps(evidence_of(found), ensure_ascii=False, indent=2), "application/json"
    answer = Response(body, mimetype=kind)
    answer.headers["Cache-Control"] = "no-store"
    suffix = kind.rpartition("/")[2]
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.number}.{suffix}"'
    return answer


def _entered(form: Mapping[str, str]) -> Entered:
    return Entered(
        channel=_choice(Channel, form.get("channel", ""), Channel.PAPER),
        person=form.get("person", ""), contact=form.get("contact", ""), identity_note=form.get("identity_note", ""),
        profile=_choice(Profile, form.get("profile", ""), Profile.VN), received_at=_received(form.get("received", "")),
    )  # fmt: skip


def _received(text: str) -> datetime:
    """The day of receipt that was typed, at its beginning; today where there is none. Raises Refused."""
    if not text.strip():
        return now()
    try:
        day = datetime.fromisoformat(text.strip()).date()
    except ValueError as wrong:
        problem = Problem(code="date", where="received", message=N_("That is no day."))
        raise Refused([problem]) from wrong
    return datetime.combine(day, time(), tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def _choice(kind: Any, text: str, otherwise: Any) -> Any:
    try:
        return kind(text)
    except ValueError:
        return otherwise


def _row(one: PrivacyRequest) -> dict[str, Any]:
    return {"one": one, "due": next_due(RequestState(one.state), dues(one)), "late": _is_late(one)}


def _is_late(one: PrivacyRequest) -> bool:
    due = next_due(RequestState(one.state), dues(one))
    return RequestState(one.state) in OPEN and due is not None and due <= now()
