"""Score sheets on paper: what each of two helpers typed.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "paper_typing",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("assignment_id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("marks", DOCUMENT, nullable=False),
        sa.Column("comments", DOCUMENT, nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_paper_typing"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_paper_typing_contest_id_contest", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name="fk_paper_typing_assignment_id_assignment",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_paper_typing_account_id_account"),
        sa.UniqueConstraint(
            "assignment_id", "version", "account_id", name="uq_paper_typing_assignment_id_version_account_id"
        ),
    )
    op.create_index("ix_paper_typing_contest_round", "paper_typing", ["contest_id", "round"])
    op.create_index("ix_paper_typing_account_id", "paper_typing", ["account_id"])


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("paper_typing")
