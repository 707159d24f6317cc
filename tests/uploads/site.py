"""An installation with a draft to send files to, and its server as a process that can be killed and comes back."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import psutil  # type: ignore[import-untyped]  # it comes with the PostgreSQL of the tests, without annotations
from sqlalchemy import select

from judging.db.models import EntryFile, Upload
from judging.services.access.api_tokens import make_token
from tests.factories import make_account, make_contest, make_entry
from tests.operations.conftest import PROGRAM, clean_environment
from tests.operations.live import Server, free_port, wait_until_ready

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from judging.services.platform import Platform

SECONDS = 60


def large_pdf(size: int, *, seed: int = 1) -> bytes:
    """A sound PDF of a little more than `size` bytes: a page with one picture of noise."""
    width = int((size / 3) ** 0.5) + 1
    noise = hashlib.shake_128(seed.to_bytes(8, "big")).digest(width * width * 3)
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        picture = pikepdf.Stream(document, noise)
        picture.update(
            {
                "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": width, "/Height": width,
                "/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8,
            }
        )  # fmt: skip
        page = document.pages[0]
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=document.make_indirect(picture)))
        page.Contents = document.make_stream(b"q 500 0 0 500 40 200 cm /P Do Q")
        document.save(made, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return made.getvalue()


@dataclass
class Draft:
    """A draft, its author's address for signing in, and a token for programs."""

    entry: str
    email: str
    token: str


def make_drafts(platform: Platform, *, number: int = 1, kind: str = "technical-innovation") -> list[Draft]:
    """An open contest with drafts, each of an author of their own."""
    drafts = []
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, kind=kind)
        for _ in range(number):
            owner = make_account(session)
            entry = make_entry(session, contest, owner=owner, state="draft", title="Máy lọc nước mẫu")
            made = make_token(
                session, account=owner, name="tus", scopes=("read", "entries"), now=datetime.now(UTC)
            )  # fmt: skip
            drafts.append(Draft(entry=entry.id, email=owner.email, token=made.text))
    return drafts


@dataclass
class Killable:
    """The server of an installation; what it logs goes on over its deaths."""

    data: Path
    log_file: Path
    variables: Mapping[str, str]
    workers: int = 2
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it is ready."""
        with self.log_file.open("ab") as output:
            self.process = subprocess.Popen(
                [*PROGRAM, "serve", "--port", str(self.port), "--workers", str(self.workers), "--data", str(self.data)],
                env=clean_environment(worker="0", **self.variables), stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        wait_until_ready(Server(self.address, self.port, self.log_file))

    def kill(self) -> None:
        """Kill it and all its workers, as a power cut would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(SECONDS)

    def memory(self) -> int:
        """The bytes of memory of its largest process."""
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        return max(int(one.memory_info().rss) for one in [parent, *parent.children(recursive=True)])


def wait_for(what: Callable[[], object], *, seconds: float = SECONDS) -> None:
    """Wait until the callable says so."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


def files_of(platform: Platform) -> list[EntryFile]:
    with platform.database.reading() as session:
        return list(session.scalars(select(EntryFile)))


def received(platform: Platform) -> int:
    """How much of the only upload has arrived."""
    with platform.database.reading() as session:
        return session.scalar(select(Upload.received)) or 0
