"""The versions of a draft, field by field, and the texts that wait for a person's word.

Of each field the last `KEPT` versions stay, and every text that waits, until the entry is handed in; then all of them
go. Saves that follow each other from one page make one version, for typing saves every second.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from judging.db.models import DraftText, Entry
from judging.domain.values import Problem
from judging.errors import N_
from judging.services.entries.checks import MEMBERS

KEPT = 10
MOST_WAITING = 10
_ONE_SITTING = timedelta(minutes=10)
VERSION, UNREAD, WAITING = "version", "unread", "waiting"


class Draft:
    """The texts of an entry's draft besides what the entry itself says."""

    def __init__(self, session: Session, entry: Entry) -> None:
        """Load them: one query."""
        self._session = session
        self._entry = entry
        self._rows: dict[str, list[DraftText]] = {}
        asked = select(DraftText).where(DraftText.entry_id == entry.id).order_by(DraftText.field, DraftText.number)
        for row in session.scalars(asked):
            self._rows.setdefault(row.field, []).append(row)
        # A number is not used again, since a row that goes may still be there when another comes.
        self._highest = {field: rows[-1].number for field, rows in self._rows.items()}

    def over(self, standing: Mapping[str, str]) -> dict[str, str]:
        """What the pages show: `standing`, with what was typed and cannot be read yet in its place."""
        return {**standing, **self.unread()}

    def unread(self) -> dict[str, str]:
        """The texts that were typed and are no answer, by field."""
        return {row.field: row.text for row in self._all(UNREAD)}

    def waiting(self) -> list[DraftText]:
        """The texts that wait for a person's word, the oldest first."""
        return sorted(self._all(WAITING), key=lambda row: (row.at, row.id))

    def versions(self, field: str) -> list[DraftText]:
        """The versions of a field, the newest first."""
        return [row for row in reversed(self._rows.get(field, [])) if row.state == VERSION]

    def fields(self) -> list[str]:
        """The fields that have a text of any kind."""
        return [field for field, rows in self._rows.items() if rows]

    def find(self, text_id: str, state: str) -> DraftText | None:
        """The text of that id, if it stands so."""
        return next((row for row in self._all(state) if row.id == text_id), None)

    def find_waiting(self, text_id: str) -> DraftText | None:
        """The waiting text of that id."""
        return self.find(text_id, WAITING)

    def own_fields(self, page: str, standing: Mapping[str, str]) -> frozenset[str]:
        """The fields whose present text was typed on this very page: it cannot clash with itself."""
        typed_here = [row for row in (*self._all(VERSION), *self._all(UNREAD)) if page and row.page == page]
        return frozenset(row.field for row in typed_here if row.text == standing.get(row.field, ""))

    def write(self, field: str, text: str, *, before: str, page: str, unread: bool, now: datetime) -> None:
        """Note that the field now says `text`, where it said `before`."""
        for row in list(self._rows.get(field, [])):
            if row.state == UNREAD or (row.state == WAITING and row.text == text):
                self._remove(row)
        self.settle([field], page=page)
        if unread:
            self._add(field, UNREAD, text, page=page, now=now)
            return
        versions = self.versions(field)
        if versions and page and versions[0].page == page and now - versions[0].at < _ONE_SITTING:
            versions[0].text, versions[0].at = text, now
        else:
            if before and (not versions or versions[0].text != before):
                self._add(field, VERSION, before, page="", now=now)
            self._add(field, VERSION, text, page=page, now=now)
        self._prune(field)

    def wait(self, field: str, text: str, *, page: str, now: datetime) -> DraftText:
        """Keep a text that clashes, one for each page on which it is being typed."""
        waiting = [row for row in self._rows.get(field, []) if row.state == WAITING]
        own = next((row for row in waiting if row.text == text or (page and row.page == page)), None)
        if own is not None:
            own.text, own.at = text, now
            return own
        for row in waiting[: max(len(waiting) - MOST_WAITING + 1, 0)]:
            row.state = VERSION
        return self._add(field, WAITING, text, page=page, now=now)

    def settle(self, fields: Collection[str], *, page: str | None = None) -> None:
        """Say that nothing is to be asked about these fields any more; with `page`, about what was typed there."""
        for row in self._all(WAITING):
            if row.field in fields and page in (None, row.page):
                self.set_aside(row)

    def set_aside(self, row: DraftText) -> None:
        """Make a waiting text one of the field's earlier versions."""
        # Of no page any more, so that no later save is written over it.
        row.state, row.page = VERSION, ""
        self._prune(row.field)

    def forget_unread(self, fields: Collection[str]) -> None:
        """Drop the unread texts of fields that were written elsewhere."""
        for row in [row for row in self._all(UNREAD) if row.field in fields]:
            self._remove(row)

    def _all(self, state: str) -> list[DraftText]:
        return [row for rows in self._rows.values() for row in rows if row.state == state]

    def _add(self, field: str, state: str, text: str, *, page: str, now: datetime) -> DraftText:
        number = self._highest[field] = self._highest.get(field, 0) + 1
        made = DraftText(entry_id=self._entry.id, field=field, number=number, state=state, text=text, page=page, at=now)
        self._session.add(made)
        self._rows.setdefault(field, []).append(made)
        return made

    def _remove(self, row: DraftText) -> None:
        self._rows[row.field].remove(row)
        self._session.delete(row)

    def _prune(self, field: str) -> None:
        for row in self.versions(field)[KEPT:]:
            self._remove(row)


def forget_draft(session: Session, *, entry: Entry) -> None:
    """Let go of the versions of a draft that was handed in, or of an entry that is erased."""
    session.execute(delete(DraftText).where(DraftText.entry_id == entry.id))


def draft_problems(session: Session, *, entry: Entry) -> tuple[Problem, ...]:
    """What a person must still decide or mend in the draft: texts of two devices, and what cannot be read."""
    asked = select(DraftText.field, DraftText.state).where(
        DraftText.entry_id == entry.id, DraftText.state.in_((UNREAD, WAITING))
    )
    found = sorted({(field, state) for field, state in session.execute(asked)})
    members = {member.id for member in entry.members}
    return tuple(
        Problem(code=f"draft-{state}", message=_MESSAGES[state], where=_where(field))
        for field, state in found
        if not field.startswith("member:") or field.split(":")[1] in members
    )


_MESSAGES = {
    UNREAD: N_("What is typed here cannot be read yet. Correct it."),
    WAITING: N_("Two texts were typed here on two devices. Say which one holds."),
}


def _where(field: str) -> str:
    kind, _, rest = field.partition(":")
    if kind == "answer":
        return rest
    return MEMBERS if kind == "member" else field
