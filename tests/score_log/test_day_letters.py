"""The letter at the end of the day: to whoever submitted, once, with codes that the receipts have too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Contest, Job
from judging.services.actors import actor_in_contest
from judging.services.letters import LETTER_JOB
from judging.services.score_log.day_letters import DAY_JOB, plan_day_letters, send_day_letters
from judging.services.score_log.heads import newest_log
from judging.services.score_log.receipts import find_sheet_leaf
from judging.services.sheets.life import save_draft, submit_sheet
from tests.factories import make_assignment, make_entry
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, Case, add_colleague, make_case

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.plugins import Registry

MORNING = datetime(2021, 10, 20, 2, tzinfo=UTC)
EVENING = datetime(2021, 10, 20, 13, tzinfo=UTC)  # 20:00 in Viet Nam


def submit(session: Session, registry: Registry, case: Case, now: datetime) -> str:
    actor = actor_in_contest(session, account=case.account, contest=case.contest, judge_id=case.judge.id)
    save_draft(
        session, registry=registry, assignment=case.assignment, actor=actor, marks=WHOLE, bands={}, comments=COMMENTS,
        comment=COMMENT, locale="en", now=now,
    )  # fmt: skip
    version = submit_sheet(session, registry=registry, assignment=case.assignment, actor=actor, now=now)
    session.flush()
    leaf = find_sheet_leaf(session, version.id)
    assert leaf is not None
    return leaf.code


def letters(session: Session) -> list[Job]:
    return list(session.scalars(select(Job).where(Job.name == LETTER_JOB).order_by(Job.created_at, Job.id)))


def test_each_judge_gets_one_letter_with_the_codes_of_the_day(database: Database, registry: Registry) -> None:
    with database.writing() as session:
        case = make_case(session, registry)
        colleague, idle = add_colleague(session, case), add_colleague(session, case)
        contest_id, address, other = case.contest.id, case.account.email, colleague.account.email
        codes = [submit(session, registry, case, MORNING), submit(session, registry, colleague, EVENING)]
        assert idle.account.email not in (address, other)
    for _ in range(2):
        send_day_letters(database, contest_id=contest_id, until=EVENING, now=EVENING)

    with database.reading() as session:
        found = {job.payload["to"]: job.payload["params"] for job in letters(session)}
        log = newest_log(session, session.get_one(Contest, contest_id))
        assert log is not None
        assert set(found) == {address, other}
        assert found[address]["sheets"].endswith(codes[0])
        assert "09:00:00" in found[address]["sheets"]
        assert found[other]["sheets"].endswith(codes[1])
        assert found[address]["state"].startswith(f"{log.origin}\n{log.size}\n")


def test_sheets_of_another_day_are_not_told_again(database: Database, registry: Registry) -> None:
    with database.writing() as session:
        case = make_case(session, registry)
        contest_id = case.contest.id
        submit(session, registry, case, MORNING)
    send_day_letters(database, contest_id=contest_id, until=EVENING + timedelta(days=1), now=EVENING)

    with database.reading() as session:
        assert letters(session) == []


def test_letters_go_on_each_evening_while_the_contest_is_judged(database: Database, registry: Registry) -> None:
    with database.writing() as session:
        case = make_case(session, registry)
        contest_id = case.contest.id
        plan_day_letters(session, case.contest, now=MORNING)
        plan_day_letters(session, case.contest, now=MORNING + timedelta(hours=3))
    send_day_letters(database, contest_id=contest_id, until=EVENING, now=EVENING + timedelta(minutes=1))
    with database.writing() as session:
        session.get_one(Contest, contest_id).phase = "deliberation"
    send_day_letters(database, contest_id=contest_id, until=EVENING + timedelta(days=1), now=EVENING)

    with database.reading() as session:
        due = [job.run_after for job in session.scalars(select(Job).where(Job.name == DAY_JOB).order_by(Job.run_after))]
        assert due == [EVENING, EVENING + timedelta(days=1)]


def test_two_sheets_of_one_judge_stand_in_one_letter(database: Database, registry: Registry) -> None:
    with database.writing() as session:
        case = make_case(session, registry)
        entry = make_entry(session, case.contest)
        second = Case(
            contest=case.contest, judged=case.judged, entry=entry, judge=case.judge,
            assignment=make_assignment(session, entry, case.judge, round_key="preliminary", position=2),
        )  # fmt: skip
        contest_id = case.contest.id
        codes = [submit(session, registry, one, MORNING) for one in (case, second)]
    send_day_letters(database, contest_id=contest_id, until=EVENING, now=EVENING)

    with database.reading() as session:
        (letter,) = letters(session)
        lines = letter.payload["params"]["sheets"].splitlines()
        assert [line.split()[-1] for line in lines] == codes
