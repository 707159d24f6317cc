"""Telling judges of new work: one letter to each for a batch of entries, however they came to be assigned.

Nobody who assigns has to think of it: once a minute it is looked for judges who have entries in an open round and were
not told of them. A batch has ended when nothing was given out for five minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.jobs import enqueue_once
from judging.db.models import Contest, Judge, ToldOfWork
from judging.db.queries.new_work import contests_with_news, new_work
from judging.domain.message_kinds import NEW_WORK, find_kind
from judging.domain.values import Problem
from judging.errors import ContestSuspended, RulesError
from judging.services.contests.editions import contest_rules
from judging.services.letters import send_letter
from judging.services.links import page_link
from judging.services.messages.texts import catalogue, contest_title
from judging.services.messages.words import sentence_writer
from judging.services.rounds.states import list_rounds
from judging.services.sheets.readings import round_deadline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.queries.new_work import NewWork
    from judging.db.session import Database
    from judging.plugins import Registry
    from judging.settings import Settings

WORK_JOB = "tell-judges-of-work"
BATCH_ENDS_AFTER = timedelta(minutes=5)
LONGEST_WAIT = timedelta(minutes=30)
"""Entries that are given out one by one for longer than this are told of all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """What every letter about a round says alike."""

    registry: Registry
    contest: Contest
    label: Problem
    deadline: str
    link: str


class WorkWatch:
    """Looks for judges to be told, at most once a minute however often the workers are woken."""

    def __init__(self, database: Database) -> None:
        """Nothing is asked of the database yet."""
        self._database = database
        self._next: datetime | None = None

    def look(self, now: datetime) -> None:
        """Put down a piece of work for each contest in which somebody is to be told."""
        if self._next is not None and now < self._next:
            return
        self._next = now + timedelta(minutes=1)
        plan_work_letters(self._database, now=now)


def plan_work_letters(database: Database, *, now: datetime) -> None:
    """Put down what is to be told: by contest and its newest piece, so that no two workers do it twice."""
    with database.reading() as session:
        found = contests_with_news(session, settled=now - BATCH_ENDS_AFTER, overdue=now - LONGEST_WAIT)
    for contest_id, newest in found:
        job_id = str(uuid5(NAMESPACE_URL, f"judging:{contest_id}:{WORK_JOB}:{newest.isoformat()}"))
        _put_down(database, job_id, contest_id, now)


def tell_judges(database: Database, *, registry: Registry, settings: Settings, contest_id: str, now: datetime) -> int:
    """Queue a letter to each judge with new entries: the handler of WORK_JOB; returns how many.

    Letters and the note of who was told are one unit of work, so that another attempt tells nobody twice.
    """
    with database.writing() as session:
        contest = session.get(Contest, contest_id)
        if contest is None:
            return 0
        found = new_work(session, contest_id=contest_id)
        query = select(Judge).where(Judge.id.in_({one.judge_id for one in found})).options(joinedload(Judge.account))
        judges = {judge.id: judge for judge in session.scalars(query)}
        rounds = _rounds(session, registry=registry, settings=settings, contest=contest)
        for work in found:
            _tell(session, rounds[work.round], judges[work.judge_id], work, now=now)
        return len(found)


def note_as_told(session: Session, *, contest: Contest) -> None:
    """Take everybody in the contest as told of what they have now: for data that was not made by people's acts."""
    for work in new_work(session, contest_id=contest.id):
        session.merge(ToldOfWork(judge_id=work.judge_id, round=work.round, at=work.newest))


def _put_down(database: Database, job_id: str, contest_id: str, now: datetime) -> None:
    payload = {"contest": contest_id}
    database.run(lambda session: enqueue_once(session, job_id=job_id, name=WORK_JOB, payload=payload, now=now))


def _tell(session: Session, round_: _Round, judge: Judge, work: NewWork, *, now: datetime) -> None:
    kind, contest, locale = find_kind(NEW_WORK), round_.contest, judge.account.locale
    count = catalogue(locale).ngettext("%(num)s entry", "%(num)s entries", work.entries) % {"num": work.entries}
    send_letter(
        session, to=judge.account, subject=kind.subject, text=kind.text, now=now, about=contest, kind=NEW_WORK,
        key=f"{judge.id}:{work.round}:{work.newest.isoformat()}",
        params={
            "name": judge.account.name, "contest": contest_title(contest, locale), "count": count,
            "round": sentence_writer(round_.registry, contest.kind, locale)(round_.label),
            "deadline": round_.deadline, "link": round_.link,
        },
    )  # fmt: skip
    session.merge(ToldOfWork(judge_id=judge.id, round=work.round, at=work.newest))


def _rounds(session: Session, *, registry: Registry, settings: Settings, contest: Contest) -> Mapping[str, _Round]:
    try:
        labels = {judged.key: judged.label for judged in contest_rules(registry, contest).rounds}
    except (ContestSuspended, RulesError):
        # Judges are told all the same: a letter that waits for the rules would be forgotten.
        labels = {}
    return {
        stage.key: _Round(
            registry=registry, contest=contest, label=Problem(code="label", message=labels.get(stage.key, stage.key)),
            deadline=_moment(round_deadline(contest, stage), contest),
            link=page_link(settings, f"/judge/{contest.slug}/"),
        )
        for stage in list_rounds(session, contest=contest)
    }  # fmt: skip


def _moment(until: datetime | None, contest: Contest) -> str:
    if until is None:
        return "–"
    local = until.astimezone(ZoneInfo(contest.zone))
    return f"{local:%H:%M %d/%m/%Y} ({contest.zone}, UTC{local:%z})"
