"""The background work that privacy needs: archives, the nightly deletion, reminders of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.jobs.runner import utc_now
from judging.services.privacy.my_data.exports import DROP_JOB, MAKE_JOB, drop_export, make_export
from judging.services.privacy.request_desk.reminding import REMIND_JOB, plan_reminders, send_reminders
from judging.services.privacy.retention.planning import NIGHTLY_JOB, plan_nightly, run_nightly

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from judging.db.session import Database
    from judging.jobs import Handler, Task
    from judging.plugins import Registry
    from judging.settings import Settings
    from judging.storage import FileStore


def privacy_handlers(
    database: Database, *, registry: Registry, files: FileStore, settings: Settings
) -> Mapping[str, Handler]:
    """The handlers by name."""

    def make(task: Task) -> None:
        make_export(
            database, registry=registry, files=files, settings=settings, export_id=task.payload["export"],
            now=utc_now(),
        )  # fmt: skip

    def drop(task: Task) -> None:
        with database.writing() as session:
            drop_export(session, export_id=task.payload["export"])

    def keep_for_a_time(task: Task) -> None:
        del task
        run_nightly(database, now=utc_now())

    def remind(task: Task) -> None:
        del task
        send_reminders(database, settings=settings, now=utc_now())

    return {MAKE_JOB: make, DROP_JOB: drop, NIGHTLY_JOB: keep_for_a_time, REMIND_JOB: remind}


def plan_privacy_jobs(database: Database, *, now: datetime) -> None:
    """See to it that the coming night and morning do their part, however long the program was not running."""
    with database.writing() as session:
        plan_nightly(session, now=now)
        plan_reminders(session, now=now)
