"""A whole sheet at once, as a program sends it: read without kindness, then saved or submitted as any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from judging.domain.structure import digest
from judging.errors import N_, Conflict, Refused
from judging.services.sheets.drafts import missing_and_wrong, read_draft
from judging.services.sheets.life import SavedDraft, save_draft, submit_sheet

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Assignment, BlindRepeat, SheetVersion
    from judging.domain.permissions import Actor
    from judging.domain.rules import Round
    from judging.plugins import Registry
    from judging.services.sheets.readings import Reading

LOCALE = "en"
"""Programs write 27.5 in every language."""


class RubricChanged(Conflict):
    """The sheet was filled in by a rubric that is no longer in force. Nothing is converted silently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetContent:
    """What a sheet says: texts of marks by mark key; bands and comments by criterion."""

    marks: Mapping[str, str]
    bands: Mapping[str, str]
    comments: Mapping[str, str]
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of the sheet: the draft, and the version when it was submitted."""

    saved: SavedDraft
    version: SheetVersion | None


def sheet_revision(assignment: Assignment | BlindRepeat) -> int:
    """A number that grows with every save, submission and reopening of the sheet; 0 while nothing was written."""
    return assignment.draft_version + assignment.sheet_version


def check_content(judged: Round, content: SheetContent, *, submit: bool, rubric: str | None) -> None:
    """Refuse what is no mark, or no mark of this rubric, and on submission what is missing.

    Raises Refused with every reason, and RubricChanged where `rubric` is the digest of another than the one in force.
    """
    if rubric is not None and rubric != digest(judged.rubric):
        raise RubricChanged(N_("The rubric changed since this sheet was filled in. Look at the new one and mark anew."))
    draft = read_draft(
        judged, marks=content.marks, bands=content.bands, comments=content.comments, comment=content.comment,
        locale=LOCALE,
    )  # fmt: skip
    problems = missing_and_wrong(judged, draft) if submit else draft.problems
    if problems:
        raise Refused(problems)


def write_sheet(
    session: Session,
    *,
    registry: Registry,
    reading: Reading,
    actor: Actor,
    content: SheetContent,
    submit: bool,
    rubric: str | None,
    now: datetime,
    received_at: datetime | None = None,
) -> Written:
    """Save the sheet, and submit it if asked. The caller holds the assignment's row.

    What is no mark, or no mark of this rubric, is refused and not kept. Raises Refused with every reason,
    RubricChanged, RoundEnded, Conflict when the sheet is closed, and NotAllowed.
    """
    check_content(reading.judged, content, submit=submit, rubric=rubric)
    saved = save_draft(
        session, registry=registry, assignment=reading.assignment, actor=actor, marks=content.marks,
        bands=content.bands, comments=content.comments, comment=content.comment, locale=LOCALE, now=now,
        submits=submit,
    )  # fmt: skip
    version = None
    if submit:
        version = submit_sheet(
            session, registry=registry, assignment=reading.assignment, actor=actor, now=now, saved=saved,
            received_at=received_at,
        )  # fmt: skip
    return Written(saved=saved, version=version)
