"""Returned dossiers: their reminder, a later date, and what the date of an older return means."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from judging.db.jobs import JobTable
from judging.db.models import AuditEvent, Entry, ReturnTerm, Screening, SentMessage
from judging.db.queries.return_terms import count_overdue
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.job_handlers import Means, job_handlers
from judging.jobs import JobRunner
from judging.mail import MemoryTransport
from judging.services.contests.deadlines import return_term
from judging.services.messages.return_reminders import plan_return_reminders
from judging.services.screening.deciding import Verdict, screen_entry
from judging.services.screening.return_terms import extend_return
from judging.storage import open_store
from tests.factories import NOW
from tests.letters import SETTINGS
from tests.services.office import Office, hold_contest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.plugins import Registry

UNTIL = NOW + timedelta(days=7)
LATER = NOW + timedelta(days=14)


def _return(session: Session, registry: Registry, held: Office, entry: Entry, until: datetime | None = UNTIL) -> None:
    screen_entry(
        session, registry=registry, contest=held.contest, entry=entry, verdict=Verdict.RETURNED, reason="Thiếu dấu.",
        actor=held.organiser, now=NOW, until=until,
    )  # fmt: skip
    session.flush()


def _extend(session: Session, held: Office, entry: Entry, *, actor: Actor | None = None, reason: str = "Ốm.") -> None:
    extend_return(
        session, contest=held.contest, rules=held.rules, entry=entry, until=LATER, reason=reason,
        actor=actor or held.organiser, now=NOW + timedelta(days=8),
    )  # fmt: skip


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    return hold_contest(session, registry, phase="screening", state="submitted")


def _hold(database: Database, registry: Registry, *, until: datetime | None = UNTIL) -> Office:
    with database.writing() as session:
        office = hold_contest(session, registry, phase="screening", state="submitted")
        for entry in office.entries[:2]:
            _return(session, registry, office, entry, until)
        session.expunge_all()
    _tick(database, registry, NOW)
    return office


def _tick(database: Database, registry: Registry, at: datetime) -> list[str]:
    """What every worker does each minute, at that moment: the subjects of what left."""
    mail = MemoryTransport()
    means = Means(
        settings=SETTINGS, database=database, registry=registry, files=open_store("memory://"), transport=mail
    )
    with time_machine.travel(at, tick=False):
        JobRunner(
            JobTable(database), lambda: job_handlers(means), clock=lambda: at,
            prepare=lambda now: plan_return_reminders(database, now=now),
        ).run_due()  # fmt: skip
    return [letter.subject for letter in mail.sent]


def test_each_returned_dossier_is_reminded_once_before_its_date(database: Database, registry: Registry) -> None:
    _hold(database, registry)
    assert _tick(database, registry, UNTIL - timedelta(hours=49)) == []
    assert len(_tick(database, registry, UNTIL - timedelta(hours=48))) == 2
    assert _tick(database, registry, UNTIL - timedelta(hours=47)) == []
    assert _tick(database, registry, UNTIL - timedelta(hours=1)) == []
    assert _tick(database, registry, UNTIL + timedelta(hours=1)) == []
    with database.reading() as session:
        sent = session.scalars(select(SentMessage).where(SentMessage.kind == "return-reminder")).all()
    assert {one.state for one in sent} == {"sent"}
    assert all("Thiếu dấu." in one.text and f"/entries/{one.entry_id}" in one.text for one in sent)


def test_dossier_that_came_back_is_not_reminded(database: Database, registry: Registry) -> None:
    office = _hold(database, registry)
    with database.writing() as session:
        session.get_one(Entry, office.entries[0].id).state = "submitted"
    assert len(_tick(database, registry, UNTIL - timedelta(hours=48))) == 1


def test_return_without_a_date_reminds_nobody(database: Database, registry: Registry) -> None:
    _hold(database, registry, until=None)
    assert _tick(database, registry, UNTIL - timedelta(hours=1)) == []


def test_reminder_waits_for_the_end_of_the_quiet_hours(database: Database, registry: Registry) -> None:
    # 48 hours before lies at ten in the evening, by the contest's clock.
    until = NOW.replace(hour=15, minute=0) + timedelta(days=5)
    _hold(database, registry, until=until)
    assert _tick(database, registry, until - timedelta(hours=48)) == []
    assert len(_tick(database, registry, until - timedelta(hours=39))) == 2


def test_later_date_is_reminded_of_again_but_not_within_a_day(database: Database, registry: Registry) -> None:
    office = _hold(database, registry)
    assert len(_tick(database, registry, UNTIL - timedelta(hours=48))) == 2
    with database.writing() as session:
        for term in session.scalars(select(ReturnTerm)):
            term.until = UNTIL + (timedelta(hours=1) if term.entry_id == office.entries[0].id else timedelta(days=7))
    assert _tick(database, registry, UNTIL - timedelta(hours=46)) == []
    assert len(_tick(database, registry, UNTIL + timedelta(days=7, hours=-48))) == 1


def test_later_date_is_recorded_with_its_reason_and_told(session: Session, registry: Registry, held: Office) -> None:
    entry = held.entries[0]
    _return(session, registry, held, entry)
    assert count_overdue(session, held.contest, now=NOW + timedelta(days=8)) == 1

    _extend(session, held, entry)

    term = return_term(session, entry)
    assert term is not None
    assert term.until == LATER
    assert count_overdue(session, held.contest, now=NOW + timedelta(days=8)) == 0
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "entry-return-extended")).one()
    assert (event.details["reason"], event.details["until"]) == ("Ốm.", LATER.isoformat())
    letter = session.scalars(select(SentMessage).where(SentMessage.kind == "return-extended")).one()
    assert letter.account_id == entry.owner_id
    assert "Ốm." in letter.text


def test_later_date_is_refused_without_reason_date_or_right(session: Session, registry: Registry, held: Office) -> None:
    entry, other, third = held.entries
    _return(session, registry, held, entry)
    _return(session, registry, held, other, until=None)

    with pytest.raises(Refused):
        _extend(session, held, entry, reason=" ")
    with pytest.raises(Conflict):
        _extend(session, held, other)
    with pytest.raises(Conflict):
        _extend(session, held, third)
    with pytest.raises(NotAllowed):
        _extend(session, held, entry, actor=Actor(account_id=held.desk.id, roles=frozenset({Role.JUDGE})))
    with pytest.raises(NotAllowed):
        _extend(session, held, entry, actor=Actor(account_id=entry.owner_id, roles=frozenset({Role.SECRETARY})))


def test_date_of_an_older_return_says_nothing(session: Session, registry: Registry, held: Office) -> None:
    entry = held.entries[0]
    _return(session, registry, held, entry)
    entry.state = "submitted"
    session.add(
        Screening(
            entry_id=entry.id, verdict="returned", reason="Lại thiếu.", by_id=held.desk.id, at=NOW + timedelta(days=1)
        )
    )
    entry.state = "returned"
    session.flush()
    assert return_term(session, entry) is None
    assert count_overdue(session, held.contest, now=LATER) == 0
