"""Wires settings, ports, plugins and job handlers into one application. The only place that knows them all."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from judging.db.engine import make_engine
from judging.db.jobs import JobTable, wake_after_enqueue
from judging.db.session import Database
from judging.jobs import JobEngine, JobRunner, make_huey
from judging.mail import open_transport
from judging.notary import Notary
from judging.plugins import load_registry
from judging.services.core_plugin import CorePlugin
from judging.services.files.disposal import keep_disposals
from judging.services.judges.conflicts.freshness import keep_conflicts
from judging.services.judges.new_work import WorkWatch
from judging.services.messages.reminders import plan_reminders
from judging.services.messages.return_reminders import plan_return_reminders
from judging.services.platform import Platform
from judging.services.privacy.erasure.afterwards import keep_erasures
from judging.services.score_log.keeper import keep_logs
from judging.storage import open_store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from flask import Flask

    from judging.jobs import Handler
    from judging.plugins import Registry
    from judging.settings import Settings


def compose(settings: Settings, *, registry: Registry | None = None) -> Platform:
    """Open what the settings name. Nothing is migrated, and nothing is connected to before it is used.

    `registry` stands in for the installed plugins, for programs that bring their own.
    """
    database = Database(make_engine(settings))
    transport = open_transport(settings.mail_url, sender=settings.mail_from)
    contest_kinds = registry if registry is not None else load_registry(core=CorePlugin(), allowed=settings.plugins)
    keep_logs(database, notary=open_notary(settings), registry=contest_kinds)
    keep_conflicts(database, clock=lambda: datetime.now(UTC))
    files = open_store(settings.storage_url)
    keep_erasures(database, files=files, score_log=settings.score_log)
    keep_disposals(database, files=files)
    watch = WorkWatch(database)

    def prepare(now: datetime) -> None:
        plan_reminders(database, now=now)
        plan_return_reminders(database, now=now)
        watch.look(now)

    @cache
    def handlers() -> Mapping[str, Handler]:
        # Most commands do no background work, and are the quicker for not loading it.
        from judging.job_handlers import Means, job_handlers  # noqa: PLC0415

        return job_handlers(
            Means(settings=settings, database=database, registry=contest_kinds, files=files, transport=transport)
        )

    runner = JobRunner(JobTable(database), handlers, prepare=prepare)
    jobs = JobEngine(lambda: make_huey(settings.database_url, secret_key=settings.secret_key), runner)
    wake_after_enqueue(database, jobs.wake)
    return Platform(
        settings=settings,
        database=database,
        registry=contest_kinds,
        files=files,
        jobs=jobs,
        mail=transport,
    )


def open_notary(settings: Settings) -> Notary:
    """The keeper of the signing key and of what was signed; new logs are named after where people reach the program."""
    return Notary(settings.score_log, host=urlsplit(settings.base_url).netloc)


def create_web(platform: Platform) -> Flask:
    """The web application on a platform."""
    from judging.web import create_app  # noqa: PLC0415 - half a second, which only what serves pages must pay

    return create_app(platform)
