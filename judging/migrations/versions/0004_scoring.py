"""Who judges what, and the sheets.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _create_assignment()
    _create_chair_vote()
    _create_conflict()
    _create_sheet_version()
    _make_append_only("sheet_version")


def downgrade() -> None:
    for table in (
        "sheet_version",
        "conflict",
        "chair_vote",
        "assignment",
    ):
        op.drop_table(table)
    _drop_append_only("sheet_version")


def _create_assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("judge_id", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("marks", DOCUMENT, nullable=False),
        sa.Column("comments", DOCUMENT, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("draft_version", sa.Integer, nullable=False),
        sa.Column("sheet_version", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("assigned_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_assignment_contest_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_assignment_entry_id"),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name="fk_assignment_judge_id"),
        sa.UniqueConstraint("round", "entry_id", "judge_id", name="uq_assignment_round_entry_id_judge_id"),
    )
    op.create_index("ix_assignment_contest_round", "assignment", ["contest_id", "round", "state"])
    op.create_index("ix_assignment_entry_id", "assignment", ["entry_id"])
    op.create_index("ix_assignment_judge", "assignment", ["judge_id", "round"])


def _create_chair_vote() -> None:
    op.create_table(
        "chair_vote",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chair_vote"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_chair_vote_by_id"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_chair_vote_contest_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_chair_vote_entry_id", ondelete="CASCADE"),
        sa.UniqueConstraint("round", "entry_id", name="uq_chair_vote_round_entry_id"),
    )
    op.create_index("ix_chair_vote_contest_id", "chair_vote", ["contest_id"])
    op.create_index("ix_chair_vote_entry_id", "chair_vote", ["entry_id"])


def _create_conflict() -> None:
    op.create_table(
        "conflict",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("judge_id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by_id", sa.String(36), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_conflict"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_conflict_by_id"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_conflict_contest_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_conflict_entry_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name="fk_conflict_judge_id", ondelete="CASCADE"),
        sa.UniqueConstraint("judge_id", "entry_id", "kind", name="uq_conflict_judge_id_entry_id_kind"),
    )
    op.create_index("ix_conflict_contest_judge", "conflict", ["contest_id", "judge_id"])
    op.create_index("ix_conflict_entry_id", "conflict", ["entry_id"])


def _create_sheet_version() -> None:
    op.create_table(
        "sheet_version",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("assignment_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("marks", DOCUMENT, nullable=False),
        sa.Column("comments", DOCUMENT, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("total", sa.String(40), nullable=False),
        sa.Column("rubric_digest", sa.String(64), nullable=False),
        sa.Column("consensus", sa.Boolean, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("submitted_by_id", sa.String(36), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sheet_version"),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name="fk_sheet_version_assignment_id"),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["account.id"], name="fk_sheet_version_submitted_by_id"),
        sa.UniqueConstraint("assignment_id", "number", name="uq_sheet_version_assignment_id_number"),
    )
    op.create_index("ix_sheet_version_assignment_id", "sheet_version", ["assignment_id"])


def _make_append_only(table: str) -> None:
    """Let the database itself refuse to change or delete a row, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION 'rows of {table} are never changed or deleted'"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )


def _drop_append_only(table: str) -> None:
    """SQLite's triggers go with their table; PostgreSQL's function stays behind."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {table}_refuse()")
