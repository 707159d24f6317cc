"""Contests with their rounds, panels and people, and the audit log.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _create_audit_event()
    _create_contest()
    _create_amendment()
    _create_contest_role()
    _create_contest_round()
    _create_judge()
    _create_panel()
    _create_panel_seat()
    _make_append_only("audit_event")


def downgrade() -> None:
    for table in (
        "panel_seat",
        "panel",
        "judge",
        "contest_round",
        "contest_role",
        "amendment",
        "contest",
        "audit_event",
    ):
        op.drop_table(table)
    _drop_append_only("audit_event")


def _create_audit_event() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=True),
        sa.Column("actor_id", sa.String(36), nullable=True),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.String(80), nullable=False),
        sa.Column("details", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_contest_at", "audit_event", ["contest_id", "at"])


def _create_contest() -> None:
    op.create_table(
        "contest",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("title_en", sa.String(300), nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("summary_en", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("zone", sa.String(60), nullable=False),
        sa.Column("phase", sa.String(30), nullable=False),
        sa.Column("resume_phase", sa.String(30), nullable=True),
        sa.Column("settings", DOCUMENT, nullable=False),
        sa.Column("rules", DOCUMENT, nullable=True),
        sa.Column("rules_digest", sa.String(64), nullable=True),
        sa.Column("kind_digest", sa.String(64), nullable=True),
        sa.Column("opens_at", MOMENT, nullable=True),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.Column("judging_starts_at", MOMENT, nullable=True),
        sa.Column("judging_ends_at", MOMENT, nullable=True),
        sa.Column("publishes_at", MOMENT, nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("decision", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contest"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_contest_organisation_id"),
        sa.UniqueConstraint("slug", name="uq_contest_slug"),
    )
    op.create_index("ix_contest_kind", "contest", ["kind"])
    op.create_index("ix_contest_organisation_id", "contest", ["organisation_id"])
    op.create_index("ix_contest_phase", "contest", ["phase"])


def _create_amendment() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("changed", DOCUMENT, nullable=False),
        sa.Column("old_digest", sa.String(64), nullable=False),
        sa.Column("new_digest", sa.String(64), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_amendment"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_amendment_by_id"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_amendment_contest_id", ondelete="CASCADE"),
    )
    op.create_index("ix_amendment_contest_id", "amendment", ["contest_id"])


def _create_contest_role() -> None:
    op.create_table(
        "contest_role",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contest_role"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_contest_role_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_contest_role_contest_id", ondelete="CASCADE"),
        sa.UniqueConstraint("contest_id", "account_id", "role", name="uq_contest_role_contest_id_account_id_role"),
    )
    op.create_index("ix_contest_role_account_id", "contest_role", ["account_id"])
    op.create_index("ix_contest_role_contest_id", "contest_role", ["contest_id"])


def _create_contest_round() -> None:
    op.create_table(
        "contest_round",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_contest_round"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_contest_round_contest_id", ondelete="CASCADE"),
        sa.UniqueConstraint("contest_id", "key", name="uq_contest_round_contest_id_key"),
    )
    op.create_index("ix_contest_round_contest_id", "contest_round", ["contest_id"])


def _create_judge() -> None:
    op.create_table(
        "judge",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("alias", sa.String(20), nullable=False),
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("conflicts_declared_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_judge"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_judge_account_id"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_judge_contest_id", ondelete="CASCADE"),
        sa.UniqueConstraint("contest_id", "account_id", name="uq_judge_contest_id_account_id"),
        sa.UniqueConstraint("contest_id", "alias", name="uq_judge_contest_id_alias"),
    )
    op.create_index("ix_judge_account_id", "judge", ["account_id"])
    op.create_index("ix_judge_contest_id", "judge", ["contest_id"])


def _create_panel() -> None:
    op.create_table(
        "panel",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("categories", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_panel"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_panel_contest_id", ondelete="CASCADE"),
        sa.UniqueConstraint("contest_id", "name", name="uq_panel_contest_id_name"),
    )
    op.create_index("ix_panel_contest_id", "panel", ["contest_id"])


def _create_panel_seat() -> None:
    op.create_table(
        "panel_seat",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("panel_id", sa.String(36), nullable=False),
        sa.Column("judge_id", sa.String(36), nullable=False),
        sa.Column("is_chair", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_panel_seat"),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name="fk_panel_seat_judge_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name="fk_panel_seat_panel_id", ondelete="CASCADE"),
        sa.UniqueConstraint("panel_id", "judge_id", name="uq_panel_seat_panel_id_judge_id"),
    )
    op.create_index("ix_panel_seat_judge_id", "panel_seat", ["judge_id"])
    op.create_index("ix_panel_seat_panel_id", "panel_seat", ["panel_id"])


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
