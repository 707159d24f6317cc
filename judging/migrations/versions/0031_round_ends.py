"""The ends of rounds: how they were moved, and the sheets that came after them.

Revision ID: 0031
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "round_extension",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("judge_id", sa.String(36), nullable=True),
        sa.Column("assignment_id", sa.String(36), nullable=True),
        sa.Column("old_at", MOMENT, nullable=True),
        sa.Column("new_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_round_extension"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_round_extension_contest_id_contest", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name="fk_round_extension_judge_id_judge", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name="fk_round_extension_assignment_id_assignment",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_round_extension_by_id_account"),
    )
    op.create_index("ix_round_extension_contest_round", "round_extension", ["contest_id", "round"])
    op.create_index("ix_round_extension_judge_round", "round_extension", ["judge_id", "round"])
    op.create_index("ix_round_extension_assignment_id", "round_extension", ["assignment_id"])
    _make_late_sheets()


def _make_late_sheets() -> None:
    op.create_table(
        "late_sheet",
        sa.Column("assignment_id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("taken_by_id", sa.String(36), nullable=True),
        sa.PrimaryKeyConstraint("assignment_id", name="pk_late_sheet"),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_late_sheet_assignment_id_assignment", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_late_sheet_contest_id_contest", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["taken_by_id"], ["account.id"], name="fk_late_sheet_taken_by_id_account"),
    )
    op.create_index("ix_late_sheet_contest_round", "late_sheet", ["contest_id", "round"])


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("late_sheet")
    op.drop_table("round_extension")
