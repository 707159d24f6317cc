"""Run by Alembic for each command; `judging.migrations` hands the open connection over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from judging.migrations.environment import CONNECTION, comparison

connection: Connection = context.config.attributes[CONNECTION]
context.configure(connection=connection, **comparison(connection.dialect.name))
with context.begin_transaction():
    context.run_migrations()
