"""A server as a process of its own, and judges who keep saving their sheets over HTTP."""

from __future__ import annotations

import contextlib
import http.cookiejar
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

from sqlalchemy import select

from judging.db.models import Account, Assignment, Contest, ContestRound, Judge
from judging.services.platform import Platform
from tests.operations.conftest import PROGRAM, clean_environment

SECONDS = 60
_TAGS = re.compile(r"<[^>]*>|\s+")
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Server:
    """Where it answers, and what it has written to its log."""

    address: str
    port: int
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text("utf-8")


@contextlib.contextmanager
def served(folder: Path, log_file: Path, **settings: str) -> Iterator[Server]:
    """Serve the installation in the folder until the block ends, once it says that it is ready."""
    with served_by((), folder, log_file, env=clean_environment(**settings)) as server:
        yield server


@contextlib.contextmanager
def served_by(
    onlooker: Sequence[str], folder: Path, log_file: Path, *, env: Mapping[str, str], port: int = 0
) -> Iterator[Server]:
    """Serve as `served` does, the program started by another one, which runs it as if it were itself."""
    port = port or free_port()
    server = Server(f"http://127.0.0.1:{port}", port, log_file)
    with log_file.open("wb") as output:
        process = subprocess.Popen(
            [*onlooker, *PROGRAM, "serve", "--port", str(port), "--data", str(folder)],
            env=dict(env),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_ready(server)
        yield server
        process.terminate()
        assert process.wait(SECONDS) == 0, server.log
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(server: Server) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urlopen(f"{server.address}/readyz", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(server.log)


@dataclass(frozen=True, slots=True)
class Desk:
    """A judge's sheets that may be written on now."""

    email: str
    sheets: tuple[str, ...]


def open_desks(platform: Platform, *, besides: set[str]) -> list[Desk]:
    """The judges who have sheets to write, those with the most first, without those of some addresses."""
    query = (
        select(Account.email, Assignment.id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Account, Account.id == Judge.account_id)
        .join(Contest, Contest.id == Assignment.contest_id)
        .join(ContestRound, (ContestRound.contest_id == Contest.id) & (ContestRound.key == Assignment.round))
        .where(
            Assignment.state.in_(["assigned", "draft"]),
            ContestRound.state == "open",
            Judge.conflicts_declared_at.is_not(None),
        )
        .order_by(Assignment.id)
    )
    found: dict[str, list[str]] = {}
    with platform.database.reading() as session:
        for email, sheet in session.execute(query):
            if email not in besides:
                found.setdefault(email, []).append(sheet)
    desks = [Desk(email, tuple(sheets)) for email, sheets in found.items()]
    return sorted(desks, key=lambda desk: -len(desk.sheets))


@dataclass(slots=True)
class Save:
    """One save that the server acknowledged: the sheet, the number written into it, when, and how long it took."""

    sheet: str
    number: int
    at: float
    seconds: float


@dataclass(slots=True)
class Writing:
    """Judges at work: what was acknowledged, with which status the rest was refused, and what went wrong."""

    saves: list[Save] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def last_before(self, moment: float) -> dict[str, int]:
        """The number that each sheet must at least hold at that moment of the monotonic clock."""
        numbers: dict[str, int] = {}
        for save in self.saves:
            if save.at <= moment:
                numbers[save.sheet] = max(save.number, numbers.get(save.sheet, 0))
        return numbers

    def slowest(self, share: float) -> float:
        """The time within which that share of the saves was acknowledged, in seconds."""
        times = sorted(save.seconds for save in self.saves)
        return times[min(len(times) - 1, int(share * len(times)))]


@contextlib.contextmanager
def writing(
    server: Server, desks: Sequence[Desk], password: str, *, each: float, patient: bool = False
) -> Iterator[Writing]:
    """Let each judge save a sheet every `each` seconds until the block ends.

    A judge who is `patient` goes on after a refusal; to others it is an error.
    """
    work, stop = Writing(), threading.Event()
    ready = threading.Barrier(len(desks) + 1, timeout=SECONDS)
    threads = [
        threading.Thread(target=_write, args=(server, desk, password, each, work, stop, ready, patient))
        for desk in desks
    ]
    for thread in threads:
        thread.start()
    try:
        with contextlib.suppress(threading.BrokenBarrierError):
            ready.wait()
        assert work.errors == [], server.log
        yield work
    finally:
        stop.set()
        for thread in threads:
            thread.join(SECONDS)


def _write(
    server: Server,
    desk: Desk,
    password: str,
    each: float,
    work: Writing,
    stop: threading.Event,
    ready: threading.Barrier,
    patient: bool,
) -> None:
    try:
        judge = Visitor(server.address)
        token = judge.sign_in(desk.email, password)
        ready.wait()
        number = 0
        while not stop.wait(each):
            number += 1
            sheet = desk.sheets[number % len(desk.sheets)]
            began = time.monotonic()
            try:
                judge.post(f"/judge/sheets/{sheet}/draft", csrf_token=token, comment=f"save {number}")
            except Refusal as refusal:
                if not patient:
                    raise
                work.refusals.append(refusal.status)
                continue
            work.saves.append(Save(sheet, number, time.monotonic(), time.monotonic() - began))
    except threading.BrokenBarrierError:
        return  # another one could not sign in, and says why
    except (OSError, AssertionError) as error:
        work.errors.append(f"{type(error).__name__}: {error}")
        ready.abort()


class Refusal(AssertionError):
    """An answer that is none of the good ones."""

    def __init__(self, status: int, told: str) -> None:
        super().__init__(f"{status} {told}")
        self.status = status


class Visitor:
    """A browser without JavaScript."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def sign_in(self, email: str, password: str) -> str:
        self.post("/login", csrf_token=self._token("/login"), email=email, password=password)
        return self._token("/account")

    def post(self, path: str, **values: str) -> None:
        request = Request(self.address + path, data=urlencode(values).encode(), headers={"Referer": self.address})
        try:
            with self.opener.open(request, timeout=30) as answer:
                answer.read()
        except HTTPError as error:
            told = _TAGS.sub(" ", error.read().decode())
            raise Refusal(error.code, f"{path}: {told}") from error

    def read(self, path: str) -> str:
        """The text of a page."""
        with self.opener.open(self.address + path, timeout=30) as answer:
            text: str = answer.read().decode()
        return text

    def _token(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=30) as answer:
            found = _TOKEN.search(answer.read().decode())
        assert found is not None, f"{path} shows no form"
        return found.group(1)


def numbers_in(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """The number that each sheet holds, by the rows of its table."""
    return {row["id"]: int(row["comment"].removeprefix("save ")) for row in rows if row["comment"].startswith("save ")}
