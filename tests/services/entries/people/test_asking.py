"""People are asked by a link that is good once, by few letters, and never about themselves as guardians."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Consent, Contest, SentMessage
from judging.db.session import Database
from judging.domain.permissions import Actor
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.entries.people.asking import LINK_LIFE, Question, ask_person, find_question
from judging.services.entries.people.clock import look_for_missing_consents
from judging.services.entries.people.giving import Proof, take_back
from judging.services.entries.people.roles import LinkRole, Method
from judging.services.entries.people.terms import Terms
from tests.factories import NOW, make_account, make_contest
from tests.letters import SETTINGS
from tests.services.entries.people.cases import GROWN, NINE, answer, ask, entry_of


def test_link_is_good_once_and_for_thirty_days_and_only_the_newest_holds(
    session: Session, registry: Registry, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = iter(["first", "second", "lasting"])
    monkeypatch.setattr("secrets.token_urlsafe", lambda _size: next(tokens))
    entry = entry_of(session, contest, NINE)
    ask(session, registry, entry)
    link = ask(session, registry, entry)

    assert find_question(session, token="first", now=NOW) is None
    assert find_question(session, token="second", now=NOW + LINK_LIFE) is None
    assert find_question(session, token="second", now=NOW) is link
    answer(session, link)
    assert find_question(session, token="second", now=NOW) is None


def test_question_that_moves_to_another_address_ends_at_the_first(
    session: Session, registry: Registry, contest: Contest
) -> None:
    entry = entry_of(session, contest, NINE)
    first = ask(session, registry, entry, email="wrong@example.vn")
    moved = ask(session, registry, entry, email="right@example.vn", now=NOW + timedelta(days=3))
    assert (moved.id, moved.email, moved.asked_at) == (first.id, "right@example.vn", NOW)


def test_letters_to_one_address_are_few(session: Session, registry: Registry, contest: Contest) -> None:
    entry = entry_of(session, contest, NINE)
    for _ in range(3):
        ask(session, registry, entry)
    with pytest.raises(Conflict):
        ask(session, registry, entry)
    ask(session, registry, entry, now=NOW + timedelta(hours=2))


def test_child_is_not_its_own_guardian_and_strangers_ask_nobody(
    session: Session, registry: Registry, contest: Contest
) -> None:
    entry = entry_of(session, contest, NINE, GROWN)
    entry.members[0].email = "child@example.vn"
    with pytest.raises(Refused):
        ask(session, registry, entry, email="Child@example.vn")
    with pytest.raises(Refused):
        ask(session, registry, entry, place=1)
    with pytest.raises(NotAllowed):
        ask_person(
            session, settings=SETTINGS, terms=Terms(), entry=entry, actor=Actor(account_id=make_account(session).id),
            question=Question(role=LinkRole.SCHOOL, email="truong@example.vn"), now=NOW,
        )  # fmt: skip


def test_letters_about_agreements_stand_in_the_log_without_their_links(
    session: Session, registry: Registry, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = iter(["secretone", "secrettwo"])
    monkeypatch.setattr("secrets.token_urlsafe", lambda _size: next(tokens))
    entry = entry_of(session, contest, NINE)
    answer(session, ask(session, registry, entry))
    consent = session.scalars(select(Consent).where(Consent.given_by == "guardian")).one()
    proof = Proof(method=Method.LINK, name="Lò Mẫu Mẹ", locale="vi")
    take_back(session, entry=entry, consent=consent, proof=proof, now=NOW)

    logged = session.scalars(select(SentMessage).order_by(SentMessage.id)).all()
    assert Counter((one.kind, one.entry_id, one.address) for one in logged) == {
        ("people-asked", entry.id, "me@example.vn"): 2,
        ("people-answered", entry.id, entry.owner.email): 1,
        ("consent-withdrawn", entry.id, entry.owner.email): 1,
    }
    assert not [one for one in logged if "secret" in one.text + one.subject]


def test_letter_of_the_coming_erasure_stands_in_the_log(database: Database, registry: Registry) -> None:
    with database.writing() as session:
        entry = entry_of(session, make_contest(session, registry), NINE)
        ask(session, registry, entry)
        entry_id = entry.id

    look_for_missing_consents(database, registry=registry, now=NOW + timedelta(days=24))

    with database.reading() as session:
        kinds = session.scalars(select(SentMessage.kind).where(SentMessage.entry_id == entry_id)).all()
        assert sorted(kinds) == ["erasure-ahead", "people-asked"]
