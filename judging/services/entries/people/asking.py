"""Asking people about an entry by one-time links: new, sent again, opened.

A link is good until it is answered, thirty days at most, and only the newest one to a person holds. Opening it changes
nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.models import Contest, Entry, PeopleLink
from judging.domain.addresses import email_key, tidy_address, tidy_name
from judging.domain.country import GivenBy
from judging.domain.entry_states import EntryState
from judging.domain.fields import EntryField, FieldKind
from judging.domain.permissions.actors import DESK
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.services.attempts import Act, may_attempt, record_attempt
from judging.services.entries.answers import Unreadable, read_answer
from judging.services.entries.people.clock import plan_next_look
from judging.services.entries.people.letters import send_question
from judging.services.entries.people.roles import ACCEPTED, OF_MEMBERS, LinkRole
from judging.services.entries.record import record_entry_event
from judging.services.links import TOKEN_PARAMETER, page_link

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from judging.db.models import EntryMember
    from judging.domain.permissions import Actor
    from judging.services.entries.people.terms import Terms
    from judging.settings import Settings

ANSWER_PATH = "/answer"
MY_CONSENTS_PATH = "/my/consents"
LINK_LIFE = timedelta(days=30)
_EMAIL = EntryField(key="email", label="e-mail", kind=FieldKind.EMAIL)
_OUT = frozenset({EntryState.WITHDRAWN.value, EntryState.DISQUALIFIED.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whom to ask: an author or their guardian names its `member`, mentor and school name none."""

    role: LinkRole
    email: str
    name: str = ""
    member: EntryMember | None = None


def may_ask(entry: Entry, actor: Actor) -> bool:
    """Whether the actor may send links for the entry: whoever made it, and the desk, unless it is out or erased."""
    owns = actor.account_id is not None and actor.account_id == entry.owner_id
    return (owns or actor.has(*DESK)) and entry.erased_at is None and entry.state not in _OUT


def ask_person(
    session: Session,
    *,
    settings: Settings,
    terms: Terms,
    entry: Entry,
    question: Question,
    actor: Actor,
    now: datetime,
) -> PeopleLink:
    """Send somebody the link that asks them, or send it again; the one before it ends.

    Whoever answered already gets their lasting link instead. Raises NotAllowed, Refused for what was typed, and
    Conflict when too many letters were asked for.
    """
    if not may_ask(entry, actor) or actor.account_id is None:
        raise NotAllowed(N_("Only whoever made this entry, and the office, send these links."))
    asked = replace(question, email=_readable(question.email))
    member, address = asked.member, asked.email
    if problem := _wrong_with(entry, asked, terms, now):
        raise Refused([Problem(code="asked", message=problem, where="email")])
    if not may_attempt(session, act=Act.PEOPLE_LETTER, email=address, source=actor.account_id, now=now):
        raise Conflict(N_("This address was written to several times within an hour. Wait a while, then send again."))
    record_attempt(session, act=Act.PEOPLE_LETTER, email=address, source=actor.account_id, now=now)
    link = _row(session, entry, asked, now)
    link.name = tidy_name(asked.name)[:200] or link.name
    link.locale = entry.owner.locale
    _send(session, settings, link, now)
    record_entry_event(
        session, entry=entry, action="people-asked", actor_id=actor.account_id, now=now,
        details={"role": asked.role.value}, subject="member" if member is not None else "entry",
        subject_id=member.id if member is not None else None,
    )  # fmt: skip
    if asked.role is LinkRole.GUARDIAN:
        plan_next_look(session, now=now)
    return link


def find_question(session: Session, *, token: str, now: datetime) -> PeopleLink | None:
    """The open question of that token; None when it is unknown, answered, too old, or its entry is out."""
    link = session.scalar(_with_all().where(PeopleLink.token_sha256 == sha256_of(token)))
    if link is None or link.answered_at is not None or link.expires_at is None or now >= link.expires_at:
        return None
    return link if link.entry.erased_at is None and link.entry.state not in _OUT else None


