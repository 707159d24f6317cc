"""A whole sheet of a blind repeat at once, as a program sends it: as `services.sheets.writes` does with any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.services.judges.repeats.sheets import SavedRepeat, save_repeat, submit_repeat
from judging.services.sheets.writes import LOCALE, SheetContent, check_content

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.domain.permissions import Actor
    from judging.plugins import Registry
    from judging.services.judges.repeats.reading import RepeatReading


def write_repeat(
    session: Session,
    *,
    registry: Registry,
    reading: RepeatReading,
    actor: Actor,
    content: SheetContent,
    submit: bool,
    rubric: str | None,
    now: datetime,
    received_at: datetime | None = None,
) -> SavedRepeat:
    """Save the sheet, and submit it if asked. The caller holds the repeat's row. Raises as `writes.write_sheet`."""
    check_content(reading.judged, content, submit=submit, rubric=rubric)
    saved = save_repeat(
        session, registry=registry, repeat=reading.assignment, actor=actor, marks=content.marks, bands=content.bands,
        comments=content.comments, comment=content.comment, locale=LOCALE, now=now,
    )  # fmt: skip
    if submit:
        submit_repeat(
            session, registry=registry, repeat=reading.assignment, actor=actor, now=now, received_at=received_at
        )  # fmt: skip
    return saved
