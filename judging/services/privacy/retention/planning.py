"""When the nightly deletion runs: once in each night, planned anew by each run and by each start of the program."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from judging.db.jobs import enqueue_once
from judging.domain.retention import ZONE
from judging.services.privacy.retention.nightly import apply_retention

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.session import Database

NIGHTLY_JOB = "nightly-retention"
NIGHT = time(2)
"""When it runs, by the clock in Vietnam: after the midnight that ends the terms."""


def plan_nightly(session: Session, *, now: datetime) -> None:
    """Have the coming night's deletion run, once however often this is called."""
    here = now.astimezone(ZoneInfo(ZONE))
    tonight = datetime.combine(here.date(), NIGHT, tzinfo=here.tzinfo)
    due = (tonight if here < tonight else tonight + timedelta(days=1)).astimezone(UTC)
    job_id = str(uuid5(NAMESPACE_URL, f"judging:nightly-retention:{due.isoformat()}"))
    enqueue_once(session, job_id=job_id, name=NIGHTLY_JOB, payload={}, now=now, run_after=due)


def run_nightly(database: Database, *, now: datetime) -> None:
    """Plan the next night, then delete what is over: the handler of NIGHTLY_JOB."""
    # On its own, and first: what goes wrong this night must not take the later ones away.
    with database.writing() as session:
        plan_nightly(session, now=now)
    apply_retention(database, now=now)
