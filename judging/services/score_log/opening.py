"""Beginning a contest's log: with the opening of the contest, or late, when a contest opened before it had one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import LogHead
from judging.domain.ledger.bundle import ASSIGNMENT, PLUGINS, ROSTER, RUBRIC, RULES
from judging.domain.ledger.checkpoints import Origin
from judging.domain.ledger.documents import opening, plugins_bytes, roster_bytes, rubric_bytes, rules_bytes
from judging.services.score_log.appending import Log, NewLeaf, append, hold_newest, make_log
from judging.services.score_log.bodies import pinned_rules
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.late_start import record_earlier_acts
from judging.services.score_log.papers import current_plan, current_roster, keep_document

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest


def begin_log(session: Session, *, contest: Contest, now: datetime, epoch: int = 1) -> Log:
    """Make the contest's log and its first leaf: the pinned rules, the judges and the plan so far, the plugins.

    Raises Conflict for a contest whose rules are not pinned yet.
    """
    rules = pinned_rules(contest)
    keeper = keeper_of(session)
    origin = Origin(keeper.notary.host, contest.slug, epoch)
    log = make_log(session, contest, epoch=epoch, origin=str(origin), now=now)
    plan, seats = current_plan(session, contest), list(current_roster(session, contest))
    for name, content in (
        (RULES, rules_bytes(rules)),
        (RUBRIC, rubric_bytes(rules)),
        (ROSTER, roster_bytes(seats)),
        (ASSIGNMENT, bytes(plan)),
        (PLUGINS, plugins_bytes(keeper.plugins)),
    ):
        keep_document(session, log.id, name, content)
    body = opening(rules=rules, judges=seats, assignment=plan, plugins=keeper.plugins)
    append(session, log, [NewLeaf(body=body)], now=now)
    return log


def ensure_log(session: Session, contest: Contest, *, now: datetime) -> None:
    """Begin the log of a contest that opened without one, before an act changes the rows that it is begun with.

    A contest that has not opened yet needs none.
    """
    if contest.rules is not None:
        found = session.scalar(select(LogHead.id).where(LogHead.contest_id == contest.id).limit(1))
        if found is None:
            hold_log(session, contest, now=now)


def hold_log(session: Session, contest: Contest, *, now: datetime) -> Log:
    """Hold the contest's log for adding to it. A contest that has none yet begins it with what was done before.

    Raises LogLost when leaves are missing that were signed, and Conflict before the rules are pinned.
    """
    log = hold_newest(session, contest)
    if log is None:
        log = begin_log(session, contest=contest, now=now)
        record_earlier_acts(session, log, contest=contest, now=now)
    return log
