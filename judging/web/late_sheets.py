"""A sheet that came after the end of its round: what its judge is told, and the note for the organiser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.models import Assignment
from judging.services.rounds.end.keeping import RoundEnded, check_end
from judging.services.rounds.end.late import note_late
from judging.web.context import now, platform
from judging.web.formats import error_sentence, moment
from judging.web.transaction import db, unit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.services.judges.repeats.reading import RepeatReading
    from judging.services.sheets.readings import Reading


def ended_notice(reading: Reading | RepeatReading) -> str:
    """That the end has passed and what to do, for above the sheet; empty while sheets are taken."""
    try:
        check_end(reading, received_at=None, now=now())
    except RoundEnded as ended:
        return error_sentence(ended)
    return ""


def due_note(reading: Reading | RepeatReading) -> str | None:
    """Until when the sheet is taken, or awaited where nothing but closing the round ends it."""
    if reading.deadline is None:
        return None
    until = moment(reading.deadline, reading.contest.zone)
    if reading.end.last is None:
        return _("Due by %(moment)s.", moment=until)
    minutes = int(reading.end.grace.total_seconds()) // 60
    if not minutes:
        return _("Sheets are taken until %(moment)s.", moment=until)
    return ngettext(
        "Sheets are taken until %(moment)s, and within %(num)s minute of grace after it.",
        "Sheets are taken until %(moment)s, and within %(num)s minutes of grace after it.",
        minutes,
        moment=until,
    )


def keep_as_late(reading: Reading | RepeatReading, ended: RoundEnded) -> None:
    """Keep the draft of the request that was refused, with the note that the sheet came late.

    Of a blind repeat nothing is noted: it counts for nothing, and nobody need decide on it.
    """
    if isinstance(reading.assignment, Assignment):
        note_late(db(), assignment=reading.assignment, received_at=ended.received_at, now=now())
    unit().keep = True


def note_alone(ended: RoundEnded) -> None:
    """Undo all that the request wrote, then note that the sheet came late: its text stays where it was sent from."""
    unit().abandon()

    def note(session: Session) -> None:
        found = session.get(Assignment, ended.assignment_id)
        if found is not None:
            note_late(session, assignment=found, received_at=ended.received_at, now=now())

    platform().database.run(note)
