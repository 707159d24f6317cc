"""Drafts by version; links and things handed in as parts of a dossier; where the office is found.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_draft_text()
    _create_entry_link()
    _create_handover()
    op.create_table(
        "office_desk",
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("contest_id", name="pk_office_desk"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_office_desk_contest_id", ondelete="CASCADE"),
    )


def _create_draft_text() -> None:
    op.create_table(
        "draft_text",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("field", sa.String(160), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("page", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draft_text"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_draft_text_entry_id", ondelete="CASCADE"),
        sa.UniqueConstraint("entry_id", "field", "number", name="uq_draft_text_entry_id_field_number"),
    )
    op.create_index("ix_draft_text_entry_id", "draft_text", ["entry_id"])


def _create_entry_link() -> None:
    op.create_table(
        "entry_link",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entry_link"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_entry_link_entry_id", ondelete="CASCADE"),
        sa.UniqueConstraint("entry_id", "item", "url", name="uq_entry_link_entry_id_item_url"),
    )
    op.create_index("ix_entry_link_entry_id", "entry_link", ["entry_id"])


def _create_handover() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("received_by_id", sa.String(36), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", sa.String(36), nullable=True),
        sa.Column("undone_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_handover_entry_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["received_by_id"], ["account.id"], name="fk_handover_received_by_id"),
        sa.ForeignKeyConstraint(["undone_by_id"], ["account.id"], name="fk_handover_undone_by_id"),
    )
    op.create_index("ix_handover_entry_item", "handover", ["entry_id", "item"])


def downgrade() -> None:
    for table in ("office_desk", "handover", "entry_link", "draft_text"):
        op.drop_table(table)
