"""A child of nine, one of fifteen and a grown-up; asking somebody about them, and the answer."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from judging.db.models import Contest, Entry, PeopleLink
from judging.domain.country import GivenBy, Purpose
from judging.domain.permissions import Actor
from judging.plugins import Registry
from judging.services.entries.people.answering import Answer, answer_question
from judging.services.entries.people.asking import Question, ask_person
from judging.services.entries.people.guard import check_consents
from judging.services.entries.people.roles import LinkRole
from judging.services.entries.people.terms import Terms, terms_of
from tests.factories import NOW, make_entry
from tests.letters import SETTINGS

TODAY = NOW.date()
NINE, FIFTEEN, GROWN = date(2012, 3, 1), date(2006, 3, 1), date(1990, 3, 1)
POINTS = ((Purpose.TAKE_PART, GivenBy.GUARDIAN), (Purpose.TAKE_PART, GivenBy.SELF))


def entry_of(session: Session, contest: Contest, *births: date, state: str = "draft") -> Entry:
    people = [{"name": f"Lò Mẫu {place}", "born": born} for place, born in enumerate(births)]
    entry = make_entry(session, contest, members=people, state=state)
    session.refresh(entry)
    return entry


def terms(session: Session, registry: Registry, contest: Contest) -> Terms:
    return terms_of(session, contest=contest, rules=registry.rules(contest.kind))


def missing(session: Session, registry: Registry, entry: Entry) -> list[str]:
    rules = registry.rules(entry.contest.kind)
    return [problem.code for problem in check_consents(session, entry=entry, rules=rules, on=TODAY)]


def ask(
    session: Session, registry: Registry, entry: Entry, *, role: LinkRole = LinkRole.GUARDIAN,
    email: str = "me@example.vn", now: datetime = NOW, place: int = 0,
) -> PeopleLink:  # fmt: skip
    member = entry.members[place] if role in (LinkRole.GUARDIAN, LinkRole.COAUTHOR) else None
    return ask_person(
        session, settings=SETTINGS, terms=terms(session, registry, entry.contest), entry=entry,
        question=Question(role=role, email=email, member=member), actor=Actor(account_id=entry.owner_id), now=now,
    )  # fmt: skip


def answer(session: Session, link: PeopleLink, *, accepts: bool = True, now: datetime = NOW) -> str:
    given = Answer(name="Lò Mẫu Mẹ", accepts=accepts, locale="vi", agreed=POINTS)
    return answer_question(
        session, settings=SETTINGS, link=link, answer=given, words=tuple(GivenBy), now=now
    )  # fmt: skip
