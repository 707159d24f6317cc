"""What Alembic is told, alike for running revisions and for comparing the tables with the models."""

from __future__ import annotations

from typing import Any

from sqlalchemy.schema import SchemaItem

from judging.db import models
from judging.db.base import Base

CONNECTION = "connection"

# The engine that wakes workers keeps tables of its own beside ours on PostgreSQL.
_FOREIGN_PREFIX = "huey_"


def comparison(dialect: str) -> dict[str, Any]:
    """Return the options for a database of this dialect."""
    # Importing the models is what fills the metadata.
    assert models.__all__, "no tables"  # noqa: S101 - keeps the import from looking unused
    return {
        "target_metadata": Base.metadata,
        "compare_type": True,
        "include_object": _is_ours,
        # SQLite cannot alter a column: Alembic copies the table. Its triggers must then be created again.
        "render_as_batch": dialect == "sqlite",
    }


def _is_ours(item: SchemaItem, name: str | None, kind: str, reflected: bool, other: SchemaItem | None) -> bool:  # noqa: FBT001 - Alembic calls it so
    del item, reflected, other
    return not (kind in {"table", "index"} and (name or "").startswith(_FOREIGN_PREFIX))
