"""What was written about an entry beside its sheets: notes, why it was set aside, repeats, why a sheet may be late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from judging.db.models import Assignment, BlindRepeat, RoundExtension, SheetAside, SheetNote

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Entry


def empty_judge_words(session: Session, entry: Entry) -> None:
    """Delete the notes and the repeats, and empty the reasons; that the entry was set aside, and when, stays."""
    readings = select(Assignment.id).where(Assignment.entry_id == entry.id)
    session.execute(delete(SheetNote).where(SheetNote.assignment_id.in_(readings)))
    session.execute(delete(BlindRepeat).where(BlindRepeat.assignment_id.in_(readings)))
    session.execute(update(SheetAside).where(SheetAside.assignment_id.in_(readings)).values(words="", answer=""))
    session.execute(update(RoundExtension).where(RoundExtension.assignment_id.in_(readings)).values(reason=""))
