"""Working on requests: the queue, and the steps that are taken with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.orm import joinedload, selectinload

from judging.db.models import PrivacyRequest, PrivacyStep
from judging.domain.privacy_requests import OPEN, Dues, RequestState, RequestStep, step_leads_to
from judging.domain.privacy_rights import can_see_requests
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, NotFound, Refused
from judging.services.audit import record_event
from judging.services.letters import send_letter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account, Contest
    from judging.domain.permissions import Actor

_OPEN = [state.value for state in OPEN]
_ACTIONS = {
    RequestStep.ANSWER: "privacy-request-answered",
    RequestStep.NOTE: "privacy-request-noted",
    RequestStep.DO: "privacy-request-done",
    RequestStep.REFUSE: "privacy-request-refused",
    RequestStep.TAKE_BACK: "privacy-request-taken-back",
}


def list_requests(session: Session, contest: Contest | None, *, limit: int, offset: int) -> Sequence[PrivacyRequest]:
    """The requests about a contest, or all of the installation: open ones first, by the date that is next."""
    closed = case((PrivacyRequest.state.in_(_OPEN), 0), else_=1)
    due = case((PrivacyRequest.state == RequestState.RECEIVED, PrivacyRequest.answer_due), else_=PrivacyRequest.act_due)
    query = (
        select(PrivacyRequest)
        .where(_of(contest))
        .options(joinedload(PrivacyRequest.contest), joinedload(PrivacyRequest.entry))
        .order_by(closed, due, PrivacyRequest.number)
    )
    return session.scalars(query.limit(limit).offset(offset)).all()


def count_requests(session: Session, contest: Contest | None) -> int:
    """How many requests there are about a contest, or at all."""
    return session.scalar(select(func.count()).select_from(PrivacyRequest).where(_of(contest))) or 0


def own_requests(session: Session, account: Account) -> Sequence[PrivacyRequest]:
    """What the person has asked for, the newest first."""
    query = select(PrivacyRequest).where(PrivacyRequest.account_id == account.id)
    return session.scalars(query.order_by(PrivacyRequest.received_at.desc(), PrivacyRequest.id.desc())).all()


def find_request(session: Session, contest: Contest | None, request_id: str) -> PrivacyRequest:
    """The request of that id, about that contest if one is named. Raises NotFound."""
    found = session.scalar(
        select(PrivacyRequest)
        .where(PrivacyRequest.id == request_id, _of(contest))
        .options(
            joinedload(PrivacyRequest.contest), joinedload(PrivacyRequest.entry),
            selectinload(PrivacyRequest.steps).joinedload(PrivacyStep.by),
        )
    )  # fmt: skip
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found


def dues(request: PrivacyRequest) -> Dues:
    """The request's dates as a value."""
    return Dues(answer=request.answer_due, act=request.act_due)


def take_step(
    session: Session, *, request: PrivacyRequest, step: RequestStep, note: str, actor: Actor, now: datetime
) -> None:
    """Answer, do, refuse, or note something; the person is told of all but notes, if we have their account.

    Raises NotAllowed, Refused without words, and Conflict when the request is in no state for it.
    """
    if not can_see_requests(actor, of_contest=request.contest_id is not None):
        raise NotAllowed(N_("Requests are worked on by the secretary, the organiser and the administrator."))
    if not note.strip():
        raise Refused([Problem(code="missing", where="note", message=N_("Write what was done, or why not."))])
    _advance(session, request, step, note=note.strip(), by_id=actor.account_id, now=now)
    if step is not RequestStep.NOTE and request.account is not None:
        _tell_person(session, request, note.strip(), now=now)


def take_back(session: Session, *, request: PrivacyRequest, account: Account, now: datetime) -> None:
    """Let the person take their own request back. Raises NotFound for another's, and Conflict once it is closed."""
    if request.account_id != account.id:
        raise NotFound(N_("There is nothing here."))
    _advance(session, request, RequestStep.TAKE_BACK, note="", by_id=account.id, now=now)


def _advance(
    session: Session, request: PrivacyRequest, step: RequestStep, *, note: str, by_id: str | None, now: datetime
) -> None:
    session.refresh(request, ["state", "version"], with_for_update=True)
    after = step_leads_to(step, RequestState(request.state))
    if after is None:
        raise Conflict(N_("This cannot be done with the request now: it is closed, or was answered before."))
    if after is not RequestState.RECEIVED and request.answered_at is None and step is not RequestStep.NOTE:
        request.answered_at = now
    if after not in OPEN and request.closed_at is None:
        request.closed_at = now
    request.state = after.value
    session.add(PrivacyStep(request_id=request.id, at=now, by_id=by_id, step=step.value, note=note))
    session.flush()
    record_event(
        session, action=_ACTIONS[step], subject="privacy-request", subject_id=request.id, actor_id=by_id,
        contest_id=request.contest_id, details={"code": request.number}, now=now,
    )  # fmt: skip


def _tell_person(session: Session, request: PrivacyRequest, note: str, *, now: datetime) -> None:
    assert request.account is not None, "the caller has looked"  # noqa: S101 - says what the caller made sure of
    send_letter(
        session, to=request.account, subject=N_("Your request %(number)s"),
        text=N_(
            "Hello %(name)s,\n\nabout your request %(number)s:\n\n%(note)s\n\n"
            "Its state stands on the page “Your data” of your account.\n"
        ),
        params={"name": request.account.name, "number": request.number, "note": note}, now=now,
    )  # fmt: skip


def _of(contest: Contest | None) -> ColumnElement[bool]:
    return true() if contest is None else PrivacyRequest.contest_id == contest.id
