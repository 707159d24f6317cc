"""Judges are told of new entries once for each batch, and of nothing that they know already."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from judging.db.models import ContestRound, Job, Judge, MessageRules, SentMessage, ToldOfWork
from judging.services.judges.new_work import WORK_JOB, WorkWatch, note_as_told, plan_work_letters, tell_judges
from tests.factories import NOW, make_assignment, make_entry, make_judge, make_sheet
from tests.services.sheets.cases import Case, make_case

if TYPE_CHECKING:
    from judging.services.platform import Platform

SOON, LATER = NOW + timedelta(minutes=2), NOW + timedelta(minutes=6)


@pytest.fixture
def case(platform: Platform) -> Case:
    with platform.database.writing() as session:
        made = make_case(session, platform.registry)
        made.assignment.assigned_at = NOW
        assert made.account.email
        return made


def jobs(platform: Platform) -> int:
    with platform.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Job).where(Job.name == WORK_JOB)) or 0


def letters(platform: Platform) -> list[SentMessage]:
    with platform.database.reading() as session:
        query = select(SentMessage).where(SentMessage.kind == "new-work").order_by(SentMessage.created_at)
        return list(session.scalars(query))


def tell(platform: Platform, case: Case, now: datetime) -> int:
    return tell_judges(
        platform.database, registry=platform.registry, settings=platform.settings, contest_id=case.contest.id, now=now
    )


def give(platform: Platform, case: Case, at: datetime) -> None:
    with platform.database.writing() as session:
        entry = make_entry(session, session.merge(case.contest))
        judge = session.merge(case.judge)
        make_assignment(session, entry, judge, round_key="preliminary", position=2, assigned_at=at)


def test_batch_is_waited_for_and_put_down_once(platform: Platform, case: Case) -> None:
    plan_work_letters(platform.database, now=SOON)
    assert jobs(platform) == 0

    plan_work_letters(platform.database, now=LATER)
    plan_work_letters(platform.database, now=LATER)

    assert jobs(platform) == 1


def test_entries_given_one_by_one_do_not_wait_for_ever(platform: Platform, case: Case) -> None:
    give(platform, case, NOW + timedelta(minutes=29))

    plan_work_letters(platform.database, now=NOW + timedelta(minutes=29, seconds=30))
    assert jobs(platform) == 0
    plan_work_letters(platform.database, now=NOW + timedelta(minutes=31))

    assert jobs(platform) == 1


def test_letter_says_how_many_where_and_until_when_and_goes_out_once(platform: Platform, case: Case) -> None:
    give(platform, case, NOW)

    assert tell(platform, case, LATER) == 1
    assert tell(platform, case, LATER) == 0

    (letter,) = letters(platform)
    assert letter.account_id == case.account.id
    assert letter.subject == f"2 entries for you to judge: {case.contest.title_en}"
    assert f"/judge/{case.contest.slug}/" in letter.text
    assert "Due by: –" in letter.text


def test_second_batch_is_told_with_its_own_number(platform: Platform, case: Case) -> None:
    tell(platform, case, LATER)
    give(platform, case, LATER)

    tell(platform, case, LATER + timedelta(minutes=6))

    assert [one.subject.split(" for ")[0] for one in letters(platform)] == ["1 entry", "1 entry"]


def test_letter_waits_for_the_end_of_the_quiet_hours(platform: Platform, case: Case) -> None:
    # Ten in the evening in Vietnam is 15:00 in UTC.
    night = NOW.replace(hour=15, minute=30)
    with platform.database.writing() as session:
        session.add(MessageRules(contest_id=case.contest.id, quiet_from="22:00", quiet_until="06:00", reminders=[24]))

    tell(platform, case, night)

    (letter,) = letters(platform)
    assert letter.leaves_at > night + timedelta(hours=6)


def test_nothing_is_told_of_closed_rounds_settled_sheets_and_inactive_judges(platform: Platform, case: Case) -> None:
    with platform.database.writing() as session:
        contest, entry = session.merge(case.contest), session.merge(case.entry)
        gone, done = make_judge(session, contest, is_active=False), make_judge(session, contest)
        make_assignment(session, entry, gone, round_key="preliminary", position=1)
        make_sheet(session, make_assignment(session, entry, done, round_key="preliminary", position=1), case.judged)
        make_assignment(session, entry, done, round_key="final", position=1)
        session.get_one(Judge, case.judge.id).is_active = False

    assert tell(platform, case, LATER) == 0
    plan_work_letters(platform.database, now=LATER)
    assert jobs(platform) == 0


def test_opening_a_round_is_news_of_what_was_assigned_long_before(platform: Platform, case: Case) -> None:
    with platform.database.writing() as session:
        session.add(ToldOfWork(judge_id=case.judge.id, round="preliminary", at=NOW))
        stage = session.scalars(select(ContestRound).where(ContestRound.key == "preliminary")).one()
        stage.opened_at = NOW + timedelta(days=1)

    assert tell(platform, case, NOW + timedelta(days=1, minutes=6)) == 1


def test_note_as_told_leaves_nothing_to_tell(platform: Platform, case: Case) -> None:
    with platform.database.writing() as session:
        note_as_told(session, contest=session.merge(case.contest))

    assert tell(platform, case, LATER) == 0


def test_watch_asks_the_database_once_a_minute_at_most(platform: Platform, case: Case) -> None:
    watch = WorkWatch(platform.database)

    watch.look(SOON)
    give(platform, case, SOON - timedelta(hours=1))
    watch.look(SOON + timedelta(seconds=59))
    assert jobs(platform) == 0
    watch.look(SOON + timedelta(seconds=60))

    assert jobs(platform) == 1
