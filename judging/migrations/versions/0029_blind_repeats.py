"""Blind repeats: how many a round has, and each entry that a judge is shown a second time, with its sheet.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "repeat_plan",
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("per_judge", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("set_by_id", sa.String(36), nullable=True),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("contest_id", "round", name="pk_repeat_plan"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_repeat_plan_contest_id_contest", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["account.id"], name="fk_repeat_plan_set_by_id_account"),
    )
    op.create_table(
        "blind_repeat",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("assignment_id", sa.String(36), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("marks", DOCUMENT, nullable=False),
        sa.Column("comments", DOCUMENT, nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("aside_kind", sa.String(20), nullable=False),
        sa.Column("aside_words", sa.Text(), nullable=False),
        sa.Column("aside_at", MOMENT, nullable=True),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("total", sa.String(40), nullable=False),
        sa.Column("rubric_digest", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_blind_repeat"),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_blind_repeat_assignment_id_assignment", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("assignment_id", name="uq_blind_repeat_assignment_id"),
    )


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("blind_repeat")
    op.drop_table("repeat_plan")
