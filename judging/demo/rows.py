"""Rows that wait to be written: made as objects, given their identifiers, stored in batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Column, insert
from sqlalchemy.orm import Session

from judging.db.base import Base
from judging.db.models import AuditEvent
from judging.demo.draw import Draw

Row = TypeVar("Row", bound=Base)

_BATCH = 1000


class Rows:
    """Everything that a demo stores. Objects are never attached to a session; only their columns are written."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._by_table: dict[str, list[Any]] = {}
        self._events: list[AuditEvent] = []

    def add(self, row: Row) -> Row:
        """Keep a row and give it an identifier, so that others may refer to it at once."""
        held: Any = row
        if "id" in row.__table__.columns and held.id is None:
            held.id = self._draw.new_id()
        self._by_table.setdefault(row.__tablename__, []).append(row)
        return row

    def event(
        self,
        at: datetime,
        action: str,
        subject: str,
        subject_id: str,
        *,
        actor_id: str | None,
        contest_id: str | None = None,
        **details: object,
    ) -> None:
        """Keep an entry of the audit log; the log is put in the order of time before it is written."""
        self._events.append(
            AuditEvent(
                at=at,
                contest_id=contest_id,
                actor_id=actor_id,
                action=action,
                subject=subject,
                subject_id=subject_id,
                details=details,
            )
        )

    def count(self, table: str) -> int:
        """How many rows of a table are kept."""
        return len(self._by_table.get(table, ()))

    def write(self, session: Session) -> None:
        """Insert all rows, tables that others refer to first."""
        for event in sorted(self._events, key=lambda one: one.at):
            self.add(event)
        for table in Base.metadata.sorted_tables:
            waiting = self._by_table.get(table.name, [])
            for first in range(0, len(waiting), _BATCH):
                batch = waiting[first : first + _BATCH]
                session.execute(insert(table), [_values(table.columns, row) for row in batch])


def _values(columns: Iterable[Column[Any]], row: Any) -> Mapping[str, Any]:
    held = vars(row)
    return {column.name: held[column.name] if column.name in held else _default(column) for column in columns}


def _default(column: Column[Any]) -> Any:
    if column.default is None:
        return None
    made: Any = column.default
    return made.arg(None) if made.is_callable else made.arg
