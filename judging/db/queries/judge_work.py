"""What a judge's device keeps for work without a network: open readings, and the files made of their entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from judging.db.models import (
    Assignment,
    Contest,
    ContestRound,
    Entry,
    EntryFile,
    FileCopy,
    FilePicture,
    Judge,
    SheetNote,
)
from judging.db.queries.conflict_gate import clashing
from judging.db.queries.judge import UNFINISHED
from judging.domain.copy_states import CopyState
from judging.domain.lifecycle import ContestPhase

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

_OPEN = "open"


class CopiedFile(NamedTuple):
    """A copy that judges get, or a picture drawn of it: of which item, how many bytes, and what they digest to."""

    entry_id: str
    item: str
    id: str
    size: int
    sha256: str


def open_readings(session: Session, *, account_id: str, limit: int) -> Sequence[tuple[Assignment, ContestRound]]:
    """The unfinished readings on which the person may write now, the soonest deadline first, then in their order."""
    until = func.coalesce(ContestRound.ends_at, Contest.judging_ends_at)
    query = (
        _open(select(Assignment, ContestRound), account_id)
        .options(
            joinedload(Assignment.entry).joinedload(Entry.contest),
            joinedload(Assignment.entry).selectinload(Entry.links),
            joinedload(Assignment.judge),
        )
        .order_by(until.is_(None), until, Contest.id, ContestRound.position, Assignment.position, Assignment.id)
        .limit(limit)
    )
    return [(row, stage) for row, stage in session.execute(query)]


def count_open_readings(session: Session, *, account_id: str) -> int:
    """How many there are, beyond any limit."""
    return session.scalar(_open(select(func.count(Assignment.id)), account_id)) or 0


def own_notes(session: Session, *, assignment_ids: Collection[str]) -> dict[str, str]:
    """What the judge of these readings wrote down for themselves, by reading. The caller asks for their own alone."""
    rows = session.execute(
        select(SheetNote.assignment_id, SheetNote.text).where(SheetNote.assignment_id.in_(assignment_ids))
    )
    return {row.assignment_id: row.text for row in rows}


def copied_files(session: Session, *, entry_ids: Collection[str]) -> list[CopiedFile]:
    """The copies of these entries' files that are ready."""
    rows = session.execute(
        select(EntryFile.entry_id, EntryFile.item, EntryFile.id, FileCopy.size, FileCopy.sha256)
        .join(FileCopy, FileCopy.file_id == EntryFile.id)
        .where(EntryFile.entry_id.in_(entry_ids), FileCopy.state == CopyState.READY.value)
        .order_by(EntryFile.entry_id, EntryFile.uploaded_at, EntryFile.id)
    )
    return [
        CopiedFile(entry_id, item, file_id, size or 0, sha256 or "") for entry_id, item, file_id, size, sha256 in rows
    ]


def drawn_pictures(session: Session, *, entry_ids: Collection[str]) -> list[CopiedFile]:
    """The pictures drawn of them, the small ones too."""
    rows = session.execute(
        select(EntryFile.entry_id, EntryFile.item, FilePicture.id, FilePicture.size, FilePicture.sha256)
        .join(FilePicture, FilePicture.file_id == EntryFile.id)
        .join(FileCopy, FileCopy.file_id == EntryFile.id)
        .where(EntryFile.entry_id.in_(entry_ids), FileCopy.state == CopyState.READY.value)
        .order_by(EntryFile.entry_id, FilePicture.file_id, FilePicture.place, FilePicture.id)
    )
    return [CopiedFile(*row) for row in rows]


def _open(query: Select, account_id: str) -> Select:  # type: ignore[type-arg]  # whatever is asked of the same rows
    return (
        query.select_from(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Contest, Contest.id == Assignment.contest_id)
        .join(
            ContestRound,
            and_(ContestRound.contest_id == Assignment.contest_id, ContestRound.key == Assignment.round),
        )
        .where(
            Judge.account_id == account_id,
            Judge.is_active,
            Assignment.state.in_(UNFINISHED),
            Assignment.assigned_at <= Judge.conflicts_declared_at,
            Contest.phase == ContestPhase.JUDGING.value,
            ContestRound.state == _OPEN,
            ~clashing(),
        )
    )
