"""What the office wrote down of an entry at its desk, in tables that it brought along and in messages to many.

What was decided stays: verdicts, ticks, and each signed list with its hash. The words go.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from judging.db.models import (
    Announcement,
    DossierHold,
    EligibleList,
    ImportedEntry,
    ImportSheet,
    LegalHold,
    PeopleLink,
    ReturnTerm,
    ScreeningOpinion,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from sqlalchemy.orm import Session

    from judging.db.models import Entry

# A shorter word is a part of too many others to be looked for in a text.
_SHORTEST = 8


def asked_names(session: Session, entry: Entry) -> frozenset[str]:
    """The names of guardians, co-authors, mentors and schools who were asked about the entry, or answered."""
    query = select(PeopleLink.name, PeopleLink.answered_name).where(PeopleLink.entry_id == entry.id)
    return frozenset(name.strip() for row in session.execute(query) for name in row if name.strip())


def empty_desk(session: Session, entry: Entry) -> None:
    """Empty what screeners wrote, and lay the dossier down; who screened when, and what they said, stays."""
    session.execute(update(ScreeningOpinion).where(ScreeningOpinion.entry_id == entry.id).values(reason=""))
    session.execute(update(ReturnTerm).where(ReturnTerm.entry_id == entry.id).values(items=[]))
    session.execute(update(LegalHold).where(LegalHold.entry_id == entry.id).values(reason=""))
    session.execute(delete(DossierHold).where(DossierHold.entry_id == entry.id))


def forget_import(session: Session, entry: Entry, *, words: Collection[str]) -> None:
    """Forget the entry's number in the office's own list, and every table that waits and names its people.

    Such a number may be that of an identity card. A table waits for a day at most: whoever brought it brings it again.
    """
    session.execute(delete(ImportedEntry).where(ImportedEntry.entry_id == entry.id))
    wanted = {word.casefold() for word in words if len(word) >= _SHORTEST}
    for sheet in session.scalars(select(ImportSheet).where(ImportSheet.contest_id == entry.contest_id)).all():
        if _tells([sheet.filename, sheet.rows], wanted):
            session.delete(sheet)
    session.flush()


def empty_announcements(session: Session, entry: Entry, *, words: Collection[str]) -> None:
    """Empty the messages to many that name the title, a person or an address; that they were sent stays."""
    wanted = {word.casefold() for word in words if len(word) >= _SHORTEST}
    for one in session.scalars(select(Announcement).where(Announcement.contest_id == entry.contest_id)).all():
        if _tells(one.texts, wanted):
            one.texts = {}
    session.flush()


def unlink_signed_lists(session: Session, entry: Entry) -> None:
    """Take the hash of what was handed in out of the signed lists: whoever guesses right could show it was this.

    Number and alias stay, and the hash of each list as it was signed.
    """
    for one in session.scalars(select(EligibleList).where(EligibleList.contest_id == entry.contest_id)).all():
        rows = one.content.get("entries", [])
        if any(row.get("entry") == entry.alias and row.get("receipt") for row in rows):
            kept = [{**row, "receipt": None} if row.get("entry") == entry.alias else row for row in rows]
            one.content = {**one.content, "entries": kept}
    session.flush()


def _tells(texts: Any, words: Collection[str]) -> bool:
    said = json.dumps(texts, ensure_ascii=False).casefold()
    return any(json.dumps(word, ensure_ascii=False)[1:-1] in said for word in words)
