"""What lies sealed: every value opens with the installation's own key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text, select, type_coerce

from judging.db.base import Base
from judging.db.sealed import SealBroken, Sealed, sealed_columns
from judging.services.upkeep.checks.finding import Finding, look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


def check_sealed(session: Session) -> Finding:
    """Each value of a sealed column can be read. With another key than the installation's none can."""
    return look("sealed", _look_at_values(session))


def _look_at_values(session: Session) -> Iterator[str | None]:
    dialect = session.get_bind().dialect
    for column in sealed_columns(Base.metadata):
        kind = column.type
        assert isinstance(kind, Sealed), "no sealed column"  # noqa: S101 - that is how they were chosen
        raw = select(column.table.c.id, type_coerce(column, Text)).where(column.is_not(None))
        for row_id, value in session.execute(raw.execution_options(yield_per=500)):
            try:
                kind.process_result_value(value, dialect)
            except (SealBroken, ValueError) as error:
                yield f"{column} of {row_id}: {error}"
            else:
                yield None
