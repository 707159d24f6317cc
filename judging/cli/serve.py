"""The web server and the worker."""

from __future__ import annotations

import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from judging.cli.logs import AUTO, configure_logs, is_json
from judging.cli.options import address_options, data_option, opened, read_settings
from judging.cli.start_guard import warn_at_start
from judging.settings import refuse_unknown_settings

if TYPE_CHECKING:
    from flask import Flask

    from judging.services.platform import Platform
    from judging.settings import Settings

log = logging.getLogger(__name__)

_THREADS = 8


@click.command()
@data_option
@address_options
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes.")
def serve(*, data: Path | None, host: str | None, port: int | None, workers: int) -> None:
    """Serve the pages; background work is done here too unless JUDGING_WORKER is 0."""
    settings = read_settings(data, host=host, port=port)
    refuse_unknown_settings(os.environ)
    run_server(settings, workers=workers)


@click.command()
@data_option
@click.option("--threads", type=click.IntRange(1, 64), default=1, show_default=True, help="Pieces of work at once.")
def worker(*, data: Path | None, threads: int) -> None:
    """Do background work in a process of its own, until it is told to end."""
    settings = read_settings(data)
    refuse_unknown_settings(os.environ)
    configure_logs(style=settings.log, level=_level(settings))
    with opened(settings) as platform:
        warn_at_start(platform)
        _erase_again(platform)
        _plan_nightly(platform)
        platform.jobs.run(workers=threads)


def run_server(settings: Settings, *, workers: int = 1) -> None:
    """Serve until the process is told to end. Raises Conflict when the tables are those of another version."""
    configure_logs(style=settings.log, level=_level(settings))
    with opened(settings) as platform:
        warn_at_start(platform)
        _erase_again(platform)
        _plan_nightly(platform)
    _tell(settings, f"Serving on {settings.base_url} (Ctrl+C ends it)")
    if settings.mail_url.startswith("file:"):
        _tell(settings, f"Letters are not sent, but written to {settings.mail_url}")
    if sys.platform == "win32":
        _serve_with_waitress(settings)
    else:
        _serve_with_gunicorn(settings, workers)


def _erase_again(platform: Platform) -> None:
    """Nobody is served what was erased and came back with a backup. Raises when it is not known what that is."""
    from judging.services.privacy.erasure.replaying import replay_tombstones

    if count := replay_tombstones(platform, now=datetime.now(UTC)):
        log.warning("%s entries that were erased before had come back with a backup, and are erased again", count)


def _plan_nightly(platform: Platform) -> None:
    """Have the coming night delete what is no longer kept, and the coming morning remind of requests."""
    from judging.services.privacy.jobs import plan_privacy_jobs

    plan_privacy_jobs(platform.database, now=datetime.now(UTC))


def _tell(settings: Settings, sentence: str) -> None:
    """Say something that is no trouble: to a person in plain words, to whoever collects records as one of them."""
    if is_json(settings.log):
        log.info(sentence)
    else:
        click.echo(sentence, err=True)


def _level(settings: Settings) -> int:
    """A person at a terminal is told of what goes wrong; a log that is kept has a line for each request too."""
    return logging.WARNING if settings.log == AUTO and sys.stderr.isatty() else logging.INFO


def _compose(settings: Settings) -> tuple[Platform, Flask]:
    from judging.composition import compose, create_web

    platform = compose(settings)
    app = create_web(platform)
    if settings.worker:
        platform.jobs.start()
    return platform, app


def _serve_with_waitress(settings: Settings) -> None:
    import waitress

    platform, app = _compose(settings)
    try:
        waitress.serve(app, host=settings.host, port=settings.port, threads=_THREADS)
    finally:
        platform.jobs.stop()


def _serve_with_gunicorn(settings: Settings, workers: int) -> None:
    from gunicorn.app.base import BaseApplication
    from gunicorn.glogging import Logger

    from judging.server.limits import Limits
    from judging.server.worker import collecting_worker

    limits = Limits(patience=settings.patience, largest=settings.max_upload, folder=str(settings.data))
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    platforms: list[Platform] = []

    class Records(Logger):  # type: ignore[misc] # the library has no annotations
        """Gunicorn's own records take the way of all others; its access log is not used."""

        def setup(self, cfg: Any) -> None:
            super().setup(cfg)
            self.error_log.handlers.clear()
            self.error_log.propagate = True

    class Server(BaseApplication):  # type: ignore[misc] # the library has no annotations
        """Gunicorn with our settings instead of its own files and arguments."""

        def load_config(self) -> None:
            for name, value in {
                "bind": f"{host}:{settings.port}",
                "workers": workers,
                "worker_class": collecting_worker(limits),
                "threads": _THREADS,
                # Sent from the file's own descriptor, an answer would wait without end for a reader who takes nothing.
                "sendfile": False,
                "control_socket_disable": True,
                "loglevel": "warning",
                "logger_class": Records,
                "proc_name": "judging",
                "worker_exit": stop,
            }.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            # Called in the worker after the fork, so that no connection and no thread is shared with the parent.
            platform, app = _compose(settings)
            platforms.append(platform)
            return app

    def stop(server: object, worker: object) -> None:
        del server, worker
        for platform in platforms:
            platform.jobs.stop()

    Server().run()
