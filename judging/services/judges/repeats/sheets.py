"""The sheet of a blind repeat: saved, submitted and locked as any other, and recorded nowhere but in its own row.

It gets no leaf in the score log and no event in the record of acts: neither is to tell which sheets were repeats. The
code of its receipt stands for what was submitted, as a sheet's does.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from judging.domain.asides import MOST_WORDS, aside_problems
from judging.domain.ledger.receipts import short_code
from judging.domain.lifecycle import SheetState
from judging.domain.structure import canonical_bytes, frozen_digest
from judging.domain.totals import as_decimal_string, sheet_total
from judging.errors import N_, Conflict, Refused
from judging.services.contests.editions import rules_in_force
from judging.services.judges.repeats.reading import RepeatReading, check_may_score_repeat, hold_repeat
from judging.services.rounds.end.keeping import check_end
from judging.services.sheets.drafts import canonical_marks, missing_and_wrong, stored_draft
from judging.services.sheets.notes import merge_note
from judging.services.sheets.saving import Saved, check_not_stale, save_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import BlindRepeat
    from judging.domain.permissions import Actor
    from judging.plugins import Registry
    from judging.services.sheets.drafts import Draft
    from judging.services.sheets.notes import NoteMerge

SavedRepeat = Saved[RepeatReading]
"""What became of the draft of a repeat."""


def save_repeat(
    session: Session,
    *,
    registry: Registry,
    repeat: BlindRepeat,
    actor: Actor,
    marks: Mapping[str, str],
    bands: Mapping[str, str],
    comments: Mapping[str, str],
    comment: str,
    locale: str,
    now: datetime,
    expected_version: int | None = None,
    merge: Callable[[RepeatReading, Draft], Draft] | None = None,
) -> SavedRepeat:
    """Keep what the judge typed, as `sheets.save_draft` does, with the same refusals."""
    reading = _take(session, registry=registry, repeat=repeat, actor=actor, expected_version=expected_version)
    saved = save_typed(
        reading, marks=marks, bands=bands, comments=comments, comment=comment, locale=locale, merge=merge
    )
    if saved.changed:
        repeat.changed_at = now
        if not saved.draft.is_empty:
            repeat.state = SheetState.DRAFT.value
    return saved


def submit_repeat(
    session: Session,
    *,
    registry: Registry,
    repeat: BlindRepeat,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    locale: str = "en",
    received_at: datetime | None = None,
) -> None:
    """Lock the saved draft, with a receipt's code. Raises as `sheets.submit_sheet`."""
    reading = _take(session, registry=registry, repeat=repeat, actor=actor, expected_version=expected_version)
    draft = stored_draft(reading.judged, repeat, locale=locale)
    if problems := missing_and_wrong(reading.judged, draft):
        raise Refused(problems)
    # A repeat that were taken after the end would tell that it is one.
    check_end(reading, received_at=received_at, now=now)
    repeat.marks, repeat.comments, repeat.comment = canonical_marks(draft.marks), dict(draft.comments), draft.comment
    repeat.total = as_decimal_string(sheet_total(reading.judged.rubric, draft.marks))
    repeat.rubric_digest = frozen_digest(reading.judged.rubric)
    repeat.state, repeat.submitted_at, repeat.changed_at, repeat.aside_at = SheetState.SUBMITTED.value, now, now, None
    repeat.code = repeat_receipt_code(repeat)
    session.flush()


def repeat_receipt_code(repeat: BlindRepeat) -> str:
    """The code on its receipt: the first 10 letters of the base 32 SHA-256 of all that was submitted."""
    content = {
        "repeat": repeat.id, "marks": repeat.marks, "comments": repeat.comments, "comment": repeat.comment,
        "total": repeat.total, "rubric": repeat.rubric_digest,
        "submitted_at": repeat.submitted_at.isoformat() if repeat.submitted_at is not None else "",
    }  # fmt: skip
    return short_code(hashlib.sha256(canonical_bytes(content)).digest())


def keep_repeat_note(
    session: Session, *, registry: Registry, repeat: BlindRepeat, actor: Actor, text: str, base: str | None,
    sent: Sequence[str] = (),
) -> NoteMerge:  # fmt: skip
    """Keep the judge's own note beside the repeat, as `sheet_notes.keep_note`. Raises NotFound for anybody else."""
    hold_repeat(session, registry=registry, repeat=repeat, actor=actor)
    merged = merge_note(repeat.note, text=text, base=base, sent=sent)
    repeat.note = merged.text
    return merged


def set_repeat_aside(
    session: Session, *, registry: Registry, repeat: BlindRepeat, actor: Actor, kind: str, words: str, now: datetime
) -> None:
    """Put it at the end of the judge's order, with the reason. Raises as `setting_aside.set_aside`."""
    if problems := aside_problems(kind, words):
        raise Refused(problems)
    check_may_score_repeat(hold_repeat(session, registry=registry, repeat=repeat, actor=actor), actor)
    if repeat.aside_at is not None:
        raise Conflict(N_("This entry is set aside already."))
    repeat.aside_kind, repeat.aside_words, repeat.aside_at = kind, words.strip()[:MOST_WORDS], now


def take_repeat_up(session: Session, *, registry: Registry, repeat: BlindRepeat, actor: Actor) -> None:
    """Put it back into its place. Raises as `setting_aside.take_up`."""
    check_may_score_repeat(hold_repeat(session, registry=registry, repeat=repeat, actor=actor), actor)
    repeat.aside_at = None


def _take(
    session: Session, *, registry: Registry, repeat: BlindRepeat, actor: Actor, expected_version: int | None
) -> RepeatReading:
    rules_in_force(registry, repeat.entry.contest)
    reading = hold_repeat(session, registry=registry, repeat=repeat, actor=actor)
    check_may_score_repeat(reading, actor)
    check_not_stale(repeat, expected_version)
    return reading
