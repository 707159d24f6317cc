"""What the deadline means for an upload: parts may come before it, and one begun before it may end within the grace."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from judging.domain.lifecycle import EntryState
from judging.domain.upload_limits import may_end_in_grace
from judging.services.entry_drafts import may_edit, must_edit

if TYPE_CHECKING:
    from judging.db.models import Contest, Entry, Upload
    from judging.domain.permissions import Actor

NO_GRACE = timedelta(0)


def grace_of(contest: Contest) -> timedelta:
    """The contest's written grace: none, as long as its rules write none."""
    del contest
    return NO_GRACE


def must_take_end(upload: Upload, entry: Entry, actor: Actor, *, now: datetime) -> None:
    """Raise Conflict unless the whole file may join the dossier at `now`, the moment at which its last byte was here.

    As long as the entry can be edited it may; what that does to the entry, its submission decides.
    """
    if may_edit(entry, actor):
        return
    is_draft = actor.account_id == entry.owner_id and EntryState(entry.state) is EntryState.DRAFT
    contest = entry.contest
    if is_draft and may_end_in_grace(
        begun_at=upload.begun_at, ends_at=now, closes_at=contest.closes_at, grace=grace_of(contest)
    ):
        return
    must_edit(entry, actor)
