"""Reminders before the deadline: to drafts and to nobody else, each step once."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, selectinload

from judging.db.jobs import enqueue_once
from judging.db.models import Contest, Entry, SentMessage
from judging.domain.lifecycle import ContestPhase, EntryState
from judging.domain.message_kinds import REMINDER, find_kind
from judging.domain.quiet_hours import next_moment
from judging.domain.reminders import due_step
from judging.errors import N_
from judging.services.contests.editions import contest_rules
from judging.services.entries.eligibility import check_entry
from judging.services.entries.places import place_of
from judging.services.letters import send_letter
from judging.services.links import page_link
from judging.services.messages.rules import sending_rules
from judging.services.messages.texts import catalogue, contest_title
from judging.services.messages.words import sentence_writer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.plugins import Registry
    from judging.settings import Settings

REMINDER_JOB = "send-reminders"
_AT_A_TIME = 50
# A deadline that is moved a little makes the same step due again: whoever was reminded just now is not.
_JUST_NOW = timedelta(hours=24)


def plan_reminders(database: Database, *, now: datetime) -> None:
    """Put down the reminders that are due: by contest, deadline and step, so that no two workers do it twice."""
    with database.reading() as session:
        due = [plan for contest in _open_contests(session, now) if (plan := _due(session, contest, now)) is not None]
    for contest_id, closes_at, step in due:
        job_id = str(uuid5(NAMESPACE_URL, f"judging:{contest_id}:reminder:{closes_at}:{step}"))
        payload = {"contest": contest_id, "closes_at": closes_at, "step": step}
        _put_down(database, job_id, payload, now)


def _put_down(database: Database, job_id: str, payload: Mapping[str, object], now: datetime) -> None:
    database.run(lambda session: enqueue_once(session, job_id=job_id, name=REMINDER_JOB, payload=payload, now=now))


def send_reminders(
    database: Database,
    *,
    registry: Registry,
    settings: Settings,
    contest_id: str,
    closes_at: str,
    step: int,
    now: datetime,
) -> None:
    """Remind every draft of one step, some at a time: the handler of REMINDER_JOB.

    Nothing happens once the deadline was moved or has passed: then other steps are due. An attempt that was broken off
    goes on where it ended, as each draft's letter has a key of its own.
    """
    last = ""
    while True:
        with database.writing() as session:
            contest = session.get(Contest, contest_id)
            if contest is None or _due(session, contest, now) != (contest_id, closes_at, step):
                return
            entries = drafts_of(session, contest, after=last, limit=_AT_A_TIME)
            for entry in entries:
                _remind(session, registry, settings, entry, step=step, now=now)
        if len(entries) < _AT_A_TIME:
            return
        last = entries[-1].id


def drafts_of(session: Session, contest: Contest, *, after: str = "", limit: int | None = None) -> Sequence[Entry]:
    """The drafts of a contest with their owners and what they hold so far, by their ids."""
    return session.scalars(
        select(Entry)
        .where(Entry.contest_id == contest.id, Entry.state == EntryState.DRAFT.value, Entry.id > after)
        .options(joinedload(Entry.owner), joinedload(Entry.contest))
        .options(selectinload(Entry.members), selectinload(Entry.files))
        .order_by(Entry.id)
        .limit(limit)
    ).all()


def reminder_values(
    session: Session, *, registry: Registry, settings: Settings, entry: Entry, now: datetime
) -> dict[str, str]:
    """What a reminder about this draft says now, in its owner's language."""
    contest, locale = entry.contest, entry.owner.locale
    problems, rules = check_entry(session, registry=registry, entry=entry, now=now), contest_rules(registry, contest)
    closes_at = contest.closes_at or now
    local = closes_at.astimezone(ZoneInfo(contest.zone))
    untitled = catalogue(locale).gettext(N_("Untitled entry"))
    nothing = catalogue(locale).gettext(N_("- nothing is missing: check it and hand it in"))
    write = sentence_writer(registry, contest.kind, locale)
    return {
        "name": entry.owner.name, "title": entry.title or untitled, "contest": contest_title(contest, locale),
        "deadline": f"{local:%H:%M %d/%m/%Y} ({contest.zone}, UTC{local:%z})",
        "left": time_left(closes_at - now, locale),
        "missing": "\n".join(
            f"- {write(problem)}\n  {page_link(settings, place_of(entry, rules, problem).path(entry))}"
            for problem in problems
        ) or nothing,
        "link": page_link(settings, f"/entries/{entry.id}/edit/review"),
    }  # fmt: skip


def time_left(left: timedelta, locale: str) -> str:
    """Days from two on, hours below, always rounded down: nobody is promised more than there is."""
    hours = math.floor(left / timedelta(hours=1))
    ngettext = catalogue(locale).ngettext
    if hours >= 48:
        return ngettext("%(num)s day", "%(num)s days", hours // 24) % {"num": hours // 24}
    return ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours}


def _remind(
    session: Session, registry: Registry, settings: Settings, entry: Entry, *, step: int, now: datetime
) -> None:
    like = f"{REMINDER}:{entry.id}:{step}:%"
    recent = exists().where(
        SentMessage.entry_id == entry.id, SentMessage.kind == REMINDER, SentMessage.key.like(like),
        SentMessage.created_at > now - min(_JUST_NOW, timedelta(hours=step)),
    )  # fmt: skip
    if session.scalar(select(recent)):
        return
    kind, closes_at = find_kind(REMINDER), entry.contest.closes_at
    send_letter(
        session, to=entry.owner, subject=kind.subject, text=kind.text, about=entry, kind=REMINDER, now=now,
        key=f"{entry.id}:{step}:{closes_at.isoformat() if closes_at else ''}",
        params=reminder_values(session, registry=registry, settings=settings, entry=entry, now=now),
    )  # fmt: skip


def _open_contests(session: Session, now: datetime) -> Sequence[Contest]:
    query = select(Contest).where(Contest.phase == ContestPhase.OPEN.value, Contest.closes_at > now)
    return session.scalars(query).all()


def _due(session: Session, contest: Contest, now: datetime) -> tuple[str, str, int] | None:
    """The step that is due outside quiet hours: contest, deadline and hours before it."""
    if contest.phase != ContestPhase.OPEN or contest.closes_at is None:
        return None
    rules = sending_rules(session, contest_id=contest.id)
    step = due_step(closes_at=contest.closes_at, steps=rules.steps, now=now)
    if step is None or next_moment(rules.quiet, zone=contest.zone, now=now) != now:
        return None
    return contest.id, contest.closes_at.isoformat(), step
