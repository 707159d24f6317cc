"""Reminding the desk: a letter a day before a date and one when it is missed, each once to each person."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from judging.db.jobs import enqueue_once
from judging.db.models import Account, Contest, ContestRole, OrganisationRole, PrivacyRequest
from judging.domain.permissions import Role
from judging.domain.privacy_requests import OPEN, RequestState, next_due, reminder_of
from judging.domain.retention import ZONE
from judging.errors import N_
from judging.services.letters import LETTER_JOB, letter_payload
from judging.services.links import page_link
from judging.services.privacy.request_desk.working import dues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.settings import Settings

REMIND_JOB = "remind-request-desk"
MORNING = time(7, 30)
_DESK = (Role.SECRETARY.value, Role.ORGANISER.value)
_SUBJECTS = {
    "soon": N_("Request %(number)s is due tomorrow"),
    "late": N_("Request %(number)s is overdue"),
}
_TEXTS = {
    "soon": N_(
        "Hello %(name)s,\n\nthe request %(number)s about personal data must be seen to before %(due)s (UTC). Open "
        "it here:\n\n%(link)s\n"
    ),
    "late": N_(
        "Hello %(name)s,\n\nthe request %(number)s about personal data should have been seen to before %(due)s "
        "(UTC). See to it today, and write down why it is late:\n\n%(link)s\n"
    ),
}


def plan_reminders(session: Session, *, now: datetime) -> None:
    """Have the coming morning's reminders sent, once however often this is called."""
    here = now.astimezone(ZoneInfo(ZONE))
    today = datetime.combine(here.date(), MORNING, tzinfo=here.tzinfo)
    due = (today if here < today else today + timedelta(days=1)).astimezone(UTC)
    job_id = str(uuid5(NAMESPACE_URL, f"judging:{REMIND_JOB}:{due.isoformat()}"))
    enqueue_once(session, job_id=job_id, name=REMIND_JOB, payload={}, now=now, run_after=due)


def send_reminders(database: Database, *, settings: Settings, now: datetime) -> int:
    """Plan the next morning, then remind of what is due: the handler of REMIND_JOB. Returns how many letters leave."""
    with database.writing() as session:
        plan_reminders(session, now=now)
    with database.writing() as session:
        query = (
            select(PrivacyRequest)
            .where(PrivacyRequest.state.in_([state.value for state in OPEN]))
            .options(joinedload(PrivacyRequest.contest))
            .order_by(PrivacyRequest.number)
        )
        return sum(_remind(session, request, settings, now) for request in session.scalars(query).all())


def _remind(session: Session, request: PrivacyRequest, settings: Settings, now: datetime) -> int:
    state = RequestState(request.state)
    told, due = reminder_of(state, dues(request), now), next_due(state, dues(request))
    if not told or due is None:
        return 0
    path = f"/admin/requests/{request.id}"
    if request.contest is not None:
        path = f"/organise/{request.contest.slug}/requests/{request.id}"
    sent = 0
    for person in desk_of(session, request.contest):
        params = {
            "name": person.name, "number": request.number, "due": f"{due:%Y-%m-%d %H:%M}",
            "link": page_link(settings, path),
        }  # fmt: skip
        payload = letter_payload(to=person, subject=_SUBJECTS[told], text=_TEXTS[told], params=params)
        letter = f"judging:request:{request.id}:{told}:{due.isoformat()}:{person.id}"
        sent += enqueue_once(
            session, job_id=str(uuid5(NAMESPACE_URL, letter)), name=LETTER_JOB, payload=payload, now=now
        )
    return sent


def desk_of(session: Session, contest: Contest | None) -> Sequence[Account]:
    """Who sees to a request: secretaries and organisers of its contest, without one the administrators."""
    if contest is None:
        wanted: ColumnElement[bool] = Account.is_administrator.is_(True)
    else:
        here = select(ContestRole.account_id).where(ContestRole.contest_id == contest.id, ContestRole.role.in_(_DESK))
        office = select(OrganisationRole.account_id).where(
            OrganisationRole.organisation_id == contest.organisation_id, OrganisationRole.role.in_(_DESK)
        )
        wanted = Account.id.in_(here) | Account.id.in_(office)
    query = select(Account).where(wanted, Account.disabled_at.is_(None)).order_by(Account.id)
    return session.scalars(query).all()
