"""An answer by link or on paper is proved by words, time, method and name."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Consent, ConsentText, Contest
from judging.domain.country import GivenBy, Purpose
from judging.domain.permissions import Actor, Role
from judging.errors import NotAllowed, Refused
from judging.plugins import Registry
from judging.services.entries.people.answering import Answer, answer_question
from judging.services.entries.people.asking import find_lasting
from judging.services.entries.people.paper import paper_code, record_paper
from judging.services.entries.people.standing import member_states
from tests.factories import NOW
from tests.letters import SETTINGS
from tests.services.entries.people.cases import NINE, POINTS, TODAY, answer, ask, entry_of, missing, terms


def test_guardians_answer_is_proved_by_words_time_method_and_name(
    session: Session, registry: Registry, contest: Contest
) -> None:
    entry = entry_of(session, contest, NINE)

    token = answer(session, ask(session, registry, entry), now=NOW + timedelta(hours=1))

    assert missing(session, registry, entry) == []
    rows = session.scalars(select(Consent).order_by(Consent.given_by)).all()
    assert [(row.purpose, row.given_by, row.method, row.by_name) for row in rows] == [
        ("take-part", "guardian", "link", "Lò Mẫu Mẹ"),
        ("take-part", "self", "link", "Lò Mẫu Mẹ"),
    ]
    assert {row.given_at for row in rows} == {NOW + timedelta(hours=1)}
    for row in rows:
        text = session.get_one(ConsentText, row.text_sha256)
        assert hashlib.sha256(text.text.encode()).hexdigest() == row.text_sha256
        assert text.locale == "vi"
    held = find_lasting(session, token=token)
    assert held is not None
    assert held.member_id == entry.members[0].id


def test_yes_needs_a_name_and_the_first_point(session: Session, registry: Registry, contest: Contest) -> None:
    link = ask(session, registry, entry_of(session, contest, NINE))
    for wrong in (
        Answer(name="", accepts=True, locale="vi", agreed=POINTS),
        Answer(name="Lò Mẫu Mẹ", accepts=True, locale="vi", agreed=[(Purpose.PHOTO, GivenBy.GUARDIAN)]),
    ):
        with pytest.raises(Refused):
            answer_question(session, settings=SETTINGS, link=link, answer=wrong, words=tuple(GivenBy), now=NOW)
    answer(session, link, accepts=False)
    assert (link.answer, session.scalars(select(Consent)).all()) == ("declined", [])


def test_paper_needs_the_office_and_a_code_of_this_entry(
    session: Session, registry: Registry, contest: Contest
) -> None:
    entry, other = entry_of(session, contest, NINE), entry_of(session, contest, NINE)
    states = member_states(session, entry=entry, terms=terms(session, registry, contest), on=TODAY)
    office = Actor(account_id=entry.owner_id, roles=frozenset({Role.SECRETARY}))

    def record(actor: Actor, code: str) -> None:
        record_paper(
            session, settings=SETTINGS, entry=entry, states=states, code=code, agreed=POINTS, name="Lò Mẫu Mẹ",
            actor=actor, locale="vi", now=NOW,
        )  # fmt: skip

    with pytest.raises(NotAllowed):
        record(Actor(account_id=entry.owner_id), paper_code(SETTINGS, entry.members[0].id))
    with pytest.raises(Refused):
        record(office, paper_code(SETTINGS, other.members[0].id))
    record(office, paper_code(SETTINGS, entry.members[0].id).lower().replace("-", " "))
    assert missing(session, registry, entry) == []
