"""Wires settings, ports, plugins and job handlers into one application. The only place that knows them all."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from judging.db.engine import make_engine
from judging.db.jobs import JobTable, wake_after_enqueue
from judging.db.session import Database
from judging.jobs import JobEngine, JobRunner, make_huey
from judging.jobs.runner import utc_now
from judging.mail import open_transport
from judging.notary import Notary
from judging.plugins import load_registry
from judging.services.core_plugin import CorePlugin
from judging.services.erasure.afterwards import keep_erasures
from judging.services.letters import LETTER_JOB, deliver_letter
from judging.services.platform import Platform
from judging.services.score_log.day_letters import DAY_JOB, send_day_letters
from judging.services.score_log.keeper import keep_logs
from judging.services.score_log.publishing import BUNDLE_JOB, publish_bundle
from judging.services.similar.work import SIMILAR_JOB, Searcher
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
    contest_kinds = registry if registry is not None else load_registry(core=CorePlugin(), allowed=settings.plugins)
    keep_logs(database, notary=open_notary(settings), registry=contest_kinds)
    files = open_store(settings.storage_url)
    keep_erasures(database, files=files, score_log=settings.score_log)
    searcher = Searcher(database=database, registry=contest_kinds, files=files)
    handlers = {**job_handlers(transport, settings, database), **search_handlers(searcher)}
    runner = JobRunner(JobTable(database), handlers)
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


def job_handlers(transport: Transport, settings: Settings, database: Database) -> Mapping[str, Handler]:
    """Every kind of background work by name."""

    def send(task: Task) -> None:
        deliver_letter(task.payload, transport=transport, settings=settings, key=task.id)

    def publish(task: Task) -> None:
        publish_bundle(database, contest_id=task.payload["contest"], now=utc_now())

    def tell_judges(task: Task) -> None:
        until = datetime.fromisoformat(task.payload["until"])
        send_day_letters(database, contest_id=task.payload["contest"], until=until, now=utc_now())

    return {LETTER_JOB: send, BUNDLE_JOB: publish, DAY_JOB: tell_judges}


def search_handlers(searcher: Searcher) -> Mapping[str, Handler]:
    """The search for near duplicates of an entry that was handed in."""

    def search(task: Task) -> None:
        if searcher.index(task.payload["entry"], now=utc_now()):
            searcher.search(task.payload["entry"], now=utc_now())

    return {SIMILAR_JOB: search}


def create_web(platform: Platform) -> Flask:
    """The web application on a platform."""
    return create_app(platform)
