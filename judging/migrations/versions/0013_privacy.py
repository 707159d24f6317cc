"""Privacy: archives of one's own data, requests, terms of keeping, holds, checked ages, reads of children's data.

The audit log stays append-only, but for one thing: acts older than five years by the database's own clock may be
deleted while `audit_horizon` says up to when.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)

_TABLES = (
    "retention_terms", "legal_hold", "consent_trace", "audit_horizon", "data_export", "privacy_request",
    "privacy_step", "age_check", "data_read", "breach",
)  # fmt: skip
_REFUSAL = "rows of audit_event are never changed or deleted"
_TOO_NEW = "acts are kept for five years"


def upgrade() -> None:
    _create_retention_terms()
    _create_legal_hold()
    _create_consent_trace()
    _create_audit_horizon()
    _create_data_export()
    _create_privacy_request()
    _create_privacy_step()
    _create_age_check()
    _create_data_read()
    _create_breach()
    if _is_sqlite():
        _guard_on_sqlite()
    else:
        _guard_on_postgres()


def downgrade() -> None:
    if _is_sqlite():
        op.execute("DROP TRIGGER audit_event_no_delete")
        op.execute(
            "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event"
            f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
    else:
        op.execute("DROP TRIGGER audit_event_no_delete ON audit_event")
        op.execute("DROP FUNCTION audit_event_refuse_delete()")
        op.execute("DROP TRIGGER audit_event_no_change ON audit_event")
        _refuse_statements("UPDATE OR DELETE OR TRUNCATE")
    for table in reversed(_TABLES):
        op.drop_table(table)
    if not _is_sqlite():
        op.execute("DROP FUNCTION audit_horizon_refuse()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _guard_on_sqlite() -> None:
    op.execute("DROP TRIGGER audit_event_no_delete")
    op.execute(
        "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event"
        ' WHEN NOT EXISTS (SELECT 1 FROM audit_horizon WHERE OLD.at < "before")'
        " BEGIN SELECT RAISE(ABORT, 'rows of audit_event are never changed or deleted'); END"
    )
    for act in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER audit_horizon_no_{act.lower()} BEFORE {act} ON audit_horizon"
            " WHEN NEW.\"before\" > strftime('%Y-%m-%d %H:%M:%S', 'now', '-5 years')"
            f" BEGIN SELECT RAISE(ABORT, '{_TOO_NEW}'); END"
        )


def _guard_on_postgres() -> None:
    op.execute("DROP TRIGGER audit_event_no_change ON audit_event")
    _refuse_statements("UPDATE OR TRUNCATE")
    op.execute(
        "CREATE FUNCTION audit_event_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF EXISTS (SELECT 1 FROM audit_horizon WHERE OLD.at < before) THEN RETURN OLD; END IF;"
        " RAISE EXCEPTION 'rows of audit_event are never changed or deleted'"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event FOR EACH ROW"
        " EXECUTE FUNCTION audit_event_refuse_delete()"
    )
    op.execute(
        "CREATE FUNCTION audit_horizon_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{_TOO_NEW}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_horizon_no_change BEFORE INSERT OR UPDATE ON audit_horizon FOR EACH ROW"
        " WHEN (NEW.before > now() - interval '5 years') EXECUTE FUNCTION audit_horizon_refuse()"
    )


def _refuse_statements(acts: str) -> None:
    op.execute(
        f"CREATE TRIGGER audit_event_no_change BEFORE {acts} ON audit_event"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()"
    )


def _create_retention_terms() -> None:
    op.create_table(
        "retention_terms",
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("loser_months", sa.Integer, nullable=False),
        sa.Column("winner_months", sa.Integer, nullable=False),
        sa.Column("archive_years", sa.Integer, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("contest_id", name="pk_retention_terms"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_retention_terms_by_id"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_retention_terms_contest_id", ondelete="CASCADE"
        ),
    )


def _create_legal_hold() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("until", sa.Date, nullable=True),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("lifted_by_id", sa.String(36), nullable=True),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_legal_hold"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_legal_hold_by_id"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_legal_hold_contest_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_legal_hold_entry_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["account.id"], name="fk_legal_hold_lifted_by_id"),
    )
    op.create_index("ix_legal_hold_contest_id", "legal_hold", ["contest_id"])
    op.create_index("ix_legal_hold_entry_id", "legal_hold", ["entry_id"])


def _create_consent_trace() -> None:
    op.create_table(
        "consent_trace",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("member_id", sa.String(36), nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("given_by", sa.String(10), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("data_gone_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consent_trace"),
    )
    op.create_index("ix_consent_trace_data_gone_at", "consent_trace", ["data_gone_at"])


def _create_audit_horizon() -> None:
    op.create_table(
        "audit_horizon",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("before", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_horizon"),
    )


def _create_data_export() -> None:
    op.create_table(
        "data_export",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("locale", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("key", sa.String(200), nullable=True),
        sa.Column("size", sa.Integer, nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ready_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_data_export"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_data_export_account_id", ondelete="CASCADE"),
    )
    op.create_index("ix_data_export_account_id", "data_export", ["account_id"])
    op.create_index("ix_data_export_expires_at", "data_export", ["expires_at"])


def _create_privacy_request() -> None:
    op.create_table(
        "privacy_request",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("profile", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=True),
        sa.Column("entry_id", sa.String(36), nullable=True),
        sa.Column("account_id", sa.String(36), nullable=True),
        sa.Column("about_child", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("contact", sa.String(254), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("identity_note", sa.Text, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("answer_due", MOMENT, nullable=False),
        sa.Column("act_due", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_privacy_request"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_privacy_request_account_id"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_privacy_request_contest_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_privacy_request_entry_id"),
        sa.UniqueConstraint("number", name="uq_privacy_request_number"),
    )
    op.create_index("ix_privacy_request_account_id", "privacy_request", ["account_id"])
    op.create_index("ix_privacy_request_contest_id", "privacy_request", ["contest_id"])
    op.create_index("ix_privacy_request_entry_id", "privacy_request", ["entry_id"])
    op.create_index("ix_privacy_request_state_act_due", "privacy_request", ["state", "act_due"])


def _create_privacy_step() -> None:
    op.create_table(
        "privacy_step",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("request_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.String(36), nullable=True),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_privacy_step"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_privacy_step_by_id"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["privacy_request.id"], name="fk_privacy_step_request_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_privacy_step_request_id", "privacy_step", ["request_id"])


def _create_age_check() -> None:
    op.create_table(
        "age_check",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("member_id", sa.String(36), nullable=False),
        sa.Column("person_sha256", sa.String(64), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_age_check"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_age_check_by_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_age_check_entry_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["entry_member.id"], name="fk_age_check_member_id", ondelete="CASCADE"),
        sa.UniqueConstraint("member_id", name="uq_age_check_member_id"),
    )
    op.create_index("ix_age_check_entry_id", "age_check", ["entry_id"])


def _create_data_read() -> None:
    op.create_table(
        "data_read",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=True),
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("file_id", sa.String(36), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_data_read"),
    )
    op.create_index("ix_data_read_at", "data_read", ["at"])
    op.create_index("ix_data_read_entry_id", "data_read", ["entry_id", "at"])


def _create_breach() -> None:
    op.create_table(
        "breach",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("noticed_at", MOMENT, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("conclusion", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_breach"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_breach_by_id"),
    )
