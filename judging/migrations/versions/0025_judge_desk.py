"""The judge's desk: notes, entries set aside, second looks at the first sheets, who was told of work.

Revision ID: 0025
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sheet_note",
        sa.Column("assignment_id", sa.String(36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("assignment_id", name="pk_sheet_note"),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_sheet_note_assignment_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "sheet_aside",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("assignment_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sheet_version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_id", sa.String(36), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sheet_aside"),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_sheet_aside_assignment_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["account.id"], name="fk_sheet_aside_ended_by_id"),
    )
    op.create_index("ix_sheet_aside_assignment_id", "sheet_aside", ["assignment_id"])
    op.create_table(
        "second_look",
        sa.Column("assignment_id", sa.String(36), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("assignment_id", name="pk_second_look"),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_second_look_assignment_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "told_of_work",
        sa.Column("judge_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("judge_id", "round", name="pk_told_of_work"),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name="fk_told_of_work_judge_id", ondelete="CASCADE"),
    )
    # Whoever judges already knows of it: only what is given from now on is told by letter.
    op.execute(
        """
        INSERT INTO told_of_work (judge_id, round, at)
        SELECT a.judge_id, a.round,
               MAX(CASE WHEN r.opened_at IS NOT NULL AND r.opened_at > a.assigned_at
                        THEN r.opened_at ELSE a.assigned_at END)
        FROM assignment a
        LEFT JOIN contest_round r ON r.contest_id = a.contest_id AND r.key = a.round
        GROUP BY a.judge_id, a.round
        """
    )


def downgrade() -> None:
    op.drop_table("told_of_work")
    op.drop_table("second_look")
    op.drop_table("sheet_aside")
    op.drop_table("sheet_note")
