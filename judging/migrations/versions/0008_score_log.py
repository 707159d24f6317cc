"""The score log: heads, leaves, nodes, checkpoints, documents; who advanced from a round; what overrides a sheet.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
HASH = sa.LargeBinary(32)

_NEVER_CHANGED = ("log_node", "log_checkpoint", "log_document")
_LEAF_FIXED = ("log_id", "idx", "hash", "subject_id", "at")
_LEAF_ERASABLE = ("entry", "text_salt")


def upgrade() -> None:
    _create_head()
    _create_leaf()
    _create_node()
    _create_checkpoint()
    _create_document()
    _create_override()
    op.add_column("contest_round", sa.Column("advanced", DOCUMENT, nullable=True))
    for table in _NEVER_CHANGED:
        _refuse(table, updates=True)
    _refuse("log_leaf", updates=False)
    _refuse("log_head", updates=False)
    _refuse_updates("log_leaf", _leaf_changes())
    _refuse_updates("log_head", "NEW.size < OLD.size OR NEW.origin <> OLD.origin OR NEW.contest_id <> OLD.contest_id")
    _take_rights_away()


def downgrade() -> None:
    op.drop_column("contest_round", "advanced")
    for table in ("sheet_override", "log_document", "log_checkpoint", "log_node", "log_leaf", "log_head"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for name in (*(f"{table}_refuse" for table in (*_NEVER_CHANGED, "log_leaf", "log_head")),
                     "log_leaf_refuse_update", "log_head_refuse_update"):  # fmt: skip
            op.execute(f"DROP FUNCTION {name}()")


def _create_head() -> None:
    op.create_table(
        "log_head",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("root", HASH, nullable=False),
        sa.Column("peaks", sa.LargeBinary, nullable=False),
        sa.Column("last_t", sa.String(24), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log_head"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_log_head_contest_id"),
        sa.UniqueConstraint("contest_id", "epoch", name="uq_log_head_contest_id_epoch"),
        sa.UniqueConstraint("origin", name="uq_log_head_origin"),
    )


def _create_leaf() -> None:
    op.create_table(
        "log_leaf",
        sa.Column("log_id", sa.String(36), nullable=False),
        sa.Column("idx", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=True),
        sa.Column("text_salt", HASH, nullable=True),
        sa.Column("subject_id", sa.String(36), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("log_id", "idx", name="pk_log_leaf"),
        sa.ForeignKeyConstraint(["log_id"], ["log_head.id"], name="fk_log_leaf_log_id"),
    )
    op.create_index("ix_log_leaf_subject", "log_leaf", ["log_id", "subject_id"])


def _create_node() -> None:
    op.create_table(
        "log_node",
        sa.Column("log_id", sa.String(36), nullable=False),
        sa.Column("level", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("idx", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.PrimaryKeyConstraint("log_id", "level", "idx", name="pk_log_node"),
        sa.ForeignKeyConstraint(["log_id"], ["log_head.id"], name="fk_log_node_log_id"),
    )


def _create_checkpoint() -> None:
    op.create_table(
        "log_checkpoint",
        sa.Column("log_id", sa.String(36), nullable=False),
        sa.Column("size", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("log_id", "size", name="pk_log_checkpoint"),
        sa.ForeignKeyConstraint(["log_id"], ["log_head.id"], name="fk_log_checkpoint_log_id"),
    )


def _create_document() -> None:
    op.create_table(
        "log_document",
        sa.Column("log_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("log_id", "name", "sha256", name="pk_log_document"),
        sa.ForeignKeyConstraint(["log_id"], ["log_head.id"], name="fk_log_document_log_id"),
    )


def _create_override() -> None:
    op.create_table(
        "sheet_override",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("sheet_id", sa.String(36), nullable=False),
        sa.Column("exclude", sa.Boolean, nullable=False),
        sa.Column("marks", DOCUMENT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_by_id", sa.String(36), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sheet_override"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_sheet_override_contest_id"),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet_version.id"], name="fk_sheet_override_sheet_id"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_sheet_override_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name="fk_sheet_override_decided_by_id"),
    )
    op.create_index("ix_sheet_override_contest_id", "sheet_override", ["contest_id"])
    op.create_index("ix_sheet_override_sheet_id", "sheet_override", ["sheet_id", "state"])


def _leaf_changes() -> str:
    """What no update of a leaf may do: touch anything but the two columns that may be emptied, or fill these anew."""
    differs = "IS NOT" if op.get_bind().dialect.name == "sqlite" else "IS DISTINCT FROM"
    fixed = [f"NEW.{column} {differs} OLD.{column}" for column in _LEAF_FIXED]
    emptied = [f"(NEW.{column} IS NOT NULL AND NEW.{column} {differs} OLD.{column})" for column in _LEAF_ERASABLE]
    return " OR ".join([*fixed, *emptied])


def _refuse(table: str, *, updates: bool) -> None:
    """Let the database itself refuse to delete a row and, with `updates`, to change one, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE") if updates else ("DELETE",):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
            )
        return
    _create_function(f"{table}_refuse", table)
    acts = "UPDATE OR DELETE OR TRUNCATE" if updates else "DELETE OR TRUNCATE"
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE {acts} ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )


def _refuse_updates(table: str, condition: str) -> None:
    """Let the database refuse every update of a row for which the condition on OLD and NEW holds."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
        )
        return
    _create_function(f"{table}_refuse_update", table)
    op.execute(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({condition})"
        f" EXECUTE FUNCTION {table}_refuse_update()"
    )


def _create_function(name: str, table: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION 'rows of {table} are never changed or deleted'"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )


def _take_rights_away() -> None:
    """On PostgreSQL the program's own role may not change the log either, without giving itself the right back."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in (*_NEVER_CHANGED, "log_leaf"):
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM CURRENT_USER")
    op.execute(f"GRANT UPDATE ({', '.join(_LEAF_ERASABLE)}) ON log_leaf TO CURRENT_USER")
    op.execute("REVOKE DELETE, TRUNCATE ON log_head FROM CURRENT_USER")
