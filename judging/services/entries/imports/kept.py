"""The table that a person has brought and not yet had imported: one for each person and contest, for a day at most."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from judging.db.jobs import enqueue_job
from judging.db.models import Contest, ImportSheet
from judging.db.session import Database
from judging.domain.importing.columns import Target, match_columns
from judging.services.tables.table import Row, Table

DROP_JOB = "drop-import-sheet"
KEPT_FOR = timedelta(days=1)
_LONGEST_NAME = 255


def keep_sheet(
    session: Session,
    *,
    contest: Contest,
    account_id: str,
    filename: str,
    data: bytes,
    table: Table,
    targets: Sequence[Target],
    now: datetime,
) -> ImportSheet:
    """Keep a table in place of the person's last one. It holds people's data, so a job takes it away after a day."""
    drop_sheet(session, contest=contest, account_id=account_id)
    sheet = ImportSheet(
        contest_id=contest.id,
        account_id=account_id,
        filename=filename[:_LONGEST_NAME],
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=table.encoding,
        head=list(table.head.cells),
        rows=[[row.number, *row.cells] for row in table.rows],
        columns=list(match_columns(table.head.cells, targets)),
        created_at=now,
    )
    session.add(sheet)
    session.flush()
    enqueue_job(session, name=DROP_JOB, payload={"sheet": sheet.id}, now=now, run_after=now + KEPT_FOR)
    return sheet


def find_sheet(session: Session, *, contest: Contest, account_id: str) -> ImportSheet | None:
    """The table that the person has brought to this contest."""
    query = select(ImportSheet).where(ImportSheet.contest_id == contest.id, ImportSheet.account_id == account_id)
    return session.scalar(query)


def table_of(sheet: ImportSheet) -> Table:
    """The kept table as it was read."""
    return Table(
        head=Row(number=0, cells=tuple(sheet.head)),
        rows=tuple(Row(number=int(row[0]), cells=tuple(row[1:])) for row in sheet.rows),
        encoding=sheet.encoding,
    )


def choose_columns(sheet: ImportSheet, chosen: Sequence[str], targets: Sequence[Target]) -> None:
    """Say what the columns are; a target that is not there, or chosen twice, counts as none."""
    known = {target.key for target in targets}
    kept: list[str] = []
    for key in chosen[: len(sheet.head)]:
        kept.append(key if key in known and key not in kept else "")
    sheet.columns = kept + [""] * (len(sheet.head) - len(kept))


def drop_sheet(session: Session, *, contest: Contest, account_id: str) -> None:
    """Take the person's table away."""
    session.execute(
        delete(ImportSheet).where(ImportSheet.contest_id == contest.id, ImportSheet.account_id == account_id)
    )


def drop_old_sheet(database: Database, payload: Mapping[str, Any]) -> None:
    """Take one table away if it is still there: the handler of DROP_JOB."""
    with database.writing() as session:
        session.execute(delete(ImportSheet).where(ImportSheet.id == payload["sheet"]))
