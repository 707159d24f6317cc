"""Files of the dossier: kept, named, removed. Who gets which bytes of them, `files.access` says."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.orm import Session

from judging.db.models import Entry, EntryFile
from judging.domain.fields import DossierItem
from judging.domain.permissions import Actor
from judging.domain.rules import ContestRules
from judging.domain.values import Problem
from judging.errors import N_, NotFound, Refused
from judging.services.entries.age_checks import require_unverified
from judging.services.entries.drafts import must_edit
from judging.services.entries.record import record_entry_event
from judging.services.files.checks import EXTENSIONS, Checked
from judging.services.files.copies.asking import ask_for_copy
from judging.services.files.uploads.limits import require_room
from judging.storage import StoredFile


def find_item(rules: ContestRules, key: str) -> DossierItem:
    """The dossier item of that key. Raises NotFound."""
    for item in rules.dossier:
        if item.key == key:
            return item
    raise NotFound(N_("There is nothing here."))


def attach_file(
    session: Session,
    *,
    entry: Entry,
    actor: Actor,
    item: DossierItem,
    checked: Checked,
    stored: StoredFile,
    now: datetime,
    may_edit: bool = False,
) -> EntryFile:
    """Add a file that was checked and stored to the entry's dossier.

    `may_edit` says that the caller has made sure of the entry's being open for it. Raises Refused when the item has as
    many files as it takes, was verified, or there is no room for this one, and Conflict when the entry cannot be
    changed.
    """
    if not may_edit:
        must_edit(entry, actor)
    require_unverified(session, entry=entry, item=item)
    require_place(entry, item, checked.filename)
    require_room(session, entry=entry, size=stored.size)
    file = EntryFile(
        item=item.key,
        filename=checked.filename,
        media_type=checked.media_type,
        size=stored.size,
        sha256=stored.sha256,
        key=stored.key,
        pages=checked.pages,
        uploaded_at=now,
    )
    entry.files.append(file)
    entry.changed_at = now
    session.flush()
    ask_for_copy(session, file=file, checked=checked, now=now)
    _record(session, file, action="file-attached", actor=actor, now=now)
    return file


def require_place(entry: Entry, item: DossierItem, filename: str) -> None:
    """Raise Refused when the item has as many files as it takes."""
    if sum(file.item == item.key for file in entry.files) >= item.high:
        raise Refused(
            [
                Problem(
                    code="too-many-files",
                    message=N_("“%(item)s” takes %(limit)s files at most. Remove one before you add %(file)s."),
                    params={"item": item.label, "limit": item.high, "file": filename},
                    where="file",
                )
            ]
        )


def remove_file(session: Session, *, entry: Entry, file_id: str, actor: Actor, now: datetime) -> str:
    """Take a file out of the dossier and return its key in the file store, to be deleted after the commit.

    Raises NotFound for a file of another entry, and Conflict when the entry cannot be changed.
    """
    must_edit(entry, actor)
    for file in entry.files:
        if file.id == file_id:
            _record(session, file, action="file-removed", actor=actor, now=now)
            entry.files.remove(file)
            entry.changed_at = now
            session.flush()
            return file.key
    raise NotFound(N_("There is nothing here."))


def blind_name(
    rules: ContestRules, entry: Entry, file: EntryFile, place: int, *, media_type: str | None = None, code: str = ""
) -> str:
    """A name made of the entry's code, the item and the place in it: ST-041-pictures-2.jpg.

    `media_type` is that of the copy, where it is of another kind than the file; `code` another by which the entry goes.
    """
    item = re.sub(r"[^a-z0-9_-]", "", file.item)
    known = code or f"{rules.prefix}-{entry.number:03d}"
    return f"{known}-{item}-{place}.{EXTENSIONS.get(media_type or file.media_type, 'bin')}"


def _record(session: Session, file: EntryFile, *, action: str, actor: Actor, now: datetime) -> None:
    record_entry_event(
        session,
        entry=file.entry,
        action=action,
        actor_id=actor.account_id,
        now=now,
        details={"item": file.item, "size": file.size, "sha256": file.sha256},
        subject="file",
        subject_id=file.id,
    )
