"""Erasing anew what a restored backup brought back, and keeping tombstones and database in agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Contest, Entry
from judging.services.privacy.erasure.afterwards import tombstone_file
from judging.services.privacy.erasure.erasing import erase_again, needs_erasing
from judging.services.privacy.erasure.rows import sheets_are_left
from judging.services.privacy.erasure.tombstones import Tombstone, add_tombstone, read_tombstones

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from judging.services.platform import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """Tombstones of entries that are here and not erased, and erasures that have no tombstone."""

    back: tuple[Tombstone, ...]
    unmarked: tuple[Tombstone, ...]


def find_unsettled(session: Session, stones: Sequence[Tombstone]) -> Unsettled:
    """Hold the tombstones against the database."""
    marked = {stone.entry: stone for stone in stones}
    present = {
        entry.id: entry for entry in session.scalars(select(Entry).where(Entry.id.in_(list(marked)))).all()
    }  # fmt: skip
    back = tuple(
        stone
        for stone in stones
        if stone.entry in present and needs_erasing(session, present[stone.entry], with_sheets=stone.with_sheets)
    )
    query = select(Entry, Contest.slug).join(Contest, Contest.id == Entry.contest_id)
    erased = session.execute(query.where(Entry.erased_at.is_not(None)).order_by(Entry.id))
    unmarked = tuple(
        Tombstone(
            entry=entry.id, contest=slug, at=entry.erased_at, with_sheets=not sheets_are_left(session, entry)
        )
        for entry, slug in erased
        if entry.erased_at is not None and entry.id not in marked
    )  # fmt: skip
    return Unsettled(back=back, unmarked=unmarked)


def replay_tombstones(platform: Platform, *, now: datetime, file: Path | None = None) -> int:
    """Erase again what was erased before and is here, and return how many entries that were.

    `file` is another installation's file of tombstones, read beside this one's own. May be called at any time and
    again. Raises StoreUnavailable when a file cannot be read: then it is not known what must be erased.
    """
    own = tombstone_file(platform.settings.score_log)
    stones = [one for path in {own, file or own} for one in read_tombstones(path).stones]
    with platform.database.reading() as session:
        unsettled = find_unsettled(session, stones)
    for stone in (*unsettled.unmarked, *stones):
        add_tombstone(own, stone)
    for stone in unsettled.back:
        with platform.database.writing() as session:
            entry = session.get(Entry, stone.entry)
            if entry is not None and needs_erasing(session, entry, with_sheets=stone.with_sheets):
                erase_again(session, entry=entry, with_sheets=stone.with_sheets, now=now)
    return len(unsettled.back)
