"""The sheet of a blind repeat: saved, submitted and locked as any other, and recorded nowhere but in its own row.

It gets no leaf in the score log and no event in the record of acts: neither is to tell which sheets were repeats. The
code of its receipt stands for what was submitted, as a sheet's does.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.domain.asides import MOST_WORDS, aside_problems
from judging.domain.lifecycle import SheetState
from judging.domain.structure import canonical_bytes, frozen_digest
from judging.domain.totals import as_decimal_string, sheet_total
from judging.errors import N_, Conflict, Refused, StaleVersion
from judging.services.contests.editions import rules_in_force
from judging.services.judges.repeats.reading import check_may_score_repeat, hold_repeat
from judging.services.rounds.end.keeping import check_end
from judging.services.sheets.drafts import (
    canonical_marks,
    criteria_left,
    draft_total,
    missing_and_wrong,
    read_draft,
    store_draft,
    stored_draft,
)
from judging.services.sheets.notes import merge_note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from fractions import Fraction

    from sqlalchemy.orm import Session

    from judging.db.models import BlindRepeat
    from judging.domain.permissions import Actor
    from judging.domain.values import Problem
    from judging.plugins import Registry
    from judging.services.judges.repeats.reading import RepeatReading
    from judging.services.sheets.drafts import Draft
    from judging.services.sheets.notes import NoteMerge

_CODE_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRepeat:
    """What became of a draft, as `sheets.SavedDraft`."""

    reading: RepeatReading
    draft: Draft
    version: int
    total: Fraction
    left: int

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with what was typed; it was saved all the same."""
        return self.draft.problems


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
    draft = read_draft(reading.judged, marks=marks, bands=bands, comments=comments, comment=comment, locale=locale)
    if merge is not None:
        draft = merge(reading, draft)
    if store_draft(repeat, draft):
        repeat.changed_at = now
        if not draft.is_empty:
            repeat.state = SheetState.DRAFT.value
    return SavedRepeat(
        reading=reading, draft=draft, version=repeat.draft_version, total=draft_total(reading.judged, draft),
        left=criteria_left(reading.judged, draft),
    )  # fmt: skip


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
    return base64.b32encode(hashlib.sha256(canonical_bytes(content)).digest()).decode()[:_CODE_LENGTH]


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
    if expected_version is not None and expected_version != repeat.draft_version:
        raise StaleVersion(N_("This sheet was saved on another device since you opened it here."))
    return reading
