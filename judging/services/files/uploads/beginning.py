"""Beginning an upload: all that can be refused is refused before the first byte is sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Contest, Entry, Upload
from judging.domain.fields import DossierItem
from judging.domain.permissions import Actor
from judging.domain.rules import ContestRules
from judging.domain.upload_limits import KEPT_FOR, MEGABYTE
from judging.domain.values import Problem
from judging.errors import N_, Refused
from judging.services.entries.age_checks import require_unverified
from judging.services.entries.drafts import must_edit
from judging.services.entries.files import require_place
from judging.services.files.checks import extensions_for, safe_name
from judging.services.files.uploads.limits import require_room
from judging.services.files.uploads.sweeping import plan_sweep
from judging.storage import TooLarge

LARGEST = 2_147_483_647
"""The size of a stored file is a number of 32 bits."""


def begin_upload(
    session: Session,
    *,
    entry: Entry,
    actor: Actor,
    rules: ContestRules,
    item: str,
    filename: str,
    length: int,
    now: datetime,
) -> Upload:
    """Put an upload of `length` bytes down for an item of the dossier.

    Raises Conflict when the entry cannot be changed, Refused for what the item, the entry, the contest or the person
    has no room for, TooLarge beyond the item's own limit.
    """
    must_edit(entry, actor)
    assert actor.account_id is not None  # noqa: S101 - an entry is only edited by a person
    wanted = _find_item(rules, item)
    name = safe_name(filename)
    _require_taken(wanted, name, length)
    require_unverified(session, entry=entry, item=wanted)
    require_place(entry, wanted, name)
    # Rooms are counted one upload at a time, or two at once would each find the last of it.
    session.execute(select(Contest.id).where(Contest.id == entry.contest_id).with_for_update())
    require_room(session, entry=entry, size=length, account_id=actor.account_id, begins=True)
    upload = Upload(
        account_id=actor.account_id, contest_id=entry.contest_id, entry_id=entry.id, item=wanted.key, filename=name,
        length=length, received=0, begun_at=now, expires_at=now + KEPT_FOR,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    plan_sweep(session, due=upload.expires_at, now=now)
    return upload


def _find_item(rules: ContestRules, key: str) -> DossierItem:
    for item in rules.dossier:
        if item.key == key:
            return item
    known = ", ".join(item.key for item in rules.dossier)
    raise _refused("no-item", N_("The dossier has no item of that key. It has: %(known)s."), known=known)


def _require_taken(item: DossierItem, name: str, length: int) -> None:
    if not extensions_for(item):
        raise _refused("physical", N_("“%(item)s” is handed in at the office, not here."), item=item.label)
    if length == 0:
        raise _refused("empty", N_("%(file)s is empty. Choose it again; it may not have been saved."), file=name)
    if item.max_megabytes and length > item.max_megabytes * MEGABYTE:
        raise TooLarge(
            N_("%(file)s is larger than %(limit)s MB. Make it smaller, or split it."),
            file=name, limit=item.max_megabytes,
        )  # fmt: skip


def _refused(code: str, message: str, **params: object) -> Refused:
    return Refused([Problem(code=code, message=message, params=params, where="file")])
