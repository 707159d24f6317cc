"""Copies of files for judges and pictures of them; for files that are there already the work is put down.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
_JOB = "prepare-file"
_COPY = sa.table(
    "file_copy", sa.column("file_id"), sa.column("state"), sa.column("findings", DOCUMENT), sa.column("scan")
)
_WORK = sa.table(
    "job", sa.column("id"), sa.column("name"), sa.column("payload", DOCUMENT), sa.column("state"),
    sa.column("attempts"), sa.column("run_after", MOMENT), sa.column("last_error"), sa.column("created_at", MOMENT),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "file_copy",
        sa.Column("file_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("findings", DOCUMENT, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("scan", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("key", sa.String(200), nullable=True),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("file_id", name="pk_file_copy"),
        sa.ForeignKeyConstraint(["file_id"], ["entry_file.id"], name="fk_file_copy_file_id", ondelete="CASCADE"),
    )
    op.create_table(
        "file_picture",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("file_id", sa.String(36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("small", sa.Boolean(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_file_picture"),
        sa.ForeignKeyConstraint(["file_id"], ["entry_file.id"], name="fk_file_picture_file_id", ondelete="CASCADE"),
        sa.UniqueConstraint("file_id", "place", "small", name="uq_file_picture_file_id_place_small"),
    )
    op.create_index("ix_file_picture_file_id", "file_picture", ["file_id"])
    _prepare_what_is_there()


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM job WHERE name = :name").bindparams(name=_JOB))
    op.drop_table("file_picture")
    op.drop_table("file_copy")


def _prepare_what_is_there() -> None:
    """Without a copy no judge gets a file, so one is made of each as soon as a worker runs."""
    connection = op.get_bind()
    found = connection.scalars(sa.text("SELECT id FROM entry_file ORDER BY id")).all()
    if not found:
        return
    moment = datetime.now(UTC)
    if connection.dialect.name == "sqlite":
        moment = moment.replace(tzinfo=None)
    connection.execute(
        _COPY.insert(), [{"file_id": one, "state": "waiting", "findings": [], "scan": ""} for one in found]
    )
    jobs = [
        {
            "id": str(uuid.uuid4()), "name": _JOB, "payload": {"file": one}, "state": "queued", "attempts": 0,
            "run_after": moment, "last_error": "", "created_at": moment,
        }
        for one in found
    ]  # fmt: skip
    connection.execute(_WORK.insert(), jobs)
