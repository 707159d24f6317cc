"""Prizes, publications and background work.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _create_job()
    _create_publication()
    _create_prize()


def downgrade() -> None:
    for table in (
        "prize",
        "publication",
        "job",
    ):
        op.drop_table(table)


def _create_job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("payload", DOCUMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("run_after", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("last_error", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_index("ix_job_state_run_after", "job", ["state", "run_after"])


def _create_publication() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("ranking", DOCUMENT, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_publication_by_id"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_publication_contest_id", ondelete="CASCADE"),
    )
    op.create_index("ix_publication_contest_id", "publication", ["contest_id"])


def _create_prize() -> None:
    op.create_table(
        "prize",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("level", sa.String(60), nullable=False),
        sa.Column("board", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_prize"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_prize_by_id"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_prize_contest_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_prize_entry_id"),
        sa.UniqueConstraint("contest_id", "entry_id", "level", name="uq_prize_contest_id_entry_id_level"),
    )
    op.create_index("ix_prize_contest_id", "prize", ["contest_id"])
    op.create_index("ix_prize_entry_id", "prize", ["entry_id"])
