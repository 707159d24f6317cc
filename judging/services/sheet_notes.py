"""Notes that a judge keeps about an entry for themselves: no part of the sheet, of the log or of anybody's export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.db.models import SheetNote
from judging.errors import N_, NotAllowed

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.domain.permissions import Actor
    from judging.services.readings import Reading

MOST_CHARACTERS = 10_000
"""How much of a note is kept."""


def find_note(session: Session, *, reading: Reading, actor: Actor) -> str:
    """What the judge of this reading wrote down for themselves. Raises NotAllowed for anybody else."""
    _check_own(reading, actor)
    found = session.get(SheetNote, reading.assignment.id)
    return found.text if found is not None else ""


def keep_note(session: Session, *, reading: Reading, actor: Actor, text: str, now: datetime) -> None:
    """Keep the note as it is now; an empty one is gone. No event is recorded: it concerns the judge alone.

    Raises NotAllowed for anybody but the reading's judge, who may write as long as they may see the entry.
    """
    _check_own(reading, actor)
    found = session.get(SheetNote, reading.assignment.id)
    kept = text.strip()[:MOST_CHARACTERS]
    if found is None and kept:
        session.add(SheetNote(assignment_id=reading.assignment.id, text=kept, changed_at=now))
    elif found is not None and kept:
        found.text, found.changed_at = kept, now
    elif found is not None:
        session.delete(found)


def _check_own(reading: Reading, actor: Actor) -> None:
    own = actor.account_id is not None and reading.assignment.judge.account_id == actor.account_id
    if not own or not reading.relation.scores:
        raise NotAllowed(N_("Only the judge who wrote a note reads it."))
