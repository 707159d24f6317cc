"""When an entry's personal data were erased; a sheet may lose its comments and marks, and nothing else of it changes.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)

_TABLE = "sheet_version"
_FIXED = (
    "id", "assignment_id", "number", "rubric_digest", "consensus", "submitted_at", "submitted_by_id", "code",
)  # fmt: skip
_EMPTIED = {"comments": "{}", "comment": "", "marks": "{}", "total": ""}
_REFUSAL = f"rows of {_TABLE} are never changed or deleted"


def upgrade() -> None:
    op.add_column("entry", sa.Column("erased_at", MOMENT, nullable=True))
    if _is_sqlite():
        op.execute(f"DROP TRIGGER {_TABLE}_no_update")
        _refuse_updates_on_sqlite(f" WHEN {_changes()}")
        return
    op.execute(f"DROP TRIGGER {_TABLE}_no_change ON {_TABLE}")
    _refuse_on_postgres("DELETE OR TRUNCATE")
    op.execute(
        f"CREATE FUNCTION {_TABLE}_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {_TABLE}_no_update BEFORE UPDATE ON {_TABLE} FOR EACH ROW WHEN ({_changes()})"
        f" EXECUTE FUNCTION {_TABLE}_refuse_update()"
    )


def downgrade() -> None:
    if _is_sqlite():
        op.execute(f"DROP TRIGGER {_TABLE}_no_update")
        _refuse_updates_on_sqlite("")
    else:
        op.execute(f"DROP TRIGGER {_TABLE}_no_update ON {_TABLE}")
        op.execute(f"DROP FUNCTION {_TABLE}_refuse_update()")
        op.execute(f"DROP TRIGGER {_TABLE}_no_change ON {_TABLE}")
        _refuse_on_postgres("UPDATE OR DELETE OR TRUNCATE")
    op.drop_column("entry", "erased_at")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _changes() -> str:
    """What no update of a sheet may do: anything but empty its comments, or its marks together with their total."""
    differs = "IS NOT" if _is_sqlite() else "IS DISTINCT FROM"
    fixed = [f"NEW.{column} {differs} OLD.{column}" for column in _FIXED]
    emptied = [
        f"(NEW.{column} {differs} OLD.{column} AND NEW.{column} {differs} '{empty}')"
        for column, empty in _EMPTIED.items()
    ]
    # Marks without their total, or the other way round, would be a sheet that contradicts itself.
    halves = [
        f"(NEW.marks {differs} OLD.marks AND NEW.total {differs} '')",
        f"(NEW.total {differs} OLD.total AND NEW.marks {differs} '{{}}')",
    ]
    return " OR ".join([*fixed, *emptied, *halves])


def _refuse_updates_on_sqlite(condition: str) -> None:
    op.execute(
        f"CREATE TRIGGER {_TABLE}_no_update BEFORE UPDATE ON {_TABLE}{condition}"
        f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )


def _refuse_on_postgres(acts: str) -> None:
    op.execute(
        f"CREATE TRIGGER {_TABLE}_no_change BEFORE {acts} ON {_TABLE}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {_TABLE}_refuse()"
    )
