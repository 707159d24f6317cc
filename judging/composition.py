"""Wires settings, ports, plugins and job handlers into one application. The only place that knows them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.db.engine import make_engine
from judging.db.jobs import JobTable, wake_after_enqueue
from judging.db.session import Database
from judging.jobs import JobEngine, JobRunner, make_huey
from judging.mail import open_transport
from judging.plugins import load_registry
from judging.services.core_plugin import CorePlugin
from judging.services.letters import LETTER_JOB, deliver_letter
from judging.services.platform import Platform
from judging.storage import open_store
from judging.web import create_app

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from judging.jobs import Handler, Task
    from judging.mail import Transport
    from judging.plugins import Registry
    from judging.settings import Settings


def compose(settings: Settings, *, registry: Registry | None = None) -> Platform:
    """Open what the settings name. Nothing is migrated, and nothing is connected to before it is used.

    `registry` stands in for the installed plugins, for programs that bring their own.
    """
    database = Database(make_engine(settings))
    transport = open_transport(settings.mail_url, sender=settings.mail_from)
    runner = JobRunner(JobTable(database), job_handlers(transport, settings))
    jobs = JobEngine(lambda: make_huey(settings.database_url, secret_key=settings.secret_key), runner)
    wake_after_enqueue(database, jobs.wake)
    return Platform(
        settings=settings,
        database=database,
        registry=registry if registry is not None else load_registry(core=CorePlugin(), allowed=settings.plugins),
        files=open_store(settings.storage_url),
        jobs=jobs,
        mail=transport,
    )


def job_handlers(transport: Transport, settings: Settings) -> Mapping[str, Handler]:
    """Every kind of background work by name."""

    def send(task: Task) -> None:
        deliver_letter(task.payload, transport=transport, settings=settings, key=task.id)

    return {LETTER_JOB: send}


def create_web(platform: Platform) -> Flask:
    """The web application on a platform."""
    return create_app(platform)
