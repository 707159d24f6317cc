"""The screening desk: extended deadlines, checks, opinions, returns, signed lists.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _create_intake_settings()
    _create_deadline_extension()
    _create_extended_entry()
    _create_dossier_tick()
    _create_dossier_hold()
    _create_screening_opinion()
    _create_return_term()
    _create_eligible_list()


def downgrade() -> None:
    for table in (
        "eligible_list",
        "return_term",
        "screening_opinion",
        "dossier_hold",
        "dossier_tick",
        "extended_entry",
        "deadline_extension",
        "intake_settings",
    ):
        op.drop_table(table)


def _create_intake_settings() -> None:
    op.create_table(
        "intake_settings",
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("grace_minutes", sa.Integer, nullable=False),
        sa.Column("two_persons", sa.Boolean, nullable=False),
        sa.Column("return_days", sa.Integer, nullable=False),
        sa.Column("checklist", DOCUMENT, nullable=False),
        sa.Column("reasons", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("contest_id", name="pk_intake_settings"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_intake_settings_contest_id", ondelete="CASCADE"
        ),
    )


def _create_deadline_extension() -> None:
    op.create_table(
        "deadline_extension",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("old_at", MOMENT, nullable=False),
        sa.Column("new_at", MOMENT, nullable=False),
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deadline_extension"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_deadline_extension_by_id"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_deadline_extension_contest_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_deadline_extension_contest_id", "deadline_extension", ["contest_id"])


def _create_extended_entry() -> None:
    op.create_table(
        "extended_entry",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("extension_id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_extended_entry"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_extended_entry_entry_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["extension_id"], ["deadline_extension.id"], name="fk_extended_entry_extension_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("extension_id", "entry_id", name="uq_extended_entry_extension_id_entry_id"),
    )
    op.create_index("ix_extended_entry_entry_id", "extended_entry", ["entry_id"])
    op.create_index("ix_extended_entry_extension_id", "extended_entry", ["extension_id"])


def _create_dossier_tick() -> None:
    op.create_table(
        "dossier_tick",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dossier_tick"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_dossier_tick_by_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_dossier_tick_entry_id", ondelete="CASCADE"),
        sa.UniqueConstraint("entry_id", "key", name="uq_dossier_tick_entry_id_key"),
    )
    op.create_index("ix_dossier_tick_entry_id", "dossier_tick", ["entry_id"])


def _create_dossier_hold() -> None:
    op.create_table(
        "dossier_hold",
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_dossier_hold"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_dossier_hold_by_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_dossier_hold_entry_id", ondelete="CASCADE"),
    )
    op.create_index("ix_dossier_hold_by_id", "dossier_hold", ["by_id"])


def _create_screening_opinion() -> None:
    op.create_table(
        "screening_opinion",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_screening_opinion"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_screening_opinion_by_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_screening_opinion_entry_id", ondelete="CASCADE"),
    )
    op.create_index("ix_screening_opinion_entry_id", "screening_opinion", ["entry_id"])


def _create_return_term() -> None:
    op.create_table(
        "return_term",
        sa.Column("screening_id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("items", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("screening_id", name="pk_return_term"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_return_term_entry_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["screening_id"], ["screening.id"], name="fk_return_term_screening_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_return_term_entry_id", "return_term", ["entry_id"])


def _create_eligible_list() -> None:
    op.create_table(
        "eligible_list",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", DOCUMENT, nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_eligible_list"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_eligible_list_by_id"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_eligible_list_contest_id", ondelete="CASCADE"),
        sa.UniqueConstraint("contest_id", "version", name="uq_eligible_list_contest_id_version"),
    )
    op.create_index("ix_eligible_list_contest_id", "eligible_list", ["contest_id"])
