"""Entries with their people and files.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _create_entry()
    _create_entry_file()
    _create_entry_member()
    _create_receipt()
    _create_screening()
    _create_consent()


def downgrade() -> None:
    for table in (
        "consent",
        "screening",
        "receipt",
        "entry_member",
        "entry_file",
        "entry",
    ):
        op.drop_table(table)


def _create_entry() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("owner_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("alias", sa.String(20), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("category", sa.String(60), nullable=False),
        sa.Column("division", sa.String(60), nullable=True),
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("round", sa.String(60), nullable=True),
        sa.Column("answers", DOCUMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_entry_contest_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name="fk_entry_owner_id"),
        sa.UniqueConstraint("contest_id", "alias", name="uq_entry_contest_id_alias"),
        sa.UniqueConstraint("contest_id", "number", name="uq_entry_contest_id_number"),
    )
    op.create_index("ix_entry_contest_category", "entry", ["contest_id", "category"])
    op.create_index("ix_entry_contest_id", "entry", ["contest_id"])
    op.create_index("ix_entry_contest_state", "entry", ["contest_id", "state"])
    op.create_index("ix_entry_owner_id", "entry", ["owner_id"])


def _create_entry_file() -> None:
    op.create_table(
        "entry_file",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("pages", sa.Integer, nullable=True),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entry_file"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_entry_file_entry_id", ondelete="CASCADE"),
    )
    op.create_index("ix_entry_file_entry_id", "entry_file", ["entry_id"])


def _create_entry_member() -> None:
    op.create_table(
        "entry_member",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_key", sa.String(200), nullable=False),
        sa.Column("born", sa.Date, nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("share", sa.String(60), nullable=True),
        sa.Column("is_lead", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entry_member"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_entry_member_entry_id", ondelete="CASCADE"),
        sa.UniqueConstraint("entry_id", "position", name="uq_entry_member_entry_id_position"),
    )
    op.create_index("ix_entry_member_entry_id", "entry_member", ["entry_id"])
    op.create_index("ix_entry_member_name_key", "entry_member", ["name_key"])


def _create_receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_receipt"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_receipt_entry_id", ondelete="CASCADE"),
        sa.UniqueConstraint("number", name="uq_receipt_number"),
    )
    op.create_index("ix_receipt_entry_id", "receipt", ["entry_id"])


def _create_screening() -> None:
    op.create_table(
        "screening",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_screening"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_screening_by_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_screening_entry_id", ondelete="CASCADE"),
    )
    op.create_index("ix_screening_entry_id", "screening", ["entry_id"])


def _create_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("member_id", sa.String(36), nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("given_by", sa.String(10), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.ForeignKeyConstraint(["member_id"], ["entry_member.id"], name="fk_consent_member_id", ondelete="CASCADE"),
        sa.UniqueConstraint("member_id", "purpose", "given_by", name="uq_consent_member_id_purpose_given_by"),
    )
    op.create_index("ix_consent_member_id", "consent", ["member_id"])
