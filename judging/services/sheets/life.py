"""Score sheets: saving a draft, submitting it as an unchangeable version, reopening it, writing it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import SheetVersion
from judging.domain.lifecycle import ContestPhase, SheetState
from judging.domain.permissions import can_reopen_sheet, can_write_off
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, NotFound, Refused
from judging.services.contests.editions import rules_in_force
from judging.services.judges.leases.keeping import prolong_lease
from judging.services.letters import send_letter
from judging.services.rounds.end.keeping import check_end
from judging.services.rounds.end.late import excuse
from judging.services.score_log.acts import record_recusal
from judging.services.score_log.opening import ensure_log, hold_log
from judging.services.sheets.drafts import missing_and_wrong, restore_version, stored_draft
from judging.services.sheets.readings import (
    OPEN_ROUND,
    Reading,
    allowed_move,
    check_may_score,
    find_end,
    find_stage,
    hold_reading,
    lock_assignment,
    relation_to,
)
from judging.services.sheets.saving import Saved, check_not_stale, save_typed
from judging.services.sheets.versions import add_version, set_state

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Assignment
    from judging.domain.permissions import Actor
    from judging.plugins import Registry
    from judging.services.sheets.drafts import Draft

SavedDraft = Saved[Reading]
"""What became of the draft of a reading."""


def save_draft(
    session: Session,
    *,
    registry: Registry,
    assignment: Assignment,
    actor: Actor,
    marks: Mapping[str, str],
    bands: Mapping[str, str],
    comments: Mapping[str, str],
    comment: str,
    locale: str,
    now: datetime,
    expected_version: int | None = None,
    merge: Callable[[Reading, Draft], Draft] | None = None,
    submits: bool = False,
) -> SavedDraft:
    """Keep what the judge typed, wrong or not, and say what is wrong with it.

    Unless the same unit of work `submits` the sheet, its judge keeps the booth that they have by a lease.
    With `merge`, what it makes of the typed sheet is kept, once the sheet is held and cannot change meanwhile.
    Raises StaleVersion when another device saved since `expected_version`, Conflict when the sheet is closed,
    NotAllowed when it is another's.
    """
    reading = _take(session, registry=registry, assignment=assignment, actor=actor, expected_version=expected_version)
    saved = save_typed(
        reading, marks=marks, bands=bands, comments=comments, comment=comment, locale=locale, merge=merge
    )
    if saved.changed:
        assignment.changed_at = now
        if not submits:
            prolong_lease(session, assignment=assignment, now=now)
        if not saved.draft.is_empty and reading.state is not SheetState.DRAFT:
            _move(session, assignment, SheetState.DRAFT, actor=actor, action="sheet-begun", now=now)
    return saved


def submit_sheet(
    session: Session,
    *,
    registry: Registry,
    assignment: Assignment,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    locale: str = "en",
    saved: SavedDraft | None = None,
    received_at: datetime | None = None,
) -> SheetVersion:
    """Turn the saved draft into the next version, which nobody can change.

    Whoever saved the draft in the same unit of work hands on what `save_draft` answered as `saved`: then nothing is
    read twice. `received_at` is when the request was received, `now` if it is not known: it alone is held against the
    end of the round. Raises Refused with every reason when the sheet is not complete, StaleVersion when the draft is no
    longer the one that the judge looked at, RoundEnded when it came too late, Conflict when the sheet is closed,
    NotAllowed when it is another's.
    """
    if saved is not None and saved.reading.assignment is assignment:
        reading, draft = saved.reading, saved.draft
    else:
        reading = _take(
            session, registry=registry, assignment=assignment, actor=actor, expected_version=expected_version
        )
        draft = stored_draft(reading.judged, assignment, locale=locale)
    if problems := missing_and_wrong(reading.judged, draft):
        raise Refused(problems)
    check_end(reading, received_at=received_at, now=now)
    # Held before anything is stored: what is recorded next must be the whole of what was stored until now.
    hold_log(session, reading.contest, now=now)
    allowed_move(assignment, SheetState.SUBMITTED, actor)
    return add_version(session, reading=reading, draft=draft, actor=actor, now=now)


def reopen_sheet(session: Session, *, assignment: Assignment, actor: Actor, reason: str, now: datetime) -> None:
    """Give a submitted sheet back to its judge. The submitted version stays; the next one will be a new version.

    Raises NotAllowed, Conflict when the sheet is not submitted or the round is not open, Refused without a reason.
    """
    _check_reason(reason)
    lock_assignment(session, assignment)
    contest = assignment.entry.contest
    relation = relation_to(session, assignment=assignment, actor=actor)
    if not can_reopen_sheet(actor, relation, phase=ContestPhase(contest.phase)):
        if relation.assigned:
            raise NotAllowed(N_("Nobody reopens their own sheet: ask a colleague in the office."))
        raise NotAllowed(N_("Sheets are reopened by the office or the panel's chair, during judging."))
    allowed_move(assignment, SheetState.REOPENED, actor)
    stage = find_stage(session, assignment=assignment)
    if stage is None or stage.state != OPEN_ROUND:
        raise Conflict(N_("The round is closed: its sheets can no longer be reopened."))
    end = find_end(session, assignment=assignment)
    if not end.takes(now):
        # The decision to open it again is one to take what comes of it.
        ensure_log(session, contest, now=now)
        excuse(session, assignment=assignment, end=end, actor=actor, reason=reason, now=now)
    restore_version(assignment, find_version(session, assignment=assignment))
    assignment.reason = reason.strip()
    _move(
        session, assignment, SheetState.REOPENED, actor=actor, action="sheet-reopened", now=now,
        details={"reason": reason.strip()},
    )  # fmt: skip
    send_letter(
        session,
        to=assignment.judge.account,
        subject=N_("A score sheet was reopened for you"),
        text=N_(
            "Your score sheet for “%(title)s” was reopened. The reason given: %(reason)s\n\n"
            "What you submitted is kept. Please look at the sheet again and submit it anew."
        ),
        params={"title": assignment.entry.title, "reason": reason.strip()},
        now=now,
        about=contest,
        kind="sheet-reopened",
    )


def write_off_sheet(session: Session, *, assignment: Assignment, actor: Actor, reason: str, now: datetime) -> None:
    """End a sheet that never came, by a named decision: the entry is judged without it.

    Raises NotAllowed, Conflict when the sheet is not unfinished, Refused without a reason.
    """
    _check_reason(reason)
    ensure_log(session, assignment.entry.contest, now=now)
    lock_assignment(session, assignment)
    relation = relation_to(session, assignment=assignment, actor=actor)
    if not can_write_off(actor, relation, phase=ContestPhase(assignment.entry.contest.phase)):
        raise NotAllowed(N_("Missing sheets are written off by the organiser or the panel's chair, during judging."))
    allowed_move(assignment, SheetState.WRITTEN_OFF, actor)
    assignment.reason = reason.strip()
    if assignment.sheet_version:
        # The sheet was reopened, and its earlier version would count again.
        record_recusal(session, assignment=assignment, reason=reason, now=now)
    _move(
        session, assignment, SheetState.WRITTEN_OFF, actor=actor, action="sheet-written-off", now=now,
        details={"reason": reason.strip()},
    )  # fmt: skip


def find_version(session: Session, *, assignment: Assignment) -> SheetVersion:
    """The newest submitted version of a sheet. Raises NotFound when there is none."""
    found = session.scalar(
        select(SheetVersion).where(
            SheetVersion.assignment_id == assignment.id, SheetVersion.number == assignment.sheet_version
        )
    )
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found


def _take(
    session: Session, *, registry: Registry, assignment: Assignment, actor: Actor, expected_version: int | None
) -> Reading:
    """Hold the sheet for writing, having checked everything but its content."""
    rules_in_force(registry, assignment.entry.contest)
    reading = hold_reading(session, registry=registry, assignment=assignment, actor=actor)
    check_may_score(reading, actor)
    check_not_stale(assignment, expected_version)
    return reading


def _move(
    session: Session,
    assignment: Assignment,
    target: SheetState,
    *,
    actor: Actor,
    action: str,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> None:
    allowed_move(assignment, target, actor)
    set_state(session, assignment, target, actor=actor, action=action, now=now, details=details)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused([Problem(code="reason-missing", message=N_("Write down the reason."), where="reason")])
