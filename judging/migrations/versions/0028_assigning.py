"""How rounds are planned, what judges would rather read, and readings lent for a while.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "round_plan",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("common", sa.Integer(), nullable=False),
        sa.Column("across", sa.Integer(), nullable=False),
        sa.Column("even", sa.Boolean(), nullable=False),
        sa.Column("preferences", sa.Boolean(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_round_plan"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_round_plan_contest_id_contest", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("contest_id", "round", name="uq_round_plan_contest_id_round"),
    )
    op.create_table(
        "judge_preference",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("judge_id", sa.String(36), nullable=False),
        sa.Column("category", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_judge_preference"),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name="fk_judge_preference_judge_id_judge", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("judge_id", "category", name="uq_judge_preference_judge_id_category"),
    )
    _make_loans()


def _make_loans() -> None:
    op.create_table(
        "reading_loan",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("lent_id", sa.String(36), nullable=False),
        sa.Column("reading_id", sa.String(36), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reading_loan"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_reading_loan_contest_id_contest", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lent_id"], ["assignment.id"], name="fk_reading_loan_lent_id_assignment", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["assignment.id"], name="fk_reading_loan_reading_id_assignment", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_reading_loan_by_id_account"),
        sa.UniqueConstraint("reading_id", name="uq_reading_loan_reading_id"),
    )
    op.create_index("ix_reading_loan_contest_state", "reading_loan", ["contest_id", "state"])
    op.create_index("ix_reading_loan_lent_id", "reading_loan", ["lent_id"])


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("reading_loan")
    op.drop_table("judge_preference")
    op.drop_table("round_plan")
