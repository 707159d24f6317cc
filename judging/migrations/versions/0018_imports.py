"""Entries from tables: tables that wait for a word, and the numbers that entries have in an office's own list.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "import_sheet",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("encoding", sa.String(20), nullable=False),
        sa.Column("head", DOCUMENT, nullable=False),
        sa.Column("rows", DOCUMENT, nullable=False),
        sa.Column("columns", DOCUMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_sheet"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_import_sheet_contest_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_import_sheet_account_id", ondelete="CASCADE"),
        sa.UniqueConstraint("contest_id", "account_id", name="uq_import_sheet_contest_id_account_id"),
    )
    op.create_index("ix_import_sheet_contest_id", "import_sheet", ["contest_id"])
    op.create_index("ix_import_sheet_account_id", "import_sheet", ["account_id"])
    op.create_table(
        "imported_entry",
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("key", sa.String(100), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_imported_entry"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_imported_entry_entry_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_imported_entry_contest_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("contest_id", "key", name="uq_imported_entry_contest_id_key"),
    )
    op.create_index("ix_imported_entry_contest_id", "imported_entry", ["contest_id"])


def downgrade() -> None:
    op.drop_table("imported_entry")
    op.drop_table("import_sheet")
