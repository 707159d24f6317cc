"""The audit log: every act that matters, in the same transaction as the act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from judging.db.models import AuditEvent
from judging.db.types import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

_STORE = insert(AuditEvent.metadata.tables[AuditEvent.__tablename__])


def record_event(
    session: Session,
    *,
    action: str,
    subject: str,
    subject_id: str,
    now: datetime,
    actor_id: str | None,
    contest_id: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down who (`actor_id`; None for the system itself) did what to which thing.

    `action` is a verb in the past tense with its noun (`entry-submitted`). `details` is plain JSON and never holds a
    secret, a birth date or a mark that others may not see.
    """
    # Stored at once and by its table: nothing is ever changed in it, and an object would cost three times as much.
    session.connection().execute(
        _STORE,
        {
            "id": new_id(),
            "at": now,
            "contest_id": contest_id,
            "actor_id": actor_id,
            "action": action,
            "subject": subject,
            "subject_id": subject_id,
            "details": dict(details or {}),
        },
    )
