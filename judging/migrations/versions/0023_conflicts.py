"""Conflicts of interest: ties to whole units, hints, what two persons forced, and by whom a conflict was set aside.

Revision ID: 0023
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None

# Spelt out rather than taken from the models: a revision says what was true when it was written.
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
_CONFLICT = sa.table(
    "conflict", sa.column("kind", sa.String), sa.column("source", sa.String), sa.column("reason", sa.Text),
    sa.column("evidence", sa.Text),
)  # fmt: skip
_FOUND = _CONFLICT.c.source == "detected"


def upgrade() -> None:
    _create_statement()
    _create_forced()
    op.create_table(
        "units_answer",
        sa.Column("judge_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("judge_id", name="pk_units_answer"),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name="fk_units_answer_judge_id", ondelete="CASCADE"),
    )
    op.create_table(
        "conflict_terms",
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("hints", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("contest_id", name="pk_conflict_terms"),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name="fk_conflict_terms_contest_id", ondelete="CASCADE"
        ),
    )
    with op.batch_alter_table("conflict") as batch:
        batch.add_column(sa.Column("bars", sa.Boolean, nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column("evidence", sa.Text, nullable=False, server_default=""))
        batch.add_column(sa.Column("unseen_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("statement_id", sa.String(36), nullable=True))
        batch.add_column(sa.Column("forced_id", sa.String(36), nullable=True))
        batch.add_column(sa.Column("withdrawn_by_id", sa.String(36), nullable=True))
        batch.add_column(sa.Column("withdrawn_reason", sa.Text, nullable=False, server_default=""))
        batch.create_foreign_key(
            "fk_conflict_statement_id", "conflict_statement", ["statement_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_foreign_key(
            "fk_conflict_forced_id", "forced_assignment", ["forced_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_foreign_key("fk_conflict_withdrawn_by_id", "account", ["withdrawn_by_id"], ["id"])
    # What the search kept as its reason was what it had found, and a shared name was no proof of authorship.
    op.execute(_CONFLICT.update().where(_FOUND).values(evidence=_CONFLICT.c.reason))
    op.execute(_CONFLICT.update().where(_FOUND, _CONFLICT.c.kind == "own").values(kind="same-name"))


def downgrade() -> None:
    op.execute(_CONFLICT.update().where(_FOUND, _CONFLICT.c.kind == "same-name").values(kind="own"))
    with op.batch_alter_table("conflict") as batch:
        for name in ("fk_conflict_withdrawn_by_id", "fk_conflict_forced_id", "fk_conflict_statement_id"):
            batch.drop_constraint(name, type_="foreignkey")
        for name in (
            "withdrawn_reason", "withdrawn_by_id", "forced_id", "statement_id", "unseen_at", "evidence", "bars",
        ):  # fmt: skip
            batch.drop_column(name)
    for name in ("conflict_terms", "units_answer", "forced_assignment", "conflict_statement"):
        op.drop_table(name)


def _create_statement() -> None:
    op.create_table(
        "conflict_statement",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("judge_id", sa.String(36), nullable=False),
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("unit_key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by_id", sa.String(36), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by_id", sa.String(36), nullable=True),
        sa.Column("withdrawn_reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conflict_statement"),
        *_references("conflict_statement", cascading=("contest", "judge"), accounts=("by_id", "withdrawn_by_id")),
    )
    op.create_index("ix_conflict_statement_contest_id", "conflict_statement", ["contest_id", "judge_id"])
    op.create_index("ix_conflict_statement_judge_id", "conflict_statement", ["judge_id"])


def _create_forced() -> None:
    op.create_table(
        "forced_assignment",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("contest_id", sa.String(36), nullable=False),
        sa.Column("round", sa.String(60), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("judge_id", sa.String(36), nullable=False),
        sa.Column("kinds", DOCUMENT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_by_id", sa.String(36), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_forced_assignment"),
        *_references("forced_assignment", cascading=("contest", "entry", "judge"), accounts=("by_id", "decided_by_id")),
    )
    op.create_index("ix_forced_assignment_contest_id", "forced_assignment", ["contest_id", "round"])
    op.create_index("ix_forced_assignment_entry_id", "forced_assignment", ["entry_id"])
    op.create_index("ix_forced_assignment_judge_id", "forced_assignment", ["judge_id"])


def _references(
    table: str, *, cascading: tuple[str, ...], accounts: tuple[str, ...]
) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=f"fk_{table}_{name}_id", ondelete="CASCADE")
            for name in cascading
        ),
        *(sa.ForeignKeyConstraint([name], ["account.id"], name=f"fk_{table}_{name}") for name in accounts),
    )
