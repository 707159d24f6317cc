"""Consents with their proof and nothing overwritten, links that ask people about an entry, and each contest's rule.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)

_STANDING = sa.text("withdrawn_at IS NULL")
_ONE_ROW = "uq_consent_member_id_purpose_given_by"


def upgrade() -> None:
    _widen_consent()
    op.create_table(
        "consent_text",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_consent_text"),
    )
    _create_people_link()
    op.create_table(
        "people_rule",
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("profile", sa.String(20), nullable=False),
        sa.Column("coauthors_must", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("contest_id", name="pk_people_rule"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_people_rule_contest_id", ondelete="CASCADE"
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("people_rule")
    op.drop_table("people_link")
    op.drop_table("consent_text")
    op.drop_index("ix_consent_standing", "consent")
    # Only one row for each word fits again: the one that stands, else the one that was given last.
    op.execute(
        "DELETE FROM consent WHERE id NOT IN (SELECT id FROM (SELECT id, row_number() OVER ("
        " PARTITION BY member_id, purpose, given_by"
        " ORDER BY CASE WHEN withdrawn_at IS NULL THEN 0 ELSE 1 END, given_at DESC, id DESC) AS place FROM consent)"
        " AS ordered WHERE place = 1)"
    )
    with op.batch_alter_table("consent") as batch:
        for column in _proof():
            batch.drop_column(column.name)
        batch.create_unique_constraint(_ONE_ROW, ["member_id", "purpose", "given_by"])


def _proof() -> tuple[sa.Column[Any], ...]:
    texts = {"text_sha256": 64, "by_name": 200, "withdrawn_method": 20, "withdrawn_by": 200}
    return (
        sa.Column("method", sa.String(20), nullable=False, server_default="earlier"),
        *(sa.Column(name, sa.String(size), nullable=False, server_default="") for name, size in texts.items()),
        sa.Column("by_account_id", sa.String(36), nullable=True),
    )


def _widen_consent() -> None:
    with op.batch_alter_table("consent") as batch:
        batch.drop_constraint(_ONE_ROW, type_="unique")
        for column in _proof():
            batch.add_column(column)
    op.create_index(
        "ix_consent_standing", "consent", ["member_id", "purpose", "given_by"], unique=True, sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )  # fmt: skip
    # Until now the account that owns an entry recorded everybody's word.
    op.execute(
        "UPDATE consent SET by_account_id = (SELECT entry.owner_id FROM entry JOIN entry_member"
        " ON entry_member.entry_id = entry.id WHERE entry_member.id = consent.member_id)"
    )


def _create_people_link() -> None:
    op.create_table(
        "people_link",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("member_id", sa.String(36), nullable=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("locale", sa.String(10), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=True),
        sa.Column("lasting_sha256", sa.String(64), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_name", sa.String(200), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people_link"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_people_link_entry_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["entry_member.id"], name="fk_people_link_member_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_people_link_account_id"),
        sa.UniqueConstraint("token_sha256", name="uq_people_link_token_sha256"),
        sa.UniqueConstraint("lasting_sha256", name="uq_people_link_lasting_sha256"),
    )  # fmt: skip
    op.create_index("ix_people_link_entry_role", "people_link", ["entry_id", "role"])
    op.create_index("ix_people_link_member_id", "people_link", ["member_id"])
    op.create_index("ix_people_link_account_id", "people_link", ["account_id"])
