"""The world of the leak tests behind a running application, and copies of it in which some secrets are others."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from judging.composition import create_web, open_notary
from judging.db.engine import make_engine
from judging.db.jobs import JobTable
from judging.db.session import Database
from judging.job_handlers import Means, job_handlers
from judging.jobs import JobEngine, JobRunner, make_huey
from judging.mail import MemoryTransport
from judging.services.platform import Platform
from judging.services.score_log.keeper import keep_logs, keeper_of
from judging.settings import Settings, create_data_folder
from judging.storage import open_store
from tests.statements import share_statements
from tests.web.leaks.addresses import list_addresses
from tests.web.leaks.canaries import ROLES
from tests.web.leaks.visits import Answer, enter, same_person, visit
from tests.web.leaks.world import World, build_world

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask
    from flask.testing import FlaskClient

    from judging.plugins import Registry
    from tests.web.leaks.addresses import Address
    from tests.web.leaks.facts import Change


_READ_THE_RECORD_OF_READS = frozenset({"administrator"})
"""Who sees whom the program has shown a child's data: every visit by somebody else adds to it."""


@dataclass(kw_only=True)
class Site:
    """The world behind a running application, with its visitors; answers are asked for once and kept."""

    settings: Settings
    registry: Registry
    world: World
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    _answers: dict[str, dict[str, Answer]] = field(default_factory=dict)

    @cached_property
    def platform(self) -> Platform:
        return make_platform(self.settings, self.registry)

    @cached_property
    def app(self) -> Flask:
        made = create_web(self.platform)
        made.testing = True
        made.config["PROPAGATE_EXCEPTIONS"] = False
        return made

    @cached_property
    def addresses(self) -> list[Address]:
        return list_addresses(self.app, self.platform, self.world)

    def client(self, role: str) -> FlaskClient:
        """The visitor's browser."""
        if role not in self.clients:
            self.clients[role] = enter(self.app, self.world, role)
        return self.clients[role]

    def answers(self, role: str) -> dict[str, Answer]:
        """What the visitor is answered at every address; asked anew of whoever reads what other visitors opened."""
        if role not in self._answers or role in _READ_THE_RECORD_OF_READS:
            self._answers[role] = visit(self.client(role), [one.path for one in self.addresses])
        return self._answers[role]

    def changed(self, folder: Path, changes: Iterable[Change]) -> Site:
        """A copy of the world after `changes`; everybody is signed in there as here."""
        path = folder / "changed.db"
        # By the engine's own connection: a second SQLite library in the process would lift its locks.
        with self.platform.database.engine.connect() as source:
            source.exec_driver_sql("COMMIT")
            source.exec_driver_sql("VACUUM INTO ?", (str(path),))
        with closing(sqlite3.connect(path)) as copy:
            # Sheets cannot be changed in a real database; here another past is made.
            for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                copy.execute(f'DROP TRIGGER "{name}"')
            for change in changes:
                change(copy, self.world)
            copy.commit()
        twin = Site(
            # What was signed in one world says nothing of the other.
            settings=replace(
                self.settings,
                database_url=f"sqlite:///{path}",
                score_log=Path(shutil.copytree(self.settings.score_log, folder / "changed-log")),
            ),
            registry=self.registry,
            world=self.world,
        )
        twin.clients.update({role: same_person(client, twin.app) for role, client in self.clients.items()})
        return twin

    def close(self) -> None:
        """Close the database."""
        self.platform.database.close()


def make_platform(settings: Settings, registry: Registry) -> Platform:
    """The platform of an installation, with letters in memory and jobs that run when a test runs them."""
    database = Database(share_statements(make_engine(settings), secret=settings.secret_key))
    keep_logs(database, notary=open_notary(settings), registry=registry)
    mail = MemoryTransport()
    files = open_store(settings.storage_url)
    return Platform(
        settings=settings,
        database=database,
        registry=registry,
        files=files,
        jobs=JobEngine(
            lambda: make_huey("sqlite://", secret_key=settings.secret_key),
            JobRunner(
                JobTable(database),
                lambda: job_handlers(
                    Means(settings=settings, database=database, registry=registry, files=files, transport=mail)
                ),
            ),
        ),
        mail=mail,
    )


def open_site(folder: Path, template: Path, registry: Registry) -> Site:
    """Build the world below `folder` in a copy of the database file `template`, which has all tables and no rows."""
    settings = Settings.from_environment({}, data=create_data_folder(folder / "data"))
    shutil.copyfile(template, settings.data / "judging.db")
    platform = make_platform(settings, registry)
    with platform.database.writing() as session:
        world = build_world(session, platform)
    platform.database.close()
    site = Site(settings=settings, registry=registry, world=world)
    # All at once: a page may tell who has been signed in, and since when.
    for role in ROLES:
        site.client(role)
    return site


def forget_signed(platform: Platform) -> None:
    """Let the notary forget what it signed, when a test puts back the database: as in another installation."""
    with platform.database.reading() as session:
        notary = keeper_of(session).notary
    for kept in notary.folder.glob("*.checkpoints"):
        kept.unlink()
    notary.__init__(notary.folder, host=notary.host)  # type: ignore[misc]  # as after a new start of the program
