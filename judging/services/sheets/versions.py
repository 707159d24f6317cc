"""A submitted version of a sheet: made of a draft, with the code of its receipt and its leaf in the score log."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from judging.db.models import SheetVersion
from judging.db.types import new_id
from judging.domain.ledger.receipts import short_code
from judging.domain.lifecycle import SheetState
from judging.domain.structure import canonical_bytes, frozen_digest
from judging.domain.totals import as_decimal_string, sheet_total
from judging.services.audit import record_event
from judging.services.score_log.acts import record_sheet
from judging.services.sheets.drafts import canonical_marks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Assignment
    from judging.domain.permissions import Actor
    from judging.services.sheets.drafts import Draft
    from judging.services.sheets.readings import Reading


def add_version(
    session: Session,
    *,
    reading: Reading,
    draft: Draft,
    actor: Actor,
    now: datetime,
    typed_by: tuple[str, str] | None = None,
) -> SheetVersion:
    """Make the draft the sheet's next version, with its leaf. Whoever calls this has checked that it may be.

    `typed_by` are the accounts of the two who typed it off a paper.
    """
    assignment = reading.assignment
    version = _new_version(reading, draft, actor=actor, now=now)
    session.add(version)
    assignment.sheet_version = version.number
    record_sheet(session, version=version, assignment=assignment, now=now, typed_by=typed_by)
    set_state(
        session, assignment, SheetState.SUBMITTED, actor=actor, now=now,
        action="sheet-submitted" if typed_by is None else "paper-recorded",
        details={"version": version.number, "code": version.code},
    )  # fmt: skip
    return version


def sheet_code(version: SheetVersion) -> str:
    """The code on the judge's receipt: the first 10 letters of the base 32 SHA-256 of all that was submitted."""
    content = {
        "assignment": version.assignment_id,
        "number": version.number,
        "marks": version.marks,
        "comments": version.comments,
        "comment": version.comment,
        "total": version.total,
        "rubric": version.rubric_digest,
        "submitted_at": version.submitted_at.isoformat(),
    }
    return short_code(hashlib.sha256(canonical_bytes(content)).digest())


def set_state(
    session: Session,
    assignment: Assignment,
    target: SheetState,
    *,
    actor: Actor,
    action: str,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> None:
    """Put the sheet into a state and write down who did it. Whoever calls this has checked that it may be."""
    assignment.state = target.value
    assignment.changed_at = now
    record_event(
        session,
        action=action,
        subject="assignment",
        subject_id=assignment.id,
        now=now,
        actor_id=actor.account_id,
        contest_id=assignment.contest_id,
        details={
            "round": assignment.round, "entry": assignment.entry.alias, "judge": assignment.judge.alias,
            **(details or {}),
        },
    )  # fmt: skip


def _new_version(reading: Reading, draft: Draft, *, actor: Actor, now: datetime) -> SheetVersion:
    version = SheetVersion(
        # Not left to the database's turn: the leaf that records the version names it.
        id=new_id(),
        assignment_id=reading.assignment.id,
        number=reading.assignment.sheet_version + 1,
        marks=canonical_marks(draft.marks),
        comments=dict(draft.comments),
        comment=draft.comment,
        total=as_decimal_string(sheet_total(reading.judged.rubric, draft.marks)),
        rubric_digest=frozen_digest(reading.judged.rubric),
        submitted_at=now,
        submitted_by_id=actor.account_id,
    )
    version.code = sheet_code(version)
    return version
