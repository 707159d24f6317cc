"""Who opened data of children: one row for each opening, all rows of a request in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from judging.db.models import Account, Contest, DataRead, Entry
from judging.db.types import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

DOSSIER, FILE, LIST = "dossier", "file", "list"
_TABLE = DataRead.metadata.tables[DataRead.__tablename__]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Somebody opened a dossier, a file of it, or a list with particulars."""

    account_id: str
    contest_id: str
    what: str
    entry_id: str | None = None
    file_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """An opening as it is shown: who, of which contest and entry, what, when. Names are those that are known now."""

    at: datetime
    account_id: str
    name: str | None
    contest: str | None
    entry: str | None
    entry_id: str | None
    what: str


def record_reads(session: Session, opened: Sequence[Opened], *, now: datetime) -> None:
    """Write the openings down, in one statement."""
    rows = [
        {
            "id": new_id(), "at": now, "account_id": one.account_id, "contest_id": one.contest_id,
            "entry_id": one.entry_id, "what": one.what, "file_id": one.file_id,
        }
        for one in opened
    ]  # fmt: skip
    session.connection().execute(insert(_TABLE).values(rows))


def count_reads(session: Session, *, since: datetime, alias: str = "") -> int:
    """How many openings there were since then, of one entry if its alias is given."""
    query = select(func.count()).select_from(DataRead).outerjoin(Entry, Entry.id == DataRead.entry_id)
    query = query.where(DataRead.at >= since)
    return session.scalar(query.where(Entry.alias == alias) if alias else query) or 0


def list_reads(
    session: Session, *, since: datetime, alias: str = "", limit: int | None = None, offset: int = 0
) -> Sequence[ReadRow]:
    """The openings since then, the newest first: one query."""
    query = (
        select(
            DataRead.at, DataRead.account_id, Account.name, Contest.slug, Entry.alias, DataRead.entry_id, DataRead.what
        )
        .outerjoin(Account, Account.id == DataRead.account_id)
        .outerjoin(Contest, Contest.id == DataRead.contest_id)
        .outerjoin(Entry, Entry.id == DataRead.entry_id)
        .where(DataRead.at >= since)
        .order_by(DataRead.at.desc(), DataRead.id.desc())
    )
    query = query.where(Entry.alias == alias) if alias else query
    return [
        ReadRow(at=at, account_id=account_id, name=name, contest=slug, entry=entry, entry_id=entry_id, what=what)
        for at, account_id, name, slug, entry, entry_id, what in session.execute(query.limit(limit).offset(offset))
    ]
