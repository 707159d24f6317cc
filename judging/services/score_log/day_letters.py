"""A letter at the end of each day to whoever submitted sheets in it: the receipts' codes, and the log as it then stood.

Whoever keeps these letters can show later that nothing was taken away: they are kept where nobody of the office can
change them.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select

from judging.db.jobs import enqueue_once
from judging.db.models import Account, Assignment, Contest, Entry, Judge, LogLeaf, SheetVersion
from judging.domain.ledger.canonical import to_base64
from judging.domain.ledger.merkle import tree_root
from judging.domain.ledger.receipts import short_code
from judging.domain.lifecycle import ContestPhase
from judging.domain.rules import ContestRules
from judging.errors import N_
from judging.services.letters import send_letter
from judging.services.score_log.bodies import pinned_rules
from judging.services.score_log.heads import newest_log
from judging.services.score_log.tree import read_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from judging.db.session import Database

DAY_JOB = "send-day-receipts"
EVENING = time(20)
"""When the letters leave, by the contest's own clock."""

_GOES_ON = frozenset({ContestPhase.JUDGING, ContestPhase.SUSPENDED})


def plan_day_letters(session: Session, contest: Contest, *, now: datetime) -> None:
    """Have the letters of the coming evening sent, and of each one after it while the contest is judged."""
    due = _next_evening(contest, now)
    job_id = str(uuid5(NAMESPACE_URL, f"judging:{contest.id}:day-receipts:{due.isoformat()}"))
    payload = {"contest": contest.id, "until": due.isoformat()}
    enqueue_once(session, job_id=job_id, name=DAY_JOB, payload=payload, now=now, run_after=due)


def send_day_letters(database: Database, *, contest_id: str, until: datetime, now: datetime) -> None:
    """Queue a letter to each judge who submitted in the 24 hours before `until`: the handler of DAY_JOB.

    Each letter has a key of its own, so that another attempt sends none twice.
    """
    with database.writing() as session:
        # On its own, and first: what goes wrong this evening must not take the later ones away.
        if session.get_one(Contest, contest_id).phase in _GOES_ON:
            plan_day_letters(session, session.get_one(Contest, contest_id), now=max(now, until))
    with database.writing() as session:
        contest = session.get_one(Contest, contest_id)
        log = newest_log(session, contest)
        if log is None:
            return
        rules = pinned_rules(contest)
        state = f"{log.origin}\n{log.size}\n{to_base64(tree_root(log.size, read_nodes(session, log.id)))}"
        for account, lines in _of_the_day(session, contest, rules, log.id, until=until).items():
            send_letter(
                session,
                to=account,
                subject=N_("Receipts of your score sheets of today"),
                text=N_(
                    "These score sheets of yours were recorded today, each with its receipt's code:\n\n%(sheets)s\n\n"
                    "The score log then stood at:\n\n%(state)s\n\n"
                    "Please keep this letter. If a code or the log's first lines ever differ from what is published, "
                    "something was changed."
                ),
                params={"sheets": "\n".join(lines), "state": state},
                now=now,
                about=contest,
                kind="day-receipts",
                key=f"{until.isoformat()}:{account.id}",
            )


def _next_evening(contest: Contest, now: datetime) -> datetime:
    """The next evening on the contest's clock that is still to come, in UTC."""
    here = now.astimezone(ZoneInfo(contest.zone))
    tonight = datetime.combine(here.date(), EVENING, tzinfo=here.tzinfo)
    return (tonight if here < tonight else tonight + timedelta(days=1)).astimezone(UTC)


def _of_the_day(
    session: Session, contest: Contest, rules: ContestRules, log_id: str, *, until: datetime
) -> Mapping[Account, list[str]]:
    """For each judge a line for each sheet: entry, version, time, code."""
    query = (
        select(Account, Entry.number, SheetVersion.number, SheetVersion.submitted_at, LogLeaf.hash)
        .select_from(LogLeaf)
        .join(SheetVersion, SheetVersion.id == LogLeaf.subject_id)
        .join(Assignment, Assignment.id == SheetVersion.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Account, Account.id == Judge.account_id)
        .where(
            LogLeaf.log_id == log_id, SheetVersion.submitted_at > until - timedelta(days=1),
            SheetVersion.submitted_at <= until,
        )
        .order_by(LogLeaf.idx)
    )  # fmt: skip
    zone = ZoneInfo(contest.zone)
    found: dict[Account, list[str]] = {}
    for account, entry, version, at, hashed in session.execute(query):
        line = f"{rules.prefix}-{entry:03d}-{version}  {at.astimezone(zone):%H:%M:%S}  {short_code(bytes(hashed))}"
        found.setdefault(account, []).append(line)
    return found
