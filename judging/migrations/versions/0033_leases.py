"""Live rounds without a timetable: for how long booths are kept, where they are, and who has one until when.

Revision ID: 0033
Revises: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
STANDING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "lease_round",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lease_round"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_lease_round_contest_id_contest", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("contest_id", "round", name="uq_lease_round_contest_id_round"),
    )
    op.create_table(
        "booth",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_booth"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_booth_entry_id_entry", ondelete="CASCADE"),
        sa.UniqueConstraint("entry_id", "round", name="uq_booth_entry_id_round"),
    )
    _make_leases()


def _make_leases() -> None:
    op.create_table(
        "booth_lease",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("judge_id", sa.String(36), nullable=False),
        sa.Column("assignment_id", sa.String(36), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sheet_version", sa.Integer(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_booth_lease"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_booth_lease_contest_id_contest", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_booth_lease_entry_id_entry", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name="fk_booth_lease_judge_id_judge", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_booth_lease_assignment_id_assignment", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_booth_lease_contest_round", "booth_lease", ["contest_id", "round"])
    op.create_index("ix_booth_lease_assignment_id", "booth_lease", ["assignment_id"])
    for column in ("entry", "judge"):
        op.create_index(
            f"ix_booth_lease_{column}", "booth_lease", [f"{column}_id", "round"], unique=True, sqlite_where=STANDING,
            postgresql_where=STANDING,
        )  # fmt: skip


def downgrade() -> None:
    """Take the tables away."""
    for table in ("booth_lease", "booth", "lease_round"):
        op.drop_table(table)
