"""Reminders: to drafts alone, each step once, whoever else is at work and however often it is tried."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import time_machine
from sqlalchemy import select

from judging.db.jobs import JobTable
from judging.db.models import Contest, Entry, SentMessage
from judging.job_handlers import Means, job_handlers
from judging.jobs import JobRunner
from judging.mail import MemoryTransport
from judging.services.messages.reminders import plan_reminders, send_reminders
from judging.storage import open_store
from tests.factories import NOW, make_contest, make_entry
from tests.letters import SETTINGS

if TYPE_CHECKING:
    from judging.db.session import Database
    from judging.plugins import Registry

CLOSES = NOW + timedelta(days=10)


def _hold(database: Database, registry: Registry, *, drafts: int = 3) -> str:
    with database.writing() as session:
        contest = make_contest(session, registry, closes_at=CLOSES)
        for number in range(drafts):
            make_entry(session, contest, state="draft", number=number + 1, title=f"Bài {number}")
        make_entry(session, contest, state="submitted", number=98)
        make_entry(session, contest, state="withdrawn", number=99)
        return contest.id


def _tick(database: Database, registry: Registry, at: datetime) -> MemoryTransport:
    """What every worker does each minute, at that moment."""
    mail = MemoryTransport()
    means = Means(
        settings=SETTINGS, database=database, registry=registry, files=open_store("memory://"), transport=mail
    )
    with time_machine.travel(at, tick=False):
        JobRunner(
            JobTable(database), lambda: job_handlers(means), clock=lambda: at,
            prepare=lambda now: plan_reminders(database, now=now),
        ).run_due()  # fmt: skip
    return mail


def test_each_draft_is_reminded_once_at_each_step(database: Database, registry: Registry) -> None:
    _hold(database, registry)
    assert _tick(database, registry, CLOSES - timedelta(hours=73)).sent == []
    first = _tick(database, registry, CLOSES - timedelta(hours=72)).sent
    assert len(first) == len({letter.to for letter in first}) == 3
    assert _tick(database, registry, CLOSES - timedelta(hours=71)).sent == []
    assert len(_tick(database, registry, CLOSES - timedelta(hours=24)).sent) == 3
    assert _tick(database, registry, CLOSES - timedelta(hours=1)).sent == []
    assert _tick(database, registry, CLOSES + timedelta(hours=1)).sent == []


def test_reminder_says_what_is_missing_where_and_until_when(database: Database, registry: Registry) -> None:
    _hold(database, registry, drafts=1)
    (letter,) = _tick(database, registry, CLOSES - timedelta(hours=72)).sent
    with database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.state == "draft")).one()
    assert letter.subject == "3 days left to hand in “Bài 0”"
    assert "10:00 30/10/2021 (Asia/Ho_Chi_Minh, UTC+0700)" in letter.text
    assert f"/entries/{entry.id}/edit/review" in letter.text
    assert "\n- " in letter.text
    # Each thing that is missing has the way to its own field below it.
    missing = letter.text.partition("Still to do:\n")[2].partition("\n\n")[0].split("\n")
    assert [line[:2] for line in missing] == ["- ", "  "] * (len(missing) // 2)
    ways = [line.strip() for line in missing[1::2]]
    assert all(f"/entries/{entry.id}/edit/" in way and "#" in way for way in ways)
    assert any("/edit/files#item-" in way for way in ways)
    assert any("/edit/text#answer_" in way for way in ways)


def test_deadline_that_moves_makes_the_steps_anew(database: Database, registry: Registry) -> None:
    contest_id = _hold(database, registry)
    assert len(_tick(database, registry, CLOSES - timedelta(hours=24)).sent) == 3
    later = CLOSES + timedelta(days=7)
    with database.writing() as session:
        session.get_one(Contest, contest_id).closes_at = later
    assert _tick(database, registry, CLOSES - timedelta(hours=12)).sent == []
    assert len(_tick(database, registry, later - timedelta(hours=24)).sent) == 3


def test_deadline_moved_a_little_reminds_nobody_twice(database: Database, registry: Registry) -> None:
    contest_id = _hold(database, registry)
    assert len(_tick(database, registry, CLOSES - timedelta(hours=24)).sent) == 3
    with database.writing() as session:
        session.get_one(Contest, contest_id).closes_at = CLOSES + timedelta(hours=1)
    assert _tick(database, registry, CLOSES - timedelta(hours=22)).sent == []


def test_step_that_falls_into_quiet_hours_comes_in_the_morning(database: Database, registry: Registry) -> None:
    contest_id = _hold(database, registry)
    with database.writing() as session:
        session.get_one(Contest, contest_id).closes_at = CLOSES + timedelta(hours=13)
    step = CLOSES + timedelta(hours=13 - 24)
    assert _tick(database, registry, step).sent == []
    assert len(_tick(database, registry, step + timedelta(hours=7)).sent) == 3


def test_entry_handed_in_between_is_not_reminded(database: Database, registry: Registry) -> None:
    contest_id, at = _hold(database, registry), CLOSES - timedelta(hours=24)
    send_reminders(
        database, registry=registry, settings=SETTINGS, contest_id=contest_id, closes_at=CLOSES.isoformat(), step=24,
        now=at,
    )  # fmt: skip
    with database.writing() as session:
        session.scalars(select(Entry).where(Entry.number == 1)).one().state = "submitted"
    assert len(_tick(database, registry, at).sent) == 2
    with database.reading() as session:
        states = session.scalars(select(SentMessage.state).order_by(SentMessage.state)).all()
    assert states == ["dropped", "sent", "sent"]


def test_attempt_that_was_broken_off_goes_on_and_repeats_nothing(database: Database, registry: Registry) -> None:
    contest_id, at = _hold(database, registry), CLOSES - timedelta(hours=24)
    for _ in range(3):
        send_reminders(
            database, registry=registry, settings=SETTINGS, contest_id=contest_id, closes_at=CLOSES.isoformat(),
            step=24, now=at,
        )  # fmt: skip
    assert len(_tick(database, registry, at).sent) == 3


def test_job_of_a_deadline_that_no_longer_holds_does_nothing(database: Database, registry: Registry) -> None:
    contest_id = _hold(database, registry)
    send_reminders(
        database, registry=registry, settings=SETTINGS, contest_id=contest_id, step=24,
        closes_at=(CLOSES - timedelta(days=1)).isoformat(), now=CLOSES - timedelta(hours=24),
    )  # fmt: skip
    with database.reading() as session:
        assert session.scalars(select(SentMessage)).all() == []
