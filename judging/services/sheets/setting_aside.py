"""Setting an entry aside: its judge cannot judge it now and says why; it comes back later, or on the office's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.db.models import SheetAside
from judging.db.queries.asides import standing_aside
from judging.db.queries.judge import judge_in
from judging.domain.asides import MOST_WORDS, aside_problems, can_answer_aside
from judging.domain.lifecycle import ContestPhase
from judging.domain.message_kinds import ASIDE_ANSWERED
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.letters import send_letter
from judging.services.sheets.readings import check_may_score, hold_reading, lock_assignment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Assignment
    from judging.domain.permissions import Actor
    from judging.plugins import Registry


_ANSWERED = N_(
    "You set “%(title)s” aside. The office says that it can be judged now. It stands in its place among your entries "
    "again."
)
_ANSWERED_WITH_WORDS = N_(
    "You set “%(title)s” aside. The office says that it can be judged now:\n\n%(answer)s\n\n"
    "It stands in its place among your entries again."
)


def set_aside(
    session: Session,
    *,
    registry: Registry,
    assignment: Assignment,
    actor: Actor,
    kind: str,
    words: str,
    now: datetime,
) -> SheetAside:
    """Put the entry at the end of its judge's order, with the reason; the draft of its sheet stays.

    Raises Refused for a reason that says nothing, Conflict when the sheet is closed or the entry is set aside already,
    NotFound when the sheet is another's.
    """
    if problems := aside_problems(kind, words):
        raise Refused(problems)
    reading = hold_reading(session, registry=registry, assignment=assignment, actor=actor)
    check_may_score(reading, actor)
    if standing_aside(session, assignment=assignment) is not None:
        raise Conflict(N_("This entry is set aside already."))
    made = SheetAside(
        assignment_id=assignment.id, kind=kind, words=words.strip()[:MOST_WORDS],
        sheet_version=assignment.sheet_version, at=now,
    )  # fmt: skip
    session.add(made)
    _record(
        session, "sheet-set-aside", assignment, actor=actor, now=now,
        details={"waits_for": kind, **({"reason": made.words} if made.words else {})},
    )  # fmt: skip
    session.flush()
    return made


def take_up(session: Session, *, registry: Registry, assignment: Assignment, actor: Actor, now: datetime) -> None:
    """Put an entry that was set aside back into its place, by its judge. Does nothing when it is there already.

    Raises Conflict when the sheet is closed, NotFound when it is another's.
    """
    reading = hold_reading(session, registry=registry, assignment=assignment, actor=actor)
    check_may_score(reading, actor)
    found = standing_aside(session, assignment=assignment)
    if found is None:
        return
    found.ended_at, found.ended_by_id = now, actor.account_id
    _record(session, "sheet-taken-up", assignment, actor=actor, now=now, details={})


def answer_aside(session: Session, *, assignment: Assignment, actor: Actor, answer: str, now: datetime) -> None:
    """Say that the entry can be judged now; it goes back to its place, and its judge is told by letter.

    Raises NotAllowed, and Conflict when the entry is not set aside any more.
    """
    contest = assignment.entry.contest
    # At one sheet only its own judge has a judge's role: whoever judges other entries is asked for here.
    judges = actor.account_id and judge_in(session, contest_id=contest.id, account_id=actor.account_id)
    if judges or not can_answer_aside(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("The secretary and the organiser answer what judges wait for, during judging."))
    lock_assignment(session, assignment)
    found = standing_aside(session, assignment=assignment)
    if found is None:
        raise Conflict(N_("This entry is not set aside any more: its judge has taken it up, or the sheet has ended."))
    found.ended_at, found.ended_by_id, found.answer = now, actor.account_id, answer.strip()[:MOST_WORDS]
    _record(
        session, "sheet-aside-answered", assignment, actor=actor, now=now,
        details={"note": found.answer} if found.answer else {},
    )  # fmt: skip
    send_letter(
        session,
        to=assignment.judge.account,
        subject=N_("An entry that you set aside can be judged now"),
        text=_ANSWERED_WITH_WORDS if found.answer else _ANSWERED,
        params={"title": assignment.entry.title, "answer": found.answer},
        now=now,
        about=contest,
        kind=ASIDE_ANSWERED,
        key=found.id,
    )


def _record(
    session: Session,
    action: str,
    assignment: Assignment,
    *,
    actor: Actor,
    now: datetime,
    details: Mapping[str, object],
) -> None:
    record_event(
        session, action=action, subject="assignment", subject_id=assignment.id, now=now, actor_id=actor.account_id,
        contest_id=assignment.contest_id,
        details={
            "round": assignment.round, "entry": assignment.entry.alias, "judge": assignment.judge.alias, **details,
        },
    )  # fmt: skip
