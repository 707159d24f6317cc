"""Uploads that can be resumed, the parts of them that have arrived, and how much the files of a contest may take.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("length", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("file_id", sa.String(36), nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_upload_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_upload_contest_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_upload_entry_id", ondelete="CASCADE"),
    )
    op.create_index("ix_upload_account_id", "upload", ["account_id"])
    op.create_index("ix_upload_entry_state", "upload", ["entry_id", "state"])
    op.create_index("ix_upload_contest_state", "upload", ["contest_id", "state"])
    op.create_index("ix_upload_state_expires", "upload", ["state", "expires_at"])
    op.create_table(
        "upload_part",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("upload_id", sa.String(36), nullable=False),
        sa.Column("start", sa.BigInteger, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_upload_part"),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name="fk_upload_part_upload_id", ondelete="CASCADE"),
        sa.UniqueConstraint("upload_id", "start", name="uq_upload_part_upload_id_start"),
    )
    op.create_table(
        "upload_limit",
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("entry_megabytes", sa.Integer, nullable=False),
        sa.Column("contest_megabytes", sa.Integer, nullable=False),
        sa.Column("most_open", sa.Integer, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("contest_id", name="pk_upload_limit"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_upload_limit_contest_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table("upload_limit")
    op.drop_table("upload_part")
    op.drop_table("upload")
