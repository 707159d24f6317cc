"""Reminders to silent judges: to these alone, one a judge and day, none to whoever stirred before it left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Assignment, AuditEvent, SentMessage
from judging.domain.permissions import Actor, Role
from judging.errors import NotAllowed, Refused
from judging.mail import MemoryTransport
from judging.services.messages.delivery import carry_letter
from judging.services.messages.silent_judges import Reminder, list_reminders, remind_silent
from judging.services.messages.texts import Text, save_template
from tests.factories import NOW, make_assignment
from tests.letters import SETTINGS
from tests.services.office import PRELIMINARY, Office, hold_contest, set_round

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.plugins import Registry

DAY = timedelta(days=1)
# 10 in the morning, 22 at night and 7 in the next morning in Việt Nam.
MORNING = datetime(2021, 10, 20, 3, 0, tzinfo=UTC)
NIGHT = datetime(2021, 10, 20, 15, 0, tzinfo=UTC)
NEXT = datetime(2021, 10, 21, 0, 0, tzinfo=UTC)


@pytest.fixture
def held(database: Database, registry: Registry) -> Office:
    """Three judges with two sheets each, opened five days ago; the third has just done something."""
    with database.writing() as session:
        made = hold_contest(session, registry, entries=2, judges=3)
        set_round(session, made, PRELIMINARY, "open").opened_at = NOW - 5 * DAY
        for judge in made.judges:
            for entry in made.entries:
                make_assignment(session, entry, judge, round_key=PRELIMINARY)
            assert judge.account.name
        made.judges[0].account.locale = "vi"
        session.query(Assignment).filter_by(judge_id=made.judges[2].id).update({"changed_at": NOW - DAY / 2})
    return made


class Desk:
    """The office at work on the database, each act a unit of its own."""

    def __init__(self, database: Database, registry: Registry, held: Office) -> None:
        self.database, self.registry, self.held = database, registry, held

    def listed(self, session: Session, *, at: datetime = MORNING) -> list[Reminder]:
        return list_reminders(
            session, registry=self.registry, settings=SETTINGS, contest=session.merge(self.held.contest),
            rules=self.held.rules, round_key=PRELIMINARY, now=at,
        )  # fmt: skip

    def remind(
        self, session: Session, chosen: Collection[str], *, at: datetime = MORNING, actor: Actor | None = None
    ) -> Sequence[str]:
        sent = remind_silent(
            session, registry=self.registry, settings=SETTINGS, contest=session.merge(self.held.contest),
            rules=self.held.rules, round_key=PRELIMINARY, chosen=chosen, actor=actor or self.held.organiser, now=at,
        )  # fmt: skip
        return [one.progress.judge.alias for one in sent]

    @property
    def aliases(self) -> list[str]:
        return [judge.alias for judge in self.held.judges]


@pytest.fixture
def desk(database: Database, registry: Registry, held: Office) -> Desk:
    return Desk(database, registry, held)


def test_only_silent_judges_are_listed_with_the_letter_in_their_language(database: Database, desk: Desk) -> None:
    with database.reading() as session:
        found = desk.listed(session)

    assert {one.progress.judge.alias for one in found} == set(desk.aliases[:2])
    letters = {one.progress.judge.alias: one.letter for one in found}
    vietnamese, english = letters[desk.aliases[0]], letters[desk.aliases[1]]
    assert "we still wait for 2 sheets from you" in english.text
    assert "2 phiếu" in vietnamese.text
    for letter in (vietnamese, english):
        assert f"/judge/{desk.held.contest.slug}/" in letter.text
        assert "(Asia/Ho_Chi_Minh, UTC+0700)" in letter.text
        assert "%(" not in letter.subject + letter.text


def test_chosen_judges_alone_get_what_was_looked_at_and_the_record_says_so(database: Database, desk: Desk) -> None:
    with database.writing() as session:
        shown = {one.progress.judge.alias: one.letter for one in desk.listed(session)}
        assert desk.remind(session, [desk.aliases[1], desk.aliases[2], "j-none"]) == [desk.aliases[1]]

    with database.reading() as session:
        letter = session.scalars(select(SentMessage)).one()
        assert (letter.subject, letter.text) == shown[desk.aliases[1]]
        assert (letter.kind, letter.account_id) == ("silent-judge", desk.held.judges[1].account_id)
        act = session.scalars(select(AuditEvent).where(AuditEvent.action == "silent-judges-reminded")).one()
        assert act.details == {"round": PRELIMINARY, "judges": [desk.aliases[1]]}


def test_one_letter_a_judge_and_day_and_the_day_is_that_on_which_it_leaves(database: Database, desk: Desk) -> None:
    both = desk.aliases[:2]
    with database.writing() as session:
        assert set(desk.remind(session, both)) == set(both)
        assert list(desk.remind(session, both, at=MORNING + timedelta(hours=2))) == []
        # At night it is put down for the next morning, when another one would come with it.
        assert set(desk.remind(session, both, at=NIGHT)) == set(both)
        assert list(desk.remind(session, both, at=NEXT)) == []
        told = {one.progress.judge.alias for one in desk.listed(session, at=NEXT) if one.told}
        assert told == set(both)
        assert set(desk.remind(session, both, at=NEXT + DAY)) == set(both)
    with database.reading() as session:
        night = session.scalars(select(SentMessage).where(SentMessage.created_at == NIGHT)).all()
        assert {one.leaves_at for one in night} == {datetime(2021, 10, 20, 23, 0, tzinfo=UTC)}


def test_own_text_of_the_organiser_is_what_is_shown_and_sent(database: Database, desk: Desk) -> None:
    with database.writing() as session:
        save_template(
            session, contest=session.merge(desk.held.contest), actor=desk.held.organiser, kind="silent-judge",
            locale="en", template=Text("{count}", "Dear {name}, since {since}."), now=NOW,
        )  # fmt: skip
        (shown,) = [one.letter for one in desk.listed(session) if one.progress.judge.alias == desk.aliases[1]]
        desk.remind(session, [desk.aliases[1]])

    with database.reading() as session:
        letter = session.scalars(select(SentMessage)).one()
    assert shown == (letter.subject, letter.text)
    assert letter.subject == "2 sheets"


@pytest.mark.parametrize("change", [{"state": "submitted"}, {"changed_at": NIGHT + timedelta(minutes=1)}])
def test_letter_that_waits_is_dropped_when_the_judge_stirs(
    database: Database, desk: Desk, change: dict[str, object]
) -> None:
    with database.writing() as session:
        desk.remind(session, desk.aliases[:2], at=NIGHT)
        session.query(Assignment).filter_by(judge_id=desk.held.judges[0].id).update(change)  # type: ignore[arg-type]  # columns by name

    mail = MemoryTransport()
    with database.reading() as session:
        letters = {one.account_id: one.id for one in session.scalars(select(SentMessage))}
    for letter_id in letters.values():
        payload = {
            "to": "a@example.vn", "name": "A", "locale": "en", "subject": "", "text": "", "params": {},
            "written": ["Subject", "Text"], "logged": True,
        }  # fmt: skip
        carry_letter(
            database, letter_id=letter_id, payload=payload, attempt=1, transport=mail, settings=SETTINGS,
            clock=lambda: NEXT,
        )  # fmt: skip

    with database.reading() as session:
        states = {one.account_id: one.state for one in session.scalars(select(SentMessage))}
    stirred, other = desk.held.judges[0].account_id, desk.held.judges[1].account_id
    assert (states[stirred], states[other], len(mail.sent)) == ("dropped", "sent", 1)


def test_nobody_is_reminded_when_nobody_is_chosen_or_the_round_is_closed(database: Database, desk: Desk) -> None:
    with database.writing() as session:
        for chosen in ([], [desk.aliases[2]]):
            with pytest.raises(Refused):
                desk.remind(session, chosen)
        set_round(session, desk.held, PRELIMINARY, "closed")
        with pytest.raises(Refused):
            desk.remind(session, desk.aliases)
        assert session.scalars(select(SentMessage)).all() == []


@pytest.mark.parametrize("roles", [{Role.AUDITOR}, {Role.COMMITTEE}, {Role.ORGANISER, Role.JUDGE}])
def test_only_the_office_reminds_and_nobody_who_judges(database: Database, desk: Desk, roles: set[Role]) -> None:
    actor = Actor(account_id=desk.held.desk.id, roles=frozenset(roles))
    with database.writing() as session, pytest.raises(NotAllowed):
        desk.remind(session, desk.aliases, actor=actor)
