"""A contest whose sheets wait to be submitted over the interface for programs, and clients that never give up."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any

from judging.db.models import Assignment
from judging.services.access.api_tokens import make_token
from judging.services.contests.editions import contest_rules
from tests.factories import even_marks
from tests.score_log.contest import COMMENT, Played
from tests.services.office import PRELIMINARY

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.plugins import Registry
    from judging.services.platform import Platform

SECONDS = 30


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that its judge may submit, and the key of that request."""

    id: str
    token: str
    body: str

    @property
    def key(self) -> str:
        return f'"submit-{self.id}"'


def open_sheets(platform: Platform, registry: Registry, *, entries: int, judges: int) -> list[Sheet]:
    """Sheets of a contest in its first round, three for each entry."""
    played = Played(platform.database, registry)
    played.open(entries=entries, judges=judges)
    played.assign(PRELIMINARY)
    played.start(PRELIMINARY)
    waiting = played.waiting(PRELIMINARY)

    def tokens(session: Session, contest: Contest) -> list[Sheet]:
        judged = contest_rules(registry, contest).find_round(PRELIMINARY)
        assert judged is not None
        marks = {key: str(mark) for key, mark in even_marks(judged).items()}
        comments = {one.key: "Đạt yêu cầu." for one in judged.rubric.criteria}
        body = json.dumps({"marks": marks, "comments": comments, "comment": COMMENT, "state": "submitted"})
        made: dict[str, str] = {}
        sheets = []
        for sheet_id in waiting:
            account = session.get_one(Assignment, sheet_id).judge.account
            if account.id not in made:
                now = datetime.now(UTC)
                made[account.id] = make_token(session, account=account, name="t", scopes=["judge"], now=now).text
            sheets.append(Sheet(sheet_id, made[account.id], body))
        return sheets

    found: list[Sheet] = played.act(tokens)
    return found


def send(port: int, sheet: Sheet, *, seconds: float = SECONDS) -> tuple[int, bytes]:
    """Submit a sheet once; status and body."""
    headers = {
        "Authorization": f"Bearer {sheet.token}", "Idempotency-Key": sheet.key, "If-None-Match": "*",
        "Content-Type": "application/json",
    }  # fmt: skip
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=seconds)) as connection:
        connection.request("PUT", f"/api/v1/assignments/{sheet.id}/sheet", body=sheet.body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


@dataclass
class Rush:
    """Clients that submit all sheets, each again until it is acknowledged. `strange` are answers of no use."""

    port: int
    sheets: list[Sheet]
    clients: int = 20
    pause: float = 0.0
    acknowledged: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    cut: int = 0
    unavailable: int = 0
    strange: list[tuple[int, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._left: queue.Queue[Sheet] = queue.Queue()
        for sheet in self.sheets:
            self._left.put(sheet)
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._client) for _ in range(self.clients)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self, seconds: float) -> None:
        """Wait until every sheet is acknowledged, or so long."""
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self.stop()

    def stop(self) -> None:
        """Let the clients give up what they have not done."""
        self._stop.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(SECONDS)

    def _client(self) -> None:
        while not self._stop.is_set():
            try:
                sheet = self._left.get_nowait()
            except queue.Empty:
                return
            while not self._stop.is_set() and not self._submit(sheet):
                time.sleep(0.1)
            self._stop.wait(self.pause)

    def _submit(self, sheet: Sheet) -> bool:
        try:
            status, body = send(self.port, sheet)
        except (OSError, HTTPException):
            self.cut += 1
            return False
        if status == 503:
            self.unavailable += 1
            return False
        if status != 201:
            self.strange.append((status, body))
            return True
        self.acknowledged.setdefault(sheet.id, []).append(json.loads(body)["receipt"])
        return True
