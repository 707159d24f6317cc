"""What stands beside a score sheet: the judge's notes, why the entry waits, why the sheet is open again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from judging.db.queries.asides import newest_answer, standing_aside
from judging.db.queries.leases import lease_in_force
from judging.domain.asides import ASIDE_LABELS, AsideKind
from judging.domain.lifecycle import SheetState
from judging.services.sheet_notes import find_note
from judging.web.context import actor, contest, now
from judging.web.formats import label, moment
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import SheetAside
    from judging.services.readings import Reading


def sheet_extras(reading: Reading) -> dict[str, Any]:
    """What the macros of `judge/_beside.html` show."""
    aside = standing_aside(db(), assignment=reading.assignment)
    answered = newest_answer(db(), assignment=reading.assignment) if aside is None else None
    again = reading.assignment.sheet_version > 0 and reading.state is not SheetState.SUBMITTED
    return {
        "note": find_note(db(), reading=reading, actor=actor()),
        "kinds": [(kind.value, label(text)) for kind, text in ASIDE_LABELS.items()],
        "kept": lease_in_force(db(), assignment=reading.assignment, now=now()) if reading.round_open else None,
        "aside": aside is not None,
        "why": _why(aside) if aside is not None else "",
        "answered": answered is not None,
        "answer": answered.answer if answered is not None else "",
        "reopened": (reading.assignment.reason or "-") if again else "",
    }


def _why(aside: SheetAside) -> str:
    reason = label(ASIDE_LABELS[AsideKind(aside.kind)])
    said = f"{reason} – {aside.words}" if aside.words else reason
    return _("%(moment)s: %(reason)s", moment=moment(aside.at, contest().zone), reason=said)
