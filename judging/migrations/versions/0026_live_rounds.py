"""Live rounds: hours, rooms with their clocks, places, and hours in which a judge is away.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _make_round_and_rooms()
    _make_places()
    _make_absences()


def _make_round_and_rooms() -> None:
    op.create_table(
        "live_round",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("windows", DOCUMENT, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("applied_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_live_round"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_live_round_contest_id_contest", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("contest_id", "round", name="uq_live_round_contest_id_round"),
    )
    op.create_table(
        "live_room",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("panels", DOCUMENT, nullable=False),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("since", MOMENT),
        sa.Column("spent_ms", sa.Integer(), nullable=False),
        sa.Column("clock_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_live_room"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_live_room_contest_id_contest", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_live_room_contest_round", "live_room", ["contest_id", "round"])


def _make_places() -> None:
    op.create_table(
        "live_place",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("room_id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("judge_id", sa.String(36)),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_live_place"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_live_place_contest_id_contest", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["live_room.id"], name="fk_live_place_room_id_live_room", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_live_place_entry_id_entry", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name="fk_live_place_judge_id_judge", ondelete="CASCADE"),
    )
    op.create_index("ix_live_place_contest_round", "live_place", ["contest_id", "round", "starts_at"])
    for column in ("room_id", "entry_id", "judge_id"):
        op.create_index(f"ix_live_place_{column}", "live_place", [column])


def _make_absences() -> None:
    op.create_table(
        "live_absence",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("judge_id", sa.String(36), nullable=False),
        sa.Column("comes_at", MOMENT),
        sa.Column("leaves_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_live_absence"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_live_absence_contest_id_contest", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name="fk_live_absence_judge_id_judge", ondelete="CASCADE"),
        sa.UniqueConstraint("contest_id", "round", "judge_id", name="uq_live_absence_contest_id_round_judge_id"),
    )
    op.create_index("ix_live_absence_judge_id", "live_absence", ["judge_id"])


def downgrade() -> None:
    """Take the tables away."""
    for table in ("live_absence", "live_place", "live_room", "live_round"):
        op.drop_table(table)
