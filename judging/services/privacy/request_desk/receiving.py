"""Requests coming in: from the person's own account, or entered by the office from paper, phone, letter or counter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from judging.db.models import Account, Contest, Entry, PrivacyRequest, PrivacyStep
from judging.domain.privacy_requests import Channel, Profile, RequestKind, RequestStep, dues_of, profile_of_zone
from judging.domain.privacy_rights import can_see_requests
from judging.domain.retention import ZONE
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.letters import send_letter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.domain.permissions import Actor

MOST_TEXT = 4_000
_LONGEST_NAME, _LONGEST_CONTACT = 200, 254


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asks for, about which contest or entry of theirs, in their own words."""

    kind: RequestKind
    text: str
    contest: Contest | None = None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What the office knows of a request that did not come in on a page; `identity_note` says how it was checked."""

    channel: Channel
    person: str
    contact: str
    identity_note: str
    profile: Profile
    received_at: datetime


def contests_to_ask(session: Session, account: Account) -> Sequence[Contest]:
    """The contests in which the account has entries, which a request may be about."""
    own = select(Entry.contest_id).where(Entry.owner_id == account.id)
    return session.scalars(select(Contest).where(Contest.id.in_(own)).order_by(Contest.created_at.desc())).all()


def receive_own(session: Session, *, account: Account, asked: Asked, now: datetime) -> PrivacyRequest:
    """Take a request of the signed-in person. Raises Refused without words."""
    _check_text(asked.text)
    zone = asked.contest.zone if asked.contest is not None else ZONE
    request = _store(
        session, asked, profile=profile_of_zone(zone), zone=zone, channel=Channel.PAGE, received_at=now,
        account_id=account.id, person=account.name, contact=account.email,
    )  # fmt: skip
    _step(session, request, account.id, now)
    send_letter(
        session, to=account, subject=N_("Your request %(number)s"),
        text=N_(
            "Hello %(name)s,\n\nyour request %(number)s about your data has been received. You get an answer by "
            "%(day)s (UTC) at the latest. Its state stands on the page “Your data” of your account.\n"
        ),
        params={"name": account.name, "number": request.number, "day": f"{request.answer_due:%Y-%m-%d %H:%M}"}, now=now,
    )  # fmt: skip
    return request


def enter_request(session: Session, *, asked: Asked, entered: Entered, actor: Actor, now: datetime) -> PrivacyRequest:
    """Take a request that reached the office. Raises NotAllowed, and Refused naming what lacks."""
    if not can_see_requests(actor, of_contest=asked.contest is not None):
        raise NotAllowed(N_("Requests are entered by the secretary, the organiser and the administrator."))
    problems = _gaps(asked, entered, now)
    if problems:
        raise Refused(problems)
    zone = asked.contest.zone if asked.contest is not None else ZONE
    request = _store(
        session, asked, profile=entered.profile, zone=zone, channel=entered.channel,
        received_at=entered.received_at, account_id=None, person=entered.person.strip()[:_LONGEST_NAME],
        contact=entered.contact.strip()[:_LONGEST_CONTACT], identity_note=entered.identity_note.strip(),
    )  # fmt: skip
    _step(session, request, actor.account_id, now)
    return request


def _check_text(text: str) -> None:
    if not text.strip():
        raise Refused([Problem(code="missing", where="text", message=N_("Write what you ask for."))])


def _gaps(asked: Asked, entered: Entered, now: datetime) -> list[Problem]:
    wanted = (
        ("text", asked.text, N_("Write what was asked for.")),
        ("person", entered.person, N_("Write who asks.")),
        ("identity_note", entered.identity_note, N_("Write how you made sure who asks: which paper, which call back.")),
    )
    problems = [Problem(code="missing", where=key, message=text) for key, value, text in wanted if not value.strip()]
    if entered.received_at > now:
        problems.append(Problem(code="future", where="received", message=N_("That day is still to come.")))
    return problems


def _store(
    session: Session,
    asked: Asked,
    *,
    profile: Profile,
    zone: str,
    channel: Channel,
    received_at: datetime,
    account_id: str | None,
    person: str,
    contact: str,
    identity_note: str = "",
) -> PrivacyRequest:
    dues = dues_of(asked.kind, profile, received_at, zone=zone)
    entry = asked.entry
    request = PrivacyRequest(
        number=_next_number(session, received_at), kind=asked.kind.value, channel=channel.value,
        profile=profile.value, contest_id=asked.contest.id if asked.contest is not None else None,
        entry_id=entry.id if entry is not None else None, account_id=account_id,
        about_child=entry is not None and bool((entry.contest.rules or {}).get("children")), person=person,
        contact=contact, text=asked.text.strip()[:MOST_TEXT], identity_note=identity_note, received_at=received_at,
        answer_due=dues.answer, act_due=dues.act,
    )  # fmt: skip
    session.add(request)
    session.flush()
    return request


def _next_number(session: Session, received_at: datetime) -> str:
    prefix = f"YC-{received_at.year}-"
    last = session.scalar(select(func.max(PrivacyRequest.number)).where(PrivacyRequest.number.startswith(prefix)))
    return f"{prefix}{int(last.rpartition('-')[2]) + 1 if last else 1:05d}"


def _step(session: Session, request: PrivacyRequest, by_id: str | None, now: datetime) -> None:
    session.add(PrivacyStep(request_id=request.id, at=now, by_id=by_id, step=RequestStep.RECEIVE.value))
    session.flush()
    record_event(
        session, action="privacy-request-received", subject="privacy-request", subject_id=request.id, actor_id=by_id,
        contest_id=request.contest_id, details={"code": request.number, "kind": request.kind}, now=now,
    )  # fmt: skip
