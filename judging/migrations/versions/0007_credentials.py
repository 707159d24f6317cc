"""One-time secrets, passkeys, authenticator apps, recovery codes, identities elsewhere; how a session came about.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _create_one_time_secret()
    _create_passkey()
    _create_totp_factor()
    _create_recovery_code()
    _create_external_identity()
    op.add_column("login_session", sa.Column("method", sa.String(20), nullable=False, server_default="password"))
    op.add_column("login_session", sa.Column("is_strong", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("login_session", sa.Column("proved_at", MOMENT, nullable=True))
    op.add_column("login_failure", sa.Column("act", sa.String(20), nullable=False, server_default="sign-in"))


def downgrade() -> None:
    op.drop_column("login_failure", "act")
    for column in ("proved_at", "is_strong", "method"):
        op.drop_column("login_session", column)
    for table in ("external_identity", "recovery_code", "totp_factor", "passkey", "one_time_secret"):
        op.drop_table(table)


def _account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=f"fk_{table}_account_id", ondelete="CASCADE")


def _create_one_time_secret() -> None:
    op.create_table(
        "one_time_secret",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=True),
        sa.Column("email_key", sa.String(254), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("code_hmac", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("payload", DOCUMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_secret"),
        _account("one_time_secret"),
        sa.UniqueConstraint("token_sha256", name="uq_one_time_secret_token_sha256"),
    )
    op.create_index("ix_one_time_secret_account_id", "one_time_secret", ["account_id"])
    op.create_index("ix_one_time_secret_expires_at", "one_time_secret", ["expires_at"])
    op.create_index("ix_one_time_secret_purpose_email_key", "one_time_secret", ["purpose", "email_key"])


def _create_passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("credential_id", sa.String(1400), nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("transports", DOCUMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        _account("passkey"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
    )
    op.create_index("ix_passkey_account_id", "passkey", ["account_id"])


def _create_totp_factor() -> None:
    op.create_table(
        "totp_factor",
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("sealed_secret", sa.Text, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("account_id", name="pk_totp_factor"),
        _account("totp_factor"),
    )


def _create_recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("code_hash", sa.String(200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        _account("recovery_code"),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])


def _create_external_identity() -> None:
    op.create_table(
        "external_identity",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_external_identity"),
        _account("external_identity"),
        sa.UniqueConstraint("issuer", "subject", name="uq_external_identity_issuer_subject"),
    )
    op.create_index("ix_external_identity_account_id", "external_identity", ["account_id"])
