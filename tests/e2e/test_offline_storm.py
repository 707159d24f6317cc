"""A server that dies while sheets are being sent, and a long day on which everything goes wrong at once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from judging.db.models import Assignment
from judging.services.access.sign_in import end_sessions
from tests.e2e.desk import COMMENT, PHONE, Phone, make_day, recorded
from tests.e2e.served import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

    from judging.services.platform import Platform
    from tests.e2e.desk import Day

pytestmark = pytest.mark.browser

FILL_THROUGH_THE_MODULE = """async (readings) => {
  const { handIn } = await import("/static/js/device-outbox.js");
  for (const [at, reading] of readings.entries()) {
    const address = `/judge/sheets/${reading}`;
    const kept = await (await caches.match(address, { ignoreVary: true })).text();
    const page = new DOMParser().parseFromString(kept, "text/html");
    const form = page.querySelector("form[data-sheet-autosave]").dataset;
    const base = JSON.parse(page.querySelector("input[name=base]").value);
    const fields = { "m-idea": String(at % 10), "m-use": "8", comment: "A clear idea. It works well." };
    await handIn(reading, {
      page: address, code: form.code, title: form.title, labels: JSON.parse(form.labels), revision: 0,
      body: { fields, base, sent: [], rubric: form.rubric, language: "en" },
    });
  }
}"""
"""Hands sheets in as their own pages do, from the pages that the device keeps, without a minute for each by hand."""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=PHONE, locale="en-GB")
    made.set_default_timeout(15_000)
    yield made
    made.close()


class Process:
    """The application as a process of its own, which can be killed."""

    def __init__(self, platform: Platform, log: Path) -> None:
        self._platform, self._log = platform, log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        settings = self._platform.settings
        environment = {
            **os.environ, "JUDGING_DATA": str(settings.data), "JUDGING_DATABASE_URL": f"sqlite:///{self._platform.database.engine.url.database}",
            "JUDGING_SECRET_KEY": settings.secret_key, "JUDGING_MAIL_URL": "memory://", "JUDGING_WORKER": "0",
            "JUDGING_SCORE_LOG": str(settings.score_log), "JUDGING_STORAGE_URL": settings.storage_url,
        }  # fmt: skip
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "judging.cli", "serve", "--host", "127.0.0.1", "--port", str(self.port)],
                env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._wait_until_it_answers()

    def kill(self) -> None:
        assert self._process is not None
        # With its children: whoever is left over would go on answering.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _wait_until_it_answers(self) -> None:
        until = datetime.now(UTC) + timedelta(seconds=60)
        while datetime.now(UTC) < until:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=1):
                    return
            except OSError:
                assert self._process is not None
                assert self._process.poll() is None, self._log.read_text("utf-8")
        raise AssertionError(self._log.read_text("utf-8"))


def test_server_killed_while_sheets_are_sent_loses_none_and_doubles_none(
    platform: Platform, context: BrowserContext, tmp_path: Path
) -> None:
    day = make_day(platform, entries=12, high=Decimal(10))
    process = Process(platform, tmp_path / "server.log")
    process.start()
    try:
        phone = Phone(context, process.address, day)
        phone.sign_in()
        phone.load_today()
        phone.go_offline()
        phone.page.evaluate(FILL_THROUGH_THE_MODULE, list(day.readings))
        phone.go_online()
        expect(phone.page.locator("[data-kept][data-state=recorded]").nth(2)).to_be_attached(timeout=30_000)
        process.kill()
        before = len(recorded(platform, day))
        process.start()
        phone.page.evaluate("import('/static/js/device-outbox.js').then((outbox) => outbox.flush())")

        expect(phone.page.locator("[data-kept][data-state=recorded]")).to_have_count(12, timeout=60_000)
    finally:
        process.kill()
    stored = recorded(platform, day)
    assert 3 <= before < 12
    assert [(reading, number) for reading, number, _ in stored] == [(reading, 1) for reading in day.readings]


def test_offline_day_of_sixty_sheets_ends_with_each_recorded_or_before_a_persons_eye(
    platform: Platform, context: BrowserContext
) -> None:
    day = make_day(platform, entries=60, high=Decimal(10))
    site = Site(platform)
    try:
        phone = Phone(context, site.address, day)
        phone.sign_in()
        phone.load_today()
        phone.go_offline()
        # The phone's clock is two hours fast, and six hours pass.
        context.clock.install(time=datetime.now(UTC) + timedelta(hours=2))
        phone.page.reload()
        phone.page.evaluate(FILL_THROUGH_THE_MODULE, list(day.readings[:57]))
        context.clock.fast_forward("06:00:00")
        for place in range(57, 60):
            phone.open_sheet(place)
            phone.fill(str(place % 10), "8")
            # What was typed in the moment of the reload itself is not promised: it is being encrypted then.
            phone.page.wait_for_timeout(1500)
            phone.page.reload()
            expect(phone.page.locator("#comment")).to_have_value(COMMENT)
            phone.hand_in()
            phone.close_tab()
        late, gone = day.readings[10], day.readings[20]
        _close_behind_their_back(platform, day, late=late, gone=gone)
        phone.page.goto(f"{phone.address}/judge/")
        phone.go_online()
        phone.page.wait_for_url("**/login?next=**")
        assert recorded(platform, day) == []

        phone.sign_in()

        expect(phone.page.locator("[data-kept][data-state=recorded]")).to_have_count(58, timeout=120_000)
        expect(phone.page.locator("[data-kept][data-state=eye]")).to_have_count(2)
        stored = recorded(platform, day)
        assert [reading for reading, _, _ in stored] == [one for one in day.readings if one not in (late, gone)]
        assert {number for _, number, _ in stored} == {1}
    finally:
        site.stop()


def _close_behind_their_back(platform: Platform, day: Day, *, late: str, gone: str) -> None:
    """While the judge is away: the session ends, one sheet is written off, one reading goes to somebody else."""
    with platform.database.writing() as session:
        end_sessions(session, account_id=day.account.id, now=datetime.now(UTC))
        session.get_one(Assignment, late).state = "written-off"
        session.get_one(Assignment, gone).state = "reassigned"
