"""Sheets that came after the end of their round: noted, and taken all the same by a named decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.db.models import LateSheet, RoundExtension
from judging.db.queries.judge import judge_in
from judging.domain.lifecycle import ContestPhase, SheetState
from judging.domain.message_kinds import LATE_SHEET_TAKEN, find_kind
from judging.domain.round_end import LONGEST_REASON, can_move_end
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.letters import send_letter
from judging.services.links import page_link
from judging.services.messages.texts import contest_title
from judging.services.rounds.end.moving import UNSET
from judging.services.score_log.acts import record_extensions
from judging.services.score_log.opening import ensure_log
from judging.services.sheets.readings import OPEN_ROUND, find_end, find_stage, lock_assignment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Assignment
    from judging.domain.permissions import Actor
    from judging.domain.round_end import RoundEnd
    from judging.settings import Settings

_UNFINISHED = (SheetState.ASSIGNED, SheetState.DRAFT, SheetState.REOPENED)


def note_late(session: Session, *, assignment: Assignment, received_at: datetime, now: datetime) -> LateSheet:
    """Write down that a whole sheet came after the end, for the organiser to see; nothing of what it says is kept."""
    lock_assignment(session, assignment)
    found = session.get(LateSheet, assignment.id)
    if found is not None:
        found.last_at, found.tries = received_at, found.tries + 1
        return found
    made = LateSheet(
        assignment_id=assignment.id, contest_id=assignment.contest_id, round=assignment.round,
        received_at=received_at, last_at=received_at, tries=1,
    )  # fmt: skip
    session.add(made)
    _record(session, "sheet-late", assignment, actor_id=assignment.judge.account_id, now=now, details={})
    session.flush()
    return made


def take_late(
    session: Session, *, settings: Settings, assignment: Assignment, actor: Actor, reason: str, now: datetime
) -> None:
    """Take a sheet that came after the end: its judge may hand it in until the round is closed, and is told so.

    Raises NotAllowed, Refused without a reason, and Conflict where no late sheet waits.
    """
    contest = assignment.entry.contest
    # At one sheet only its own judge has a judge's role: whoever judges other entries is asked for here.
    judges = actor.account_id and judge_in(session, contest_id=contest.id, account_id=actor.account_id)
    if judges or not can_move_end(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Late sheets are taken by the organiser, and by nobody who judges here."))
    check_reason(reason)
    ensure_log(session, contest, now=now)
    lock_assignment(session, assignment)
    late, stage = session.get(LateSheet, assignment.id), find_stage(session, assignment=assignment)
    if late is None or assignment.state not in _UNFINISHED or stage is None or stage.state != OPEN_ROUND:
        raise Conflict(
            N_("No late sheet waits here: it is recorded, the judge is off the entry, or the round is closed.")
        )
    end = find_end(session, assignment=assignment)
    if end.last is None:
        raise Conflict(N_("This sheet is taken already: its judge has yet to hand it in again."))
    late.taken_at, late.taken_by_id = now, actor.account_id
    excuse(session, assignment=assignment, end=end, actor=actor, reason=reason, now=now)
    details = {"from": end.last.isoformat(), "received": late.received_at.isoformat(), "reason": reason.strip()}
    _record(session, "late-sheet-taken", assignment, actor_id=actor.account_id, now=now, details=details)
    kind, person = find_kind(LATE_SHEET_TAKEN), assignment.judge.account
    send_letter(
        session, to=person, subject=kind.subject, text=kind.text, now=now, about=contest, kind=kind.key,
        key=f"{assignment.id}:{now.isoformat()}",
        params={
            "name": person.name, "title": assignment.entry.title, "contest": contest_title(contest, person.locale),
            "reason": reason.strip(), "link": page_link(settings, f"/judge/sheets/{assignment.id}"),
        },
    )  # fmt: skip


def excuse(
    session: Session, *, assignment: Assignment, end: RoundEnd, actor: Actor, reason: str, now: datetime
) -> None:
    """Let this one sheet be handed in until the round is closed. Whoever calls this has checked that it may be."""
    session.add(
        RoundExtension(
            contest_id=assignment.contest_id, round=assignment.round, judge_id=assignment.judge_id,
            assignment_id=assignment.id, old_at=end.last, new_at=None, reason=reason.strip(),
            by_id=str(actor.account_id), at=now,
        )
    )  # fmt: skip
    session.flush()
    what = f"round:{assignment.round}:{assignment.judge.alias}:{assignment.entry.alias}"
    old = UNSET if end.last is None else end.last.isoformat()
    record_extensions(
        session, contest=assignment.entry.contest, by_id=actor.account_id, now=now, moved={what: (old, UNSET)}
    )


def check_reason(reason: str) -> None:
    """Refuse a decision without a reason, or with one that nobody could read."""
    if not reason.strip():
        message = N_("Write the reason: it stays in the record, and the judges read it.")
        raise Refused([Problem(code="missing", where="reason", message=message)])
    if len(reason.strip()) > LONGEST_REASON:
        message = N_("At most %(most)s characters.")
        raise Refused([Problem(code="long", where="reason", message=message, params={"most": LONGEST_REASON})])


def _record(
    session: Session,
    action: str,
    assignment: Assignment,
    *,
    actor_id: str | None,
    now: datetime,
    details: Mapping[str, str],
) -> None:
    record_event(
        session, action=action, subject="assignment", subject_id=assignment.id, actor_id=actor_id,
        contest_id=assignment.contest_id, now=now,
        details={
            "round": assignment.round, "entry": assignment.entry.alias, "judge": assignment.judge.alias, **details,
        },
    )  # fmt: skip