def find_lasting(session: Session, *, token: str) -> PeopleLink | None:
    """Whoever holds that personal link; None when it is unknown or the entry was erased."""
    link = session.scalar(_with_all().where(PeopleLink.lasting_sha256 == sha256_of(token)))
    return link if link is not None and link.entry.erased_at is None else None


def make_lasting(link: PeopleLink, settings: Settings) -> tuple[str, str]:
    """A new personal link: its token and its address; the one before it ends."""
    token = secrets.token_urlsafe(32)
    link.lasting_sha256 = sha256_of(token)
    return token, _address(settings, MY_CONSENTS_PATH, token)


def sha256_of(token: str) -> str:
    """As tokens are stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def _send(session: Session, settings: Settings, link: PeopleLink, now: datetime) -> None:
    link.sent_at = now
    if link.answered_at is not None:
        address = make_lasting(link, settings)[1]
    else:
        token = secrets.token_urlsafe(32)
        link.token_sha256, link.expires_at = sha256_of(token), now + LINK_LIFE
        address = _address(settings, ANSWER_PATH, token)
    session.flush()
    send_question(session, settings=settings, link=link, address=address, now=now)


def _row(session: Session, entry: Entry, asked: Question, now: datetime) -> PeopleLink:
    """The question to that person, which was asked before or is new; an open one to another address ends.

    When it was first asked counts for the thirty days, so a question that moves to another address keeps its moment.
    """
    query = select(PeopleLink).where(
        PeopleLink.entry_id == entry.id,
        PeopleLink.role == asked.role,
        PeopleLink.member_id == (asked.member.id if asked.member is not None else None),
    )
    before = session.scalars(query.order_by(PeopleLink.asked_at)).all()
    same = next((one for one in before if email_key(one.email) == email_key(asked.email)), None)
    found = same or next((one for one in before if one.answered_at is None), None)
    if found is None:
        found = PeopleLink(entry_id=entry.id, role=asked.role.value, email=asked.email, asked_at=now, answer="")
        session.add(found)
        found.entry, found.member = entry, asked.member
    if found is not same:
        found.email, found.name = asked.email, ""
    if found.answered_at is not None and found.answer != ACCEPTED:
        # Whoever said no is asked anew; what they said stands in the record.
        found.answered_at, found.answer = None, ""
    session.flush()
    return found


def _readable(email: str) -> str:
    try:
        address = read_answer(_EMAIL, tidy_address(email), locale="en")
    except Unreadable as wrong:
        raise Refused([Problem(code="unreadable", message=wrong.message, where="email")]) from wrong
    if not address:
        raise Refused([Problem(code="email-missing", message=N_("Write the e-mail address."), where="email")])
    return str(address)


def _wrong_with(entry: Entry, asked: Question, terms: Terms, now: datetime) -> str:
    member, role = asked.member, asked.role
    if (role in OF_MEMBERS) != (member is not None) or (member is not None and member.entry_id != entry.id):
        return N_("This author is no longer part of the entry.")
    if member is None:
        return ""
    needed = terms.needed(member.born, now.date())
    if role is LinkRole.GUARDIAN and GivenBy.GUARDIAN not in needed:
        return N_("This author is grown up and needs no guardian's word.")
    if role is LinkRole.COAUTHOR and GivenBy.SELF not in needed:
        return N_("Such a young child is not asked alone: the guardian answers.")
    if role is LinkRole.GUARDIAN and email_key(asked.email) == email_key(member.email):
        return N_("This is the child's own address. Write the address of a father, mother or guardian.")
    return ""


def _address(settings: Settings, path: str, token: str) -> str:
    return page_link(settings, f"{path}?{urlencode({TOKEN_PARAMETER: token})}")


def _with_all() -> Select[PeopleLink]:
    return select(PeopleLink).options(
        joinedload(PeopleLink.entry).joinedload(Entry.contest).joinedload(Contest.organisation),
        joinedload(PeopleLink.member),
    )
