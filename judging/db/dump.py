"""Rows as lines of JSON, alike for SQLite and PostgreSQL, so that what one wrote the other can take.

The tables are those that the database has, not those of the models: an older installation can be dumped and loaded.
A line is the array of a row's values in the order of the columns. Moments are ISO 8601 in UTC, days ISO 8601, bytes
Base64, decimals text, documents themselves.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Connection, Date, DateTime, LargeBinary, MetaData, Numeric, Table, event, insert, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import TypeEngine

from judging.db.types import Instant, Json
from judging.errors import N_, Conflict

Convert = Callable[[Any], Any]
Row = list[Any]

_BATCH = 1000
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# Alembic's own table is made by migrating; those of the engine that wakes workers hold nothing that lasts.
_NOT_OURS = ("alembic_version", "huey_")


def read_tables(connection: Connection) -> list[Table]:
    """Return the tables of the database, each after those that it refers to."""
    metadata = MetaData()

    @event.listens_for(metadata, "column_reflect")
    def same_on_both(_inspector: object, _table: object, column: dict[str, Any]) -> None:
        if isinstance(column["type"], DateTime):
            column["type"] = Instant()
        elif isinstance(column["type"], JSON):
            column["type"] = Json

    metadata.reflect(connection, only=lambda name, _: not name.startswith(_NOT_OURS))
    return list(metadata.sorted_tables)


def dump_rows(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield the rows of a table as lines, in the order of the primary key, without holding them all."""
    converts = [_writer(column.type) for column in table.columns]
    query = table.select().order_by(*table.primary_key.columns)
    with connection.execution_options(stream_results=True, yield_per=_BATCH).execute(query) as rows:
        for row in rows:
            values = [
                value if convert is None or value is None else convert(value)
                for convert, value in zip(converts, row, strict=True)
            ]
            yield _encode(values).encode() + b"\n"


def load_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert rows as `read_rows` gives them, and return how many there were.

    `columns` says in which order the values come. Raises Conflict, with the database's own words, for rows that it
    does not take.
    """
    known = {column.name for column in table.columns}
    if set(columns) != known:
        raise Conflict(
            N_("The columns of table %(table)s are %(found)s in the backup, but %(needed)s here."),
            table=table.name,
            found=", ".join(sorted(columns)),
            needed=", ".join(sorted(known)),
        )
    load = _insert if connection.dialect.name == "sqlite" else _copy
    errors: tuple[type[Exception], ...] = (SQLAlchemyError, ValueError, TypeError)
    if connection.dialect.loaded_dbapi is not None:
        errors = (*errors, connection.dialect.loaded_dbapi.Error)
    try:
        return load(connection, table, columns, rows)
    except errors as error:
        raise Conflict(
            N_("The rows of table %(table)s cannot be stored here: %(error)s"),
            table=table.name,
            error=str(getattr(error, "orig", error)).splitlines()[0],
        ) from error


def read_rows(table: Table, columns: Sequence[str], lines: Iterable[bytes]) -> Iterator[Row]:
    """Read the lines of a dump back into values that the database's driver takes."""
    converts = [_reader(table.columns[name].type) if name in table.columns else None for name in columns]
    for line in lines:
        values: Row = json.loads(line)
        yield [
            value if convert is None or value is None else convert(value)
            for convert, value in zip(converts, values, strict=True)
        ]


def count_rows(connection: Connection) -> Mapping[str, int]:
    """Return how many rows each table of the database has."""
    return {
        table.name: connection.scalar(text(f'SELECT count(*) FROM "{table.name}"')) or 0  # noqa: S608 - a name that the database gave
        for table in read_tables(connection)
    }


def lift_limits(connection: Connection) -> None:
    """Let this transaction take as long as it needs; on SQLite its rows may refer to others that come later."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        return
    for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {limit} = 0"))


def _insert(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> int:
    count, waiting = 0, iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in batch])
        count += len(batch)
    return count


def _copy(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> int:
    driver = connection.connection.driver_connection
    assert driver is not None, "no connection"  # noqa: S101 - only a closed connection has none
    names = ", ".join(f'"{name}"' for name in columns)
    documents = [isinstance(table.columns[name].type, JSON) for name in columns]
    count = 0
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(
                _encode(value) if document and value is not None else value
                for document, value in zip(documents, row, strict=True)
            )
            count += 1
    return count


def _writer(kind: TypeEngine[Any]) -> Convert | None:
    if isinstance(kind, Instant):
        return _moment
    if isinstance(kind, Date):
        return date.isoformat
    if isinstance(kind, LargeBinary):
        return lambda value: base64.b64encode(value).decode("ascii")
    return str if isinstance(kind, Numeric) else None


def _reader(kind: TypeEngine[Any]) -> Convert | None:
    if isinstance(kind, Instant):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, LargeBinary):
        return base64.b64decode
    return Decimal if isinstance(kind, Numeric) else None


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()
