"""What stands beside a score sheet: the judge's notes, why the entry waits, why the sheet is open again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from judging.db.queries.asides import newest_answer, standing_aside
from judging.db.queries.leases import lease_in_force
from judging.domain.asides import ASIDE_LABELS, AsideKind
from judging.domain.draft_merge import version_of
from judging.domain.lifecycle import SheetState
from judging.services.sheets.notes import find_note
from judging.web.context import actor, contest, now
from judging.web.device_copies import is_for_device
from judging.web.formats import label, moment
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.db.models import SheetAside
    from judging.services.sheets.readings import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNote:
    """The judge's note as the page shows it: its text, and the version that a save started from.

    `other` is what another device wrote when both changed it. A copy that a device keeps holds no note: the device
    keeps it apart, encrypted.
    """

    text: str = ""
    version: str = ""
    other: str = ""
    is_clash: bool = False
    is_copy: bool = False


def sheet_extras(reading: Reading, note: ShownNote | None = None) -> dict[str, Any]:
    """What the macros of `judge/_beside.html` show; `note` when it is another than the one that is kept."""
    aside = standing_aside(db(), assignment=reading.assignment)
    answered = newest_answer(db(), assignment=reading.assignment) if aside is None else None
    again = reading.assignment.sheet_version > 0 and reading.state is not SheetState.SUBMITTED
    return {
        "note": note or kept_note(partial(find_note, db(), reading=reading, actor=actor())),
        "kinds": [(kind.value, label(text)) for kind, text in ASIDE_LABELS.items()],
        "kept": lease_in_force(db(), assignment=reading.assignment, now=now()) if reading.round_open else None,
        "aside": aside is not None,
        "why": _why(aside) if aside is not None else "",
        "answered": answered is not None,
        "answer": answered.answer if answered is not None else "",
        "reopened": (reading.assignment.reason or "-") if again else "",
    }


def kept_note(text: Callable[[], str]) -> ShownNote:
    """The note as it is kept, read only where the page is not a device's copy."""
    if is_for_device():
        return ShownNote(is_copy=True)
    kept = text()
    return ShownNote(text=kept, version=version_of(kept))


def _why(aside: SheetAside) -> str:
    reason = label(ASIDE_LABELS[AsideKind(aside.kind)])
    said = f"{reason} – {aside.words}" if aside.words else reason
    return _("%(moment)s: %(reason)s", moment=moment(aside.at, contest().zone), reason=said)
