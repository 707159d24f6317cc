"""A name is published only while every needed word stands."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Entry
from judging.domain.permissions import Actor
from judging.errors import NotAllowed
from judging.plugins import Registry
from judging.services.entries.consents import GivenBy, publishable_names, publishable_units, record_consents
from judging.services.entries.people.terms import Terms, terms_of
from tests.factories import NOW, make_contest, make_entry

SELF, GUARDIAN = GivenBy.SELF, GivenBy.GUARDIAN
PEOPLE = ({"name": "Nông Mẫu Bình", "unit": "THCS Mẫu 1"}, {"name": "Lò Mẫu An", "unit": "THCS Mẫu 2"})


@pytest.fixture
def entry(session: Session, registry: Registry) -> Entry:
    return make_entry(session, make_contest(session, registry), members=PEOPLE)


def consent(session: Session, entry: Entry, registry: Registry, *words: tuple[int, GivenBy]) -> None:
    record_consents(
        session,
        entry=entry,
        actor=Actor(account_id=entry.owner_id),
        terms=terms_of(session, contest=entry.contest, rules=registry.rules(entry.contest.kind)),
        words=[(entry.members[at].id, by) for at, by in words],
        locale="vi",
        on=NOW.date(),
        now=NOW,
    )


def test_child_is_named_only_when_child_and_guardian_agree(session: Session, registry: Registry, entry: Entry) -> None:
    rules = registry.rules("youth-creativity")
    assert publishable_names(session, entries=[entry], rules=rules) == {entry.id: ()}

    consent(session, entry, registry, (1, GUARDIAN))
    assert publishable_names(session, entries=[entry], rules=rules) == {entry.id: ()}

    consent(session, entry, registry, (1, GUARDIAN), (1, SELF))
    assert publishable_names(session, entries=[entry], rules=rules) == {entry.id: ("Lò Mẫu An",)}
    assert publishable_units(session, entries=[entry], rules=rules) == {entry.id: ("THCS Mẫu 2",)}


def test_consent_that_is_taken_back_hides_the_name_at_once_and_can_be_given_again(
    session: Session, registry: Registry, entry: Entry
) -> None:
    rules = registry.rules("youth-creativity")
    consent(session, entry, registry, (0, SELF), (0, GUARDIAN))

    consent(session, entry, registry, (0, SELF))
    assert publishable_names(session, entries=[entry], rules=rules) == {entry.id: ()}

    consent(session, entry, registry, (0, SELF), (0, GUARDIAN))
    assert publishable_names(session, entries=[entry], rules=rules) == {entry.id: ("Nông Mẫu Bình",)}
    actions = [row.action for row in session.query(AuditEvent).order_by(AuditEvent.id)]
    assert actions == ["people-answered", "consent-given", "consent-given", "consent-withdrawn", "consent-given"]


def test_adult_is_named_by_their_own_word(session: Session, registry: Registry) -> None:
    kind = next(key for key, rules in registry.kinds.items() if not rules.children)
    entry = make_entry(session, make_contest(session, registry, kind=kind), members=PEOPLE)

    consent(session, entry, registry, (0, SELF), (1, GUARDIAN))

    rules = registry.rules(kind)
    assert publishable_names(session, entries=[entry], rules=rules) == {entry.id: ("Nông Mẫu Bình",)}


def test_only_the_owner_records_consents(session: Session, entry: Entry) -> None:
    with pytest.raises(NotAllowed):
        record_consents(
            session, entry=entry, actor=Actor(account_id="somebody"), terms=Terms(),
            words=[(entry.members[0].id, SELF)], locale="vi", on=NOW.date(), now=NOW,
        )  # fmt: skip


def test_names_of_many_entries_take_one_query(session: Session, registry: Registry, entry: Entry) -> None:
    entries = [make_entry(session, entry.contest, members=PEOPLE) for _ in range(12)]
    for each in entries:
        consent(session, each, registry, (0, SELF), (0, GUARDIAN))
    statements: list[str] = []
    engine = session.get_bind()
    listener = lambda *args: statements.append(args[2])  # noqa: E731 - removed again below
    event.listen(engine, "before_cursor_execute", listener)

    names = publishable_names(session, entries=entries, rules=registry.rules("youth-creativity"))

    event.remove(engine, "before_cursor_execute", listener)
    assert set(names.values()) == {("Nông Mẫu Bình",)}
    assert len(statements) == 1
