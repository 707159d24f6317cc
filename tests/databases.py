"""Databases of the PostgreSQL server that are emptied and used again: to copy the template takes far longer.

Only rows are taken out. A test that changed anything else - a table, a trigger, a function - has used its database up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psycopg

from tests.servers import fresh_database

_MOST_USES = 25
"""Deleted rows leave gaps, into which later ones could go out of turn; so no database lives long."""

_KEPT = "alembic_version"
_CATALOGUES = (
    "pg_attrdef", "pg_attribute", "pg_constraint", "pg_db_role_setting", "pg_extension", "pg_index", "pg_namespace",
    "pg_policy", "pg_proc", "pg_rewrite", "pg_sequence", "pg_trigger", "pg_type",
)  # fmt: skip
# Every row of a catalogue bears the number of the transaction that wrote it.
_SHAPE = " UNION ALL ".join(
    [
        *(
            f"SELECT '{name}', count(*)::text, max(xmin::text::bigint)::text FROM {name}"  # noqa: S608
            for name in _CATALOGUES
        ),
        "SELECT relname, oid::text, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace",
        f"SELECT '{_KEPT}', count(*)::text, max(version_num) FROM {_KEPT}",  # noqa: S608 - our own names
    ]
)
_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

Shape = frozenset[tuple[str, ...]]


@dataclass(slots=True)
class _Lent:
    """A database with what it was like when it was new; `drop` ends it."""

    address: str
    shape: Shape
    drop: ExitStack
    uses: int = 0


class Databases:
    """Hands out empty databases with all tables, one to each that asks."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._spare: list[_Lent] = []

    @contextmanager
    def one(self) -> Iterator[str]:
        """Yield the address of a database without rows."""
        lent = self._spare.pop() if self._spare else self._new()
        with ExitStack() as unless_empty:
            unless_empty.push(lent.drop)
            yield lent.address
            lent.uses += 1
            if lent.uses < _MOST_USES and _emptied(lent):
                unless_empty.pop_all()
                self._spare.append(lent)

    def close(self) -> None:
        """Drop what was kept."""
        while self._spare:
            self._spare.pop().drop.close()

    def _new(self) -> _Lent:
        drop = ExitStack()
        address = drop.enter_context(fresh_database(self._server))
        with psycopg.connect(address, autocommit=True) as own:
            return _Lent(address, _shape(own), drop)


def _emptied(lent: _Lent) -> bool:
    """Take out all rows; False where the test left something else behind."""
    with psycopg.connect(lent.address, autocommit=True) as own:
        own.execute(_OTHERS)
        if _shape(own) != lent.shape:
            return False
        tables = [name for name, _oid, kind in lent.shape if kind == "r" and name != _KEPT]
        # As a replica does: without the triggers that keep rows for ever, and without the order that keys ask for.
        own.execute("SET session_replication_role = replica")
        own.execute("; ".join(f'DELETE FROM "{name}"' for name in tables))  # noqa: S608 - our own names
        own.execute("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence")
    return True


def _shape(own: psycopg.Connection) -> Shape:
    return frozenset(own.execute(_SHAPE).fetchall())
