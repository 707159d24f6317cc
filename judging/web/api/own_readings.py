"""The reading of an address: one's own, or a blind repeat in place of one, which answers as any reading does.

A repeat is no assignment of the request, see `web.policing`: a view that asks for `assignment()` finds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.lifecycle import SheetState
from judging.errors import NotFound
from judging.services.judges.conflicts.gate import check_pair
from judging.services.judges.repeats.reading import find_repeat_reading, hold_repeat
from judging.services.sheets.readings import find_reading, lock_assignment
from judging.services.sheets.writes import sheet_revision
from judging.web.context import actor, assignment, platform, repeat
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import Assignment
    from judging.services.judges.repeats.reading import RepeatReading
    from judging.services.sheets.readings import Reading

_TAKEN_OFF = (SheetState.RECUSED, SheetState.REASSIGNED)


def own_reading() -> Reading | RepeatReading:
    """The reading of this address. Raises NotFound for another's, and once the judge is off the entry."""
    again = repeat()
    if again is not None:
        return find_repeat_reading(db(), registry=platform().registry, repeat=again, actor=actor())
    return find_reading(db(), registry=platform().registry, assignment=assignment(), actor=actor())


def reading_to_write() -> Reading | RepeatReading:
    """As `own_reading`, its row held; whom a conflict keeps from it is told so. Raises Conflict and NotFound."""
    again = repeat()
    if again is not None:
        return hold_repeat(db(), registry=platform().registry, repeat=again, actor=actor())
    lock_assignment(db(), assignment())
    try:
        return own_reading()
    except NotFound:
        if assignment().judge.account_id == actor().account_id and assignment().state not in _TAKEN_OFF:
            check_pair(db(), judge_id=assignment().judge_id, entry_id=assignment().entry_id)
        raise


def first_assignment() -> Assignment:
    """The assignment itself, or that of which the address names the repeat."""
    again = repeat()
    return assignment() if again is None else again.first


def sheet_tag(reading: Reading | RepeatReading) -> str:
    """The tag of the sheet as it stands now."""
    return f"v{sheet_revision(reading.assignment)}"
