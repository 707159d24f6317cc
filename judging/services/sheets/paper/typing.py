"""Typing a sheet off its paper: two people, and a difference blocks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.models import Assignment, Judge, PaperTyping
from judging.domain.marks import lines_of
from judging.domain.paper_sheets import Difference, PaperContent, differences
from judging.errors import N_, Refused
from judging.services.audit import record_event
from judging.services.letters import send_letter
from judging.services.score_log.opening import hold_log
from judging.services.sheets.drafts import Draft, canonical_marks, missing_and_wrong, read_draft, store_draft
from judging.services.sheets.paper.papers import UNFINISHED, check_awaited
from judging.services.sheets.readings import lock_assignment
from judging.services.sheets.versions import add_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, SheetVersion
    from judging.domain.permissions import Actor
    from judging.services.sheets.readings import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOutcome:
    """What came of a typing: the version that two made together, or where they differ, or neither as yet."""

    typing: PaperTyping
    version: SheetVersion | None = None
    differences: tuple[Difference, ...] = ()


def type_paper(
    session: Session,
    *,
    reading: Reading,
    actor: Actor,
    marks: Mapping[str, str],
    bands: Mapping[str, str],
    comments: Mapping[str, str],
    comment: str,
    locale: str,
    now: datetime,
) -> PaperOutcome:
    """Keep what one helper typed; when another typed the same, the sheet is recorded.

    A helper may type again as long as the two differ. Raises Refused when the sheet is not whole, and Conflict when it
    came in meanwhile, or when the judge began it on a device as well.
    """
    assignment = reading.assignment
    hold_log(session, reading.contest, now=now)
    lock_assignment(session, assignment)
    check_awaited(reading)
    draft = read_draft(reading.judged, marks=marks, bands=bands, comments=comments, comment=comment, locale=locale)
    if problems := missing_and_wrong(reading.judged, draft):
        raise Refused(problems)
    typing = _keep(session, reading, draft, actor=actor, now=now)
    other = typing_of_another(session, typing)
    if other is None:
        return PaperOutcome(typing=typing)
    found = differences(content_of(other), content_of(typing), list(lines_of(reading.judged.rubric)))
    if found:
        return PaperOutcome(typing=typing, differences=found)
    store_draft(assignment, draft)
    version = add_version(
        session, reading=reading, draft=draft, actor=actor, typed_by=(other.account_id, typing.account_id), now=now
    )
    _tell_judge(session, reading, version, now=now)
    return PaperOutcome(typing=typing, version=version)


def list_typings(session: Session, *, contest: Contest, round_key: str) -> Sequence[PaperTyping]:
    """What was typed of sheets that are not recorded yet, the newest first: it waits for another, or differs."""
    return session.scalars(
        select(PaperTyping)
        .join(Assignment, Assignment.id == PaperTyping.assignment_id)
        .where(
            PaperTyping.contest_id == contest.id,
            PaperTyping.round == round_key,
            PaperTyping.version == Assignment.sheet_version + 1,
            Assignment.state.in_([state.value for state in UNFINISHED]),
        )
        .options(
            joinedload(PaperTyping.account),
            joinedload(PaperTyping.assignment).joinedload(Assignment.entry),
            joinedload(PaperTyping.assignment).joinedload(Assignment.judge).joinedload(Judge.account),
        )
        .order_by(PaperTyping.at.desc(), PaperTyping.id)
    ).all()


def own_typing(session: Session, *, assignment: Assignment, actor: Actor) -> PaperTyping | None:
    """What this person typed of the sheet's next version."""
    return session.scalar(
        select(PaperTyping).where(
            PaperTyping.assignment_id == assignment.id,
            PaperTyping.version == assignment.sheet_version + 1,
            PaperTyping.account_id == actor.account_id,
        )
    )


def content_of(typing: PaperTyping) -> PaperContent:
    """What was typed, as it is compared."""
    return PaperContent(
        marks={key: Decimal(text) for key, text in typing.marks.items() if ":" not in key},
        comments=typing.comments,
        comment=typing.comment,
    )


def _keep(session: Session, reading: Reading, draft: Draft, *, actor: Actor, now: datetime) -> PaperTyping:
    assignment = reading.assignment
    typing = own_typing(session, assignment=assignment, actor=actor)
    if typing is None:
        typing = PaperTyping(
            contest_id=reading.contest.id, round=assignment.round, assignment_id=assignment.id,
            account_id=actor.account_id, version=assignment.sheet_version + 1,
        )  # fmt: skip
        session.add(typing)
    bands = {f"{key}:band": band for key, band in draft.bands.items()}
    typing.marks, typing.comments = canonical_marks(draft.marks) | bands, dict(draft.comments)
    typing.comment, typing.at = draft.comment, now
    session.flush()
    record_event(
        session, action="paper-typed", subject="assignment", subject_id=assignment.id, actor_id=actor.account_id,
        contest_id=reading.contest.id, details={"round": assignment.round, "entry": assignment.entry.alias}, now=now,
    )  # fmt: skip
    return typing


def typing_of_another(session: Session, typing: PaperTyping) -> PaperTyping | None:
    """What the other helper typed of the same sheet."""
    return session.scalars(
        select(PaperTyping)
        .where(
            PaperTyping.assignment_id == typing.assignment_id,
            PaperTyping.version == typing.version,
            PaperTyping.account_id != typing.account_id,
        )
        .options(joinedload(PaperTyping.account))
        .order_by(PaperTyping.at.desc(), PaperTyping.id)
        .limit(1)
    ).first()


def _tell_judge(session: Session, reading: Reading, version: SheetVersion, *, now: datetime) -> None:
    assignment = reading.assignment
    send_letter(
        session,
        to=assignment.judge.account,
        subject=N_("Your score sheet on paper was recorded"),
        text=N_(
            "Your score sheet on paper for “%(title)s” was typed by two people of the office and recorded with a total"
            " of %(total)s. Its code is %(code)s.\n\nPlease look at it on your page, and tell the office at once if"
            " it is not what you wrote."
        ),
        params={"title": assignment.entry.title, "total": _shown(version.total), "code": version.code},
        now=now,
        about=reading.contest,
        kind="paper-recorded",
    )


def _shown(total: str) -> str:
    return format(Decimal(total).normalize(), "f")
