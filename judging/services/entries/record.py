"""Acts on an entry, in the audit log under its alias."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from judging.db.models import Entry
from judging.services.audit import record_event


def record_entry_event(
    session: Session,
    *,
    entry: Entry,
    action: str,
    actor_id: str | None,
    now: datetime,
    details: Mapping[str, object] | None = None,
    subject: str = "entry",
    subject_id: str | None = None,
) -> None:
    """Write down what was done to the entry, or to its member or file named by `subject` and `subject_id`."""
    record_event(
        session,
        action=action,
        subject=subject,
        subject_id=subject_id or entry.id,
        actor_id=actor_id,
        contest_id=entry.contest_id,
        details={"entry": entry.alias, **(details or {})},
        now=now,
    )
