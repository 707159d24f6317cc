"""Reminders over a real socket: two hundred letters, none twice, though a worker is killed while it hands one over."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from judging.db.models import MessageRules, SentMessage
from tests.factories import make_contest, make_entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiosmtpd.smtp import SMTP, Envelope, Session

    from judging.db.session import Database
    from judging.plugins import Registry
    from judging.settings import Settings

DRAFTS, KILLED_AT = 200, 80
_WORKER = """
import sys
from datetime import UTC, datetime, timedelta
from judging.composition import compose
from judging.settings import Settings
import os
platform = compose(Settings.from_environment(os.environ))
runner = platform.jobs._runner
runner._clock = lambda: datetime.now(UTC) + timedelta(minutes=int(sys.argv[1]))
runner.run_due()
"""


class Server:
    """Takes letters; kills `victim` when it hands over the one after KILLED_AT, which is not taken."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.victim = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        if len(self.taken) >= KILLED_AT and self.victim:
            os.kill(self.victim, signal.SIGKILL)
            self.victim = 0
            return "451 try again later"
        assert isinstance(envelope.content, bytes)
        self.taken.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content)["Message-ID"]))
        return "250 OK"


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def port(server: Server) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


def _worker(settings: Settings, port: int, *, later: int) -> subprocess.Popen[bytes]:
    """A worker process whose clock is `later` minutes ahead: a lease holds for five."""
    address = settings.database_url.replace("sqlite+pysqlite:", "sqlite:")
    environ = {
        **os.environ, "JUDGING_DATA": str(settings.data), "JUDGING_DATABASE_URL": address,
        "JUDGING_SECRET_KEY": settings.secret_key, "JUDGING_MAIL_FROM": "btc@example.vn",
        "JUDGING_MAIL_URL": f"smtp://127.0.0.1:{port}?tls=none",
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", _WORKER, str(later)], env=environ)


def test_every_draft_is_reminded_once_though_a_worker_is_killed(
    database: Database, database_settings: Settings, registry: Registry, server: Server, port: int
) -> None:
    with database.writing() as session:
        contest = make_contest(session, registry, closes_at=datetime.now(UTC) + timedelta(hours=20))
        # At whatever hour the test runs.
        session.add(MessageRules(contest_id=contest.id, quiet_from="00:00", quiet_until="00:00", reminders=[24]))
        for number in range(DRAFTS):
            make_entry(session, contest, state="draft", number=number + 1)
        make_entry(session, contest, state="submitted", number=DRAFTS + 1)
    victim = _worker(database_settings, port, later=0)
    server.victim = victim.pid
    assert victim.wait(timeout=120) == -signal.SIGKILL
    assert len(server.taken) == KILLED_AT

    both = [_worker(database_settings, port, later=6) for _ in range(2)]
    assert [one.wait(timeout=180) for one in both] == [0, 0]

    readers, letters = Counter(to for to, _ in server.taken), {letter for _, letter in server.taken}
    assert len(server.taken) == len(readers) == len(letters) == DRAFTS
    with database.reading() as session:
        states = dict(session.execute(select(SentMessage.state, func.count()).group_by(SentMessage.state)).all())
    assert states == {"sent": DRAFTS}
