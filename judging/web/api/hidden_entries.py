"""Entries of a round in which they go by codes: found by the reading, and told without what ties two readings.

Number, title, alias and time of handing in are withheld as on the judge's pages, and files have an id for each reading.
What the files and answers say is the same wherever it is read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import url_for

from judging.domain.repeats import file_code
from judging.errors import N_, NotFound
from judging.services.access.api_tokens import JUDGE, READ
from judging.services.entries.status import shown_state
from judging.services.files.access import find_file
from judging.web.api.own_readings import own_reading
from judging.web.api.schemas.entries import Entry
from judging.web.api.shown_entries import dossier_files, dossier_links
from judging.web.bearer import covers
from judging.web.context import actor, contest, reading_row
from judging.web.reading_names import name_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.services.files.access import ShownFile
    from judging.services.judges.repeats.reading import RepeatReading
    from judging.services.sheets.readings import Reading
    from judging.web.api.schemas.entries import EntryFile


def hidden_reading() -> Reading | RepeatReading | None:
    """The caller's own reading, when the address names one in place of an entry; None when it names the entry itself.

    Raises NotFound for another's reading, and where entries do not go by codes: there they have addresses of their own.
    """
    if reading_row() is None:
        return None
    reading = own_reading()
    if not reading.hides_names or not covers(READ, JUDGE):
        raise NotFound(N_("There is nothing here."))
    return reading


def show_hidden_entry(reading: Reading | RepeatReading) -> Entry:
    """The entry of a reading, as the judge's pages show it."""
    row, in_force, name = reading.assignment.entry, reading.rules, name_of(reading)
    return Entry(
        id=reading.assignment.id, number=None, code=name.code, title=name.title, category=row.category,
        division=row.division, state=shown_state(row, contest()).value, submitted_at=None, contest=contest().slug,
        alias=name.code, unit=None,
        answers={one.key: row.answers.get(one.key) for one in in_force.fields if not one.blind},
        members=None, files=[shown for shown, _ in _files(reading)],
        links=dossier_links(row, in_force, reading.relation), receipts=None, consents=None, may_edit=False,
    )  # fmt: skip


def find_hidden_file(reading: Reading | RepeatReading, file_id: str) -> ShownFile:
    """The copy of a file, by the id that it has for this reading. Raises NotFound and Conflict as `find_file`."""
    for shown, real_id in _files(reading):
        if shown.id == file_id:
            entry = reading.assignment.entry
            found = find_file(db(), entry=entry, file_id=real_id, actor=actor(), rules=reading.rules)
            return replace(found, filename=shown.filename)
    raise NotFound(N_("There is nothing here."))


def _files(reading: Reading | RepeatReading) -> list[tuple[EntryFile, str]]:
    """The files as they are shown, each with the id that it has in the dossier."""
    own = reading.assignment.id
    files = dossier_files(
        reading.assignment.entry, reading.rules, reading.relation, named=False, code=name_of(reading).code
    )  # fmt: skip
    shown = []
    for one in files:
        made = file_code(own, one.id)
        address = url_for("api.get_file", entry_id=own, file_id=made)
        shown.append((one.model_copy(update={"id": made, "url": address}), one.id))
    return shown
