"""Notes that a judge keeps about an entry for themselves: no part of the sheet, of the log or of anybody's export.

Two devices of one judge may write on one note: what is typed is merged with what stands by `domain.draft_merge`, as a
field of a draft is. Where both changed it nothing is written, and the device keeps its text until the judge has chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.db.models import SheetNote
from judging.domain.draft_merge import Outcome, merge_field, version_of
from judging.errors import N_, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.domain.permissions import Actor
    from judging.services.sheets.readings import Reading

MOST_CHARACTERS = 10_000
"""How much of a note is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMerge:
    """What a save comes to: the text that stands now, and whether it is what was typed."""

    text: str
    outcome: Outcome

    @property
    def version(self) -> str:
        """The version of the text that stands: what the next save has to say it started from."""
        return version_of(self.text)


def find_note(session: Session, *, reading: Reading, actor: Actor) -> str:
    """What the judge of this reading wrote down for themselves. Raises NotAllowed for anybody else."""
    _check_own(reading, actor)
    found = session.get(SheetNote, reading.assignment.id)
    return found.text if found is not None else ""


def keep_note(
    session: Session,
    *,
    reading: Reading,
    actor: Actor,
    text: str,
    base: str | None,
    now: datetime,
    sent: Sequence[str] = (),
) -> NoteMerge:
    """Keep the note as it is now, unless another device changed it; an empty one is gone.

    `base` is the version that the device started from, None when it does not know; `sent` are the versions of what it
    sent before and never had an answer to: one of them that stands is no other device's text. The reading is held, for
    two devices may write at once. No event is recorded: it concerns the judge alone.

    Raises NotAllowed for anybody but the reading's judge, who may write as long as they may see the entry.
    """
    _check_own(reading, actor)
    found = session.get(SheetNote, reading.assignment.id)
    merged = merge_note(found.text if found is not None else "", text=text, base=base, sent=sent)
    if merged.outcome is Outcome.TYPED:
        _write(session, reading, found, merged.text, now)
    return merged


def merge_note(standing: str, *, text: str, base: str | None, sent: Sequence[str]) -> NoteMerge:
    """What becomes of a note that stands when `text` is typed; `base` and `sent` as for `keep_note`."""
    typed = _clean(text)
    if version_of(standing) in sent:
        base = version_of(standing)
    outcome = merge_field(base=base, standing=standing, typed=typed)
    return NoteMerge(text=typed if outcome is Outcome.TYPED else standing, outcome=outcome)


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()[:MOST_CHARACTERS]


def _write(session: Session, reading: Reading, found: SheetNote | None, kept: str, now: datetime) -> None:
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
