"""What the deadline means for an upload: parts may come before it, and one begun before it may end within the grace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.lifecycle import EntryState
from judging.services.contests.deadlines import entry_deadline
from judging.services.entries.drafts import may_edit, must_edit

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Entry, Upload
    from judging.domain.permissions import Actor


def must_take_end(session: Session, upload: Upload, entry: Entry, actor: Actor, *, received: datetime) -> None:
    """Raise Conflict unless the whole file may join the dossier, its last byte having been `received` then.

    As long as the entry can be edited it may; what that does to the entry, its submission decides.
    """
    if may_edit(entry, actor):
        return
    is_draft = actor.account_id == entry.owner_id and EntryState(entry.state) is EntryState.DRAFT
    has_end = entry.contest.closes_at is not None
    if is_draft and has_end and entry_deadline(session, entry).may_finish_upload(upload.begun_at, received):
        return
    must_edit(entry, actor)
