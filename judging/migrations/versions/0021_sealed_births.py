"""Birth dates, and texts and hashes that tell them, lie sealed under the installation's key.

What is there already is sealed here, so the revision needs the key wherever there is anything to seal. The plain
values are overwritten: by `secure_delete` on SQLite; on PostgreSQL the table is written anew without them, so that no
dead row keeps one.

Revision ID: 0021
Revises: 0018
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from judging.db.sealed import sealer_of

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
_AT_A_TIME = 500
_PLAIN: dict[str, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    # How a value of each type becomes a text, and comes back.
    "day": (date.isoformat, date.fromisoformat),
    "document": (lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")), json.loads),
    "text": (str, str),
}


class _Column(NamedTuple):
    """A column that is sealed: what it was, and for which purpose it is sealed."""

    table: str
    name: str
    kind: str
    plain: Any
    purpose: str
    nullable: bool = False

    @property
    def blank(self) -> str:
        """What stands in the plain column while its values are away, as SQL."""
        return "NULL" if self.nullable else {"document": "'{}'", "text": "''"}[self.kind]


_COLUMNS = (
    _Column(table="entry_member", name="born", kind="day", plain=sa.Date(), purpose="birth", nullable=True),
    _Column(table="draft_text", name="text", kind="text", plain=sa.Text(), purpose="draft"),
    _Column(table="receipt", name="content", kind="document", plain=DOCUMENT, purpose="receipt"),
    _Column(table="import_sheet", name="rows", kind="document", plain=DOCUMENT, purpose="import"),
    _Column(table="idempotent_answer", name="body", kind="text", plain=sa.Text(), purpose="answer"),
    _Column(table="idempotent_answer", name="request_sha256", kind="text", plain=sa.String(64), purpose="request-hash"),
    _Column(table="age_check", name="person_sha256", kind="text", plain=sa.String(64), purpose="age-check"),
)  # fmt: skip
_WAITING = sa.table("sealing", sa.column("id", sa.String), sa.column("value", sa.Text))


def upgrade() -> None:
    op.execute("CREATE TEMPORARY TABLE sealing (id VARCHAR(36) PRIMARY KEY, value TEXT NOT NULL)")
    for column in _COLUMNS:
        _lay_aside(column, column.plain, partial(_sealed, column))
        _change_type(column, before=column.plain, after=sa.Text())
        _take_back(column, sa.Text(), str)
    op.execute("DROP TABLE sealing")


def downgrade() -> None:
    op.execute("CREATE TEMPORARY TABLE sealing (id VARCHAR(36) PRIMARY KEY, value TEXT NOT NULL)")
    for column in _COLUMNS:
        _lay_aside(column, sa.Text(), str)
        _change_type(column, before=sa.Text(), after=column.plain)
        _take_back(column, column.plain, partial(_opened, column))
    op.execute("DROP TABLE sealing")


def _sealed(column: _Column, value: Any) -> str:
    write, _read = _PLAIN[column.kind]
    return sealer_of(op.get_bind().dialect).seal(write(value), purpose=column.purpose)


def _opened(column: _Column, value: str) -> Any:
    _write, read = _PLAIN[column.kind]
    return read(sealer_of(op.get_bind().dialect).unseal(value, purpose=column.purpose))


def _table(column: _Column, kind: Any) -> Any:
    return sa.table(column.table, sa.column("id", sa.String), sa.column(column.name, kind))


def _lay_aside(column: _Column, kind: Any, turned: Callable[[Any], str]) -> None:
    """Put what the column holds, sealed, into the table of what waits; a thousand rows are never held at once."""
    table, connection = _table(column, kind), op.get_bind()
    connection.execute(sa.delete(_WAITING))
    value, last = table.columns[column.name], ""
    while rows := connection.execute(
        sa.select(table.c.id, value).where(table.c.id > last, value.is_not(None)).order_by(table.c.id).limit(_AT_A_TIME)
    ).all():
        connection.execute(sa.insert(_WAITING), [{"id": row.id, "value": turned(row[1])} for row in rows])
        last = rows[-1].id


def _change_type(column: _Column, *, before: Any, after: Any) -> None:
    if op.get_bind().dialect.name == "postgresql":
        spelt = after.compile(dialect=op.get_bind().dialect)
        blank = column.blank if not isinstance(after, sa.Text) or column.nullable else "''"
        op.execute(f"ALTER TABLE {column.table} ALTER COLUMN {column.name} TYPE {spelt} USING ({blank})::{spelt}")
        return
    op.execute(f"UPDATE {column.table} SET {column.name} = {column.blank}")  # noqa: S608 - our own names
    if str(before) != str(after):
        with op.batch_alter_table(column.table, recreate="always") as batch:
            batch.alter_column(column.name, existing_type=before, type_=after, existing_nullable=column.nullable)


def _take_back(column: _Column, kind: Any, turned: Callable[[str], Any]) -> None:
    """Give each row its value again."""
    table, connection = _table(column, kind), op.get_bind()
    change = sa.update(table).where(table.c.id == sa.bindparam("at")).values({column.name: sa.bindparam("to")})
    last = ""
    while rows := connection.execute(
        sa.select(_WAITING).where(_WAITING.c.id > last).order_by(_WAITING.c.id).limit(_AT_A_TIME)
    ).all():
        connection.execute(change, [{"at": row.id, "to": turned(row.value)} for row in rows])
        last = rows[-1].id
