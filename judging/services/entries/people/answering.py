"""Answers to the links: a guardian's point by point, an author's, a mentor's, a school's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.domain.addresses import tidy_name
from judging.domain.country import GivenBy, Purpose
from judging.domain.values import Problem
from judging.errors import N_, Refused
from judging.services.entries.people.asking import make_lasting
from judging.services.entries.people.giving import Proof, give_consents
from judging.services.entries.people.letters import send_question, tell_owner
from judging.services.entries.people.roles import ACCEPTED, DECLINED, OF_MEMBERS, LinkRole, Method, word_of
from judging.services.entries.people.wording import CONFIRMATIONS, keep_text
from judging.services.entries.record import record_entry_event

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import PeopleLink
    from judging.settings import Settings

_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was typed: the name of who answers, whether they say yes, and the points agreed to by whose word.

    `locale` is the language in which the words were shown.
    """

    name: str
    accepts: bool
    locale: str
    agreed: Collection[tuple[Purpose, GivenBy]] = ()


def answer_question(
    session: Session, *, settings: Settings, link: PeopleLink, answer: Answer, words: Collection[GivenBy], now: datetime
) -> str:
    """Record an answer and use the link up; returns the token of the person's lasting link, empty after a no.

    `words` are those that this person may give. Raises Refused without a name, and for a yes of a guardian or author
    that does not agree to taking part.
    """
    role, name = LinkRole(link.role), tidy_name(answer.name)[:200]
    if len(name) < _SHORTEST_NAME:
        raise Refused([Problem(code="name-missing", message=N_("Write your own full name."), where="name")])
    agreed = [(purpose, by) for purpose, by in answer.agreed if by in words] if answer.accepts else []
    if answer.accepts and role in OF_MEMBERS and (Purpose.TAKE_PART, word_of(role)) not in agreed:
        raise Refused(
            [
                Problem(
                    code="take-part-missing", where="take-part",
                    message=N_("To say yes, tick at least the first point. To say no, use the other button."),
                )
            ]
        )  # fmt: skip
    link.answered_at, link.answered_name, link.method = now, name, Method.LINK.value
    link.answer = ACCEPTED if answer.accepts else DECLINED
    if answer.accepts and role.value in CONFIRMATIONS:
        link.text_sha256 = keep_text(session, msgid=CONFIRMATIONS[role.value], locale=answer.locale)
    _give(session, link, agreed, Proof(method=Method.LINK, name=name, locale=answer.locale), now)
    record_entry_event(
        session, entry=link.entry, action="people-answered" if answer.accepts else "people-declined", actor_id=None,
        now=now, details={"role": role.value, "method": Method.LINK.value},
        subject="member" if link.member_id else "entry", subject_id=link.member_id,
    )  # fmt: skip
    token, address = make_lasting(link, settings) if answer.accepts else ("", "")
    session.flush()
    if answer.accepts and role in OF_MEMBERS:
        send_question(session, settings=settings, link=link, address=address, now=now)
    tell_owner(session, link=link, now=now)
    return token


def _give(
    session: Session, link: PeopleLink, agreed: Collection[tuple[Purpose, GivenBy]], proof: Proof, now: datetime
) -> None:
    if link.member is None:
        return
    for word in GivenBy:
        purposes = [purpose for purpose, by in agreed if by is word]
        if purposes:
            give_consents(
                session, entry=link.entry, member=link.member, by=word, purposes=purposes, proof=proof, now=now
            )
