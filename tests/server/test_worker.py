"""The worker over real sockets: whoever comes slowly takes nobody's thread, and nobody else notices anything."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.source_tree import ROOT
from tests.operations.live import free_port
from tests.server.echo import LARGE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="gunicorn needs fork; Windows is served by waitress")

SECONDS = 20
WINDOW = 50_000
TUS = "application/offset+octet-stream"


@dataclass
class Site:
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def line(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def get(self, path: str = "/") -> dict[str, Any]:
        return dict(json.loads(answers(self.ask(head("GET", path, close=True)))[0].body))

    def ask(self, sent: bytes) -> bytes:
        """Send, say that nothing more comes, and read to the end."""
        with self.line() as line:
            line.sendall(sent)
            return read_all(line)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def head(method: str, path: str, *, length: int | None = None, close: bool = False, **named: str) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: x",
        *(f"{name.replace('_', '-')}: {is_}" for name, is_ in named.items()),
    ]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode()


def read_all(line: socket.socket) -> bytes:
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := line.recv(65_536):
            found += piece
    return found


def answers(raw: bytes) -> list[Answer]:
    """The answers that stand one behind another."""
    found = []
    while raw:
        start, _, raw = raw.partition(b"\r\n\r\n")
        first, *lines = start.decode().split("\r\n")
        headers = dict(one.split(": ", 1) for one in lines)
        size = int(headers.get("Content-Length", 0))
        found.append(Answer(int(first.split()[1]), headers, raw[:size]))
        raw = raw[size:]
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Three threads, a second's patience, 50 kB collected, one body at a time beyond that, 30 requests arriving."""
    limits = ("patience=1", f"window={WINDOW}", "streams=1", "arriving=30", "largest=400000", "unread=1")
    with another(tmp_path_factory.mktemp("echo"), *limits) as made:
        yield made


def test_requests_behind_each_other_are_answered_in_their_order(site: Site) -> None:
    sent = (
        head("GET", "/1") + head("POST", "/2", length=3) + b"abc" + head("POST", "/3", Transfer_Encoding="chunked")
        + b"2\r\nde\r\n0\r\n\r\n" + head("GET", "/4", close=True)
    )  # fmt: skip

    said = [json.loads(one.body) for one in answers(site.ask(sent))]

    assert [(one["path"], one["size"]) for one in said] == [("/1", 0), ("/2", 3), ("/3", 2), ("/4", 0)]


def test_request_that_comes_byte_by_byte_is_one(site: Site) -> None:
    with site.line() as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in head("POST", "/a", length=3, close=True) + b"abc":
            line.sendall(bytes([byte]))
        (answer,) = answers(read_all(line))

    assert json.loads(answer.body)["sha256"] == hashlib.sha256(b"abc").hexdigest()


def test_connection_is_kept_between_requests(site: Site) -> None:
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=SECONDS)
    sockets = []
    for body in (b"", b"abc", b"x" * 200_000, b"y"):
        line.request("POST", "/", body)
        sockets.append(line.sock)
        with line.getresponse() as answer:
            assert json.loads(answer.read())["size"] == len(body)
    line.close()

    # A body that a thread had to read on is the last of its connection.
    assert sockets[0] is sockets[1] is sockets[2] is not sockets[3]


@pytest.mark.parametrize("chunked", [False, True])
def test_long_body_is_read_on_by_a_thread(site: Site, chunked: bool) -> None:
    content = b"".join(number.to_bytes(4, "big") for number in range(90_000))
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=SECONDS)
    parts = (content[at : at + 7_001] for at in range(0, len(content), 7_001))
    line.request("POST", "/", parts if chunked else content, encode_chunked=chunked, headers=(
        {"Transfer-Encoding": "chunked"} if chunked else {}
    ))  # fmt: skip
    with contextlib.closing(line), line.getresponse() as answer:
        said = json.loads(answer.read())

    assert (said["size"], said["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_sender_who_waits_is_told_to_go_on_once(site: Site) -> None:
    with site.line() as line:
        line.sendall(head("POST", "/", length=3, close=True, Expect="100-continue"))
        assert line.recv(1_000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"abc")
        (answer,) = answers(read_all(line))

    assert answer.status == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"G",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        head("POST", "/", length=30) + b"a",
        head("POST", "/", Transfer_Encoding="chunked") + b"5\r\nab",
        head("POST", "/", length=300_000) + b"x" * WINDOW,
    ],
)
def test_what_comes_no_further_is_ended_with_408(site: Site, sent: bytes) -> None:
    (answer,) = answers(site.ask(sent))

    assert (answer.status, answer.headers["Connection"]) == (408, "close")


def test_connection_on_which_nothing_comes_is_closed_without_a_word(site: Site) -> None:
    assert site.ask(b"") == b""


