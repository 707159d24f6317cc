"""What entries are found by when another looks like them, what was found, and what the office said of it.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _create_similar_document()
    _create_similar_print()
    _create_similar_pair()
    _create_similar_decision()


def downgrade() -> None:
    for table in ("similar_decision", "similar_pair", "similar_print", "similar_document"):
        op.drop_table(table)


def _create_similar_document() -> None:
    op.create_table(
        "similar_document",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("prints", sa.Integer, nullable=False),
        sa.Column("looks", DOCUMENT, nullable=False),
        sa.Column("files", DOCUMENT, nullable=False),
        sa.Column("indexed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_similar_document"),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name="fk_similar_document_entry_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_similar_document_organisation_id"
        ),
        sa.UniqueConstraint("entry_id", name="uq_similar_document_entry_id"),
    )  # fmt: skip
    op.create_index("ix_similar_document_organisation_id", "similar_document", ["organisation_id"])


def _create_similar_print() -> None:
    op.create_table(
        "similar_print",
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", "document_id", name="pk_similar_print"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["similar_document.id"], name="fk_similar_print_document_id", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_similar_print_document_id", "similar_print", ["document_id"])


def _create_similar_pair() -> None:
    op.create_table(
        "similar_pair",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("first_id", sa.String(36), nullable=False),
        sa.Column("second_id", sa.String(36), nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("reasons", sa.String(60), nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_similar_pair"),
        sa.ForeignKeyConstraint(["first_id"], ["entry.id"], name="fk_similar_pair_first_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["second_id"], ["entry.id"], name="fk_similar_pair_second_id", ondelete="CASCADE"),
        sa.UniqueConstraint("first_id", "second_id", name="uq_similar_pair_first_id_second_id"),
    )
    op.create_index("ix_similar_pair_first_id", "similar_pair", ["first_id"])
    op.create_index("ix_similar_pair_second_id", "similar_pair", ["second_id"])


def _create_similar_decision() -> None:
    op.create_table(
        "similar_decision",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("first_id", sa.String(36), nullable=False),
        sa.Column("second_id", sa.String(36), nullable=False),
        sa.Column("is_same", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_similar_decision"),
        sa.ForeignKeyConstraint(["first_id"], ["entry.id"], name="fk_similar_decision_first_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["second_id"], ["entry.id"], name="fk_similar_decision_second_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_similar_decision_by_id"),
        sa.UniqueConstraint("first_id", "second_id", name="uq_similar_decision_first_id_second_id"),
    )
    op.create_index("ix_similar_decision_first_id", "similar_decision", ["first_id"])
    op.create_index("ix_similar_decision_second_id", "similar_decision", ["second_id"])