def test_bodies_that_drip_take_no_thread_from_others(site: Site) -> None:
    lines = [site.line() for _ in range(20)]
    for line in lines:
        line.sendall(head("POST", "/slow", length=1_000) + b"a")

    assert [site.get(f"/{number}")["path"] for number in range(10)] == [f"/{number}" for number in range(10)]
    statuses = [answers(read_all(line))[0].status for line in lines]
    for line in lines:
        line.close()
    assert statuses == [408] * 20


def test_long_bodies_that_stop_leave_threads_to_others(site: Site) -> None:
    lines = [site.line() for _ in range(5)]
    for line in lines:
        line.sendall(head("POST", "/slow", length=200_000) + b"a" * WINDOW)

    assert [site.get("/quick")["path"] for _ in range(10)] == ["/quick"] * 10
    for line in lines:
        line.close()


def test_slowest_makes_room_when_too_many_arrive(site: Site) -> None:
    lines = [site.line() for _ in range(30)]
    for line in lines:
        line.sendall(b"POST / HTTP/1.1\r\n")

    assert site.get("/quick")["path"] == "/quick"
    statuses = {answers(read_all(line))[0].status for line in lines}
    for line in lines:
        line.close()
    assert statuses == {408}


def test_half_a_form_never_reaches_the_application(site: Site) -> None:
    with site.line() as line:
        line.sendall(head("POST", "/", length=30) + b"comment=half")
        line.shutdown(socket.SHUT_WR)

        assert read_all(line) == b""


def test_half_of_a_long_body_is_told_to_the_application(site: Site) -> None:
    with site.line() as line:
        line.sendall(head("POST", "/", length=300_000) + b"x" * 100_000)
        line.shutdown(socket.SHUT_WR)
        (answer,) = answers(read_all(line))

    assert (answer.status, json.loads(answer.body)["error"]) == (400, "ClientDisconnected")
    assert json.loads(answer.body)["size"] == 100_000


def test_part_of_an_upload_is_given_to_the_application(site: Site) -> None:
    with site.line() as line:
        line.sendall(head("PATCH", "/", length=30_000, Content_Type=TUS) + b"x" * 20_000)
        line.shutdown(socket.SHUT_WR)
        (answer,) = answers(read_all(line))

    assert json.loads(answer.body)["size"] == 20_000
    assert answer.headers["Connection"] == "close"


def test_body_said_to_be_longer_than_any_is_not_waited_for(site: Site) -> None:
    began = time.monotonic()
    (answer,) = answers(site.ask(head("POST", "/", length=400_001) + b"x"))

    assert json.loads(answer.body)["error"] == "ClientDisconnected"
    assert time.monotonic() - began < SECONDS / 2


def test_head_without_end_is_refused(site: Site) -> None:
    (answer,) = answers(site.ask(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 70_000))

    assert answer.status == 431


@pytest.mark.parametrize(
    "sent", [b"no request\r\n\r\n", head("POST", "/", length=3, Transfer_Encoding="chunked") + b"abc"]
)
def test_head_that_is_none_is_refused_by_the_servers_own_reader(site: Site, sent: bytes) -> None:
    assert site.ask(sent).startswith(b"HTTP/1.1 400 ")


def test_readers_who_take_nothing_are_left(site: Site) -> None:
    lines = [site.line() for _ in range(4)]
    for line in lines:
        line.sendall(head("GET", "/large"))

    # There are three threads: this one is answered when a reader has been left.
    assert site.get("/quick")["path"] == "/quick"
    taken = len(read_all(lines[0]))
    for line in lines:
        line.close()
    assert taken < LARGE


@contextlib.contextmanager
def another(folder: Path, *limits: str, files: int | None = None) -> Iterator[Site]:
    """A server of its own, which may have only so many files open."""
    port = free_port()
    command = [sys.executable, "-m", "tests.server.echo", str(port), *limits]
    if files is not None:
        command = ["sh", "-c", f'ulimit -n {files} && exec "$@"', "sh", *command]
    with (folder / "log").open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    made = Site(port, process, folder / "log")
    try:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(OSError), made.line():
                break
            time.sleep(0.02)
        yield made
        log = made.log.read_text("utf-8")
        assert "Traceback" not in log, log
    finally:
        process.kill()
        process.wait()


def test_server_ends_while_bodies_drip(tmp_path: Path) -> None:
    with another(tmp_path, "patience=600") as site, site.line() as line:
        line.sendall(head("POST", "/", length=30) + b"a")
        site.process.terminate()
        (answer,) = answers(read_all(line))

        assert (answer.status, site.process.wait(SECONDS)) == (503, 0)


def test_server_outlives_more_connections_than_it_may_open(tmp_path: Path) -> None:
    with another(tmp_path, "patience=600", files=60) as site, contextlib.ExitStack() as stack:
        for _ in range(80):
            stack.enter_context(site.line()).sendall(b"POST / HTTP/1.1\r\n")

        assert site.get("/quick")["path"] == "/quick"
