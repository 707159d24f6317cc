"""The storm before a deadline: every entry sends a file by the upload protocol and is handed in, many at the end.

Each entry has an author of its own. The last 30 % come in the last tenth of the time; one in twenty loses its line
half-way and goes on from there. Meanwhile people read pages. Nothing is asserted: what was lost, doubled or changed
is counted and told.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median

import pikepdf
from sqlalchemy import select

from judging.db.models import Entry, EntryFile, Receipt
from judging.domain.tus import BODY, write_metadata
from judging.services.platform import Platform
from tools.bench.contests import fill_drafts
from tools.bench.measure import Figure, Target, Timing, percentile
from tools.bench.readers import authors_pages, reading
from tools.bench.servers import PRODUCT, Server, serving
from tools.bench.sizes import Sizes
from tools.bench.stores import Stores

_SENDERS = 16
_TRIES = 200
_PAUSE = 0.25
_LAST_SHARE = 0.3
_LAST_TIME = 0.1
_CUT = 20
_MOST_UPLOAD = 5.0
_MOST_FINALISE = 1.0
_MOST_PAGE = 1.0
_MOST_MEMORY = 1_500.0
_MADE, _DONE, _CONFLICT = 201, 204, 409
_BUSY = frozenset({429, 503})
_SERVER_FAULT = 500
_READING = 20
"""How many authors read their pages meanwhile."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """One entry's way: seconds until its file was in the dossier, seconds of handing in, waits, the server's faults."""

    upload: float
    finalise: float
    waits: int
    faults: int


@dataclass(slots=True)
class _Sender:
    """An author's program."""

    port: int
    token: str
    waits: int = 0
    faults: int = 0

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str]]:
        """Ask until the server is not too busy; the status and the headers."""
        sent = {"Authorization": f"Bearer {self.token}", "Tus-Resumable": "1.0.0"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        for _ in range(_TRIES):
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
                try:
                    line.request(method, path, body=body, headers=sent)
                    with line.getresponse() as answer:
                        answer.read()
                        self.faults += answer.status >= _SERVER_FAULT and answer.status not in _BUSY
                        if answer.status < _SERVER_FAULT and answer.status not in _BUSY:
                            return answer.status, dict(answer.getheaders())
                except (BrokenPipeError, ConnectionResetError):
                    # A server that refuses does not read the body to its end: as with any broken line, the way on is
                    # to ask how much has arrived.
                    if body is not None:
                        self.waits += 1
                        time.sleep(_PAUSE)
                        return _CONFLICT, {}
                    raise
            self.waits += 1
            time.sleep(_PAUSE)
        raise HTTPException(f"{method} {path} was refused {_TRIES} times")

    def upload(self, entry: str, content: bytes, *, cut: bool) -> None:
        """Send the file, by two lines when the first is cut."""
        metadata = write_metadata({"entry": entry, "item": "summary", "filename": "summary.pdf"})
        status, made = self.ask(
            "POST", "/api/v1/uploads", Upload_Length=str(len(content)), Upload_Metadata=metadata
        )  # fmt: skip
        _expect(status, _MADE)
        path = "/api/v1/uploads/" + made["Location"].rpartition("/")[2]
        if cut:
            self.break_off(path, content)
        for _ in range(_TRIES):
            offset = int(self.ask("HEAD", path)[1]["Upload-Offset"]) if cut else 0
            digest = base64.b64encode(hashlib.sha256(content[offset:]).digest()).decode()
            status, _ = self.ask(
                "PATCH", path, content[offset:], Upload_Offset=str(offset), Content_Type=BODY,
                Upload_Checksum=f"sha256 {digest}",
            )  # fmt: skip
            if status != _CONFLICT:
                break
            # The line that was cut may still be writing down what had come.
            cut = True
        _expect(status, _DONE)

    def break_off(self, path: str, content: bytes) -> None:
        """Announce the whole file, send half of it, and hang up."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            line.putrequest("PATCH", path)
            for name, value in (
                ("Authorization", f"Bearer {self.token}"), ("Tus-Resumable", "1.0.0"), ("Upload-Offset", "0"),
                ("Content-Type", BODY), ("Content-Length", str(len(content))),
            ):  # fmt: skip
                line.putheader(name, value)
            line.endheaders(content[: len(content) // 2])


def storm(stores: Stores, engines: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    """Send and hand in every entry's file within the time, on each engine."""
    entries, size, seconds, reads = sizes.storm
    base = _paper(size)
    for engine in engines:
        with stores.installation(engine) as platform:
            with platform.database.writing() as session:
                tokens = fill_drafts(session, platform.registry, entries=entries)
            pages = authors_pages(platform, people=_READING)
            with serving(platform, PRODUCT) as server, reading(server.port, pages, per_minute=reads) as read:
                began = time.perf_counter()
                sent = _send_all(server, tokens, base, seconds)
                took = time.perf_counter() - began
                memory = _memory(server)
            wrong = _count_wrong(platform, tokens, base)
        case = f"{entries:,} × {len(base) / 1_000_000:.1f} MB in {took:.0f} s, {engine}"
        wrong["5xx but 503"] = float(read.faults + sum(one.faults for one in sent))
        targets = [Target(name=name, value=value, limit=0) for name, value in wrong.items()]
        waits = sum(one.waits for one in sent)
        yield _figure(
            "deadline storm, upload", case, [one.upload for one in sent], most=_MOST_UPLOAD,
            targets=(*targets, Target(name="memory MB", value=memory, limit=_MOST_MEMORY)), waits=waits,
        )  # fmt: skip
        yield _figure("deadline storm, finalise", case, [one.finalise for one in sent], most=_MOST_FINALISE)
        case = f"{len(read.taken) * 60 / took:,.0f} a minute, {engine}"
        yield _figure("deadline storm, pages", case, read.taken, most=_MOST_PAGE)


def _figure(
    name: str, case: str, taken: Sequence[float], *, most: float, targets: tuple[Target, ...] = (), waits: int = 0
) -> Figure:
    timing = Timing(median=median(taken), least=min(taken), most=max(taken), cpu=0.0, times=len(taken))
    p95 = Target(name="p95 s", value=percentile(taken, 0.95), limit=most)
    return Figure(benchmark=name, case=case, timing=timing, targets=(p95, *targets), notes={"told to wait": waits})


def _send_all(server: Server, tokens: dict[str, str], base: bytes, seconds: int) -> list[_Sent]:
    """Each entry begins at its moment, or as soon as a sender is free; what it waits for one counts."""
    began = time.perf_counter()
    moments = _moments(len(tokens), seconds)

    def send(number: int, entry: str, token: str) -> _Sent:
        time.sleep(max(0.0, began + moments[number] - time.perf_counter()))
        sender = _Sender(server.port, token)
        start = time.perf_counter()
        sender.upload(entry, _own(base, entry), cut=number % _CUT == _CUT - 1)
        uploaded = time.perf_counter()
        _expect(sender.ask("POST", f"/api/v1/entries/{entry}/submit")[0], _MADE)
        return _Sent(uploaded - start, time.perf_counter() - uploaded, sender.waits, sender.faults)

    with ThreadPoolExecutor(_SENDERS) as pool:
        jobs = [pool.submit(send, number, *one) for number, one in enumerate(tokens.items())]
        return [job.result() for job in jobs]


def _moments(count: int, seconds: int) -> list[float]:
    last = round(count * _LAST_SHARE)
    early, late = count - last, seconds * (1 - _LAST_TIME)
    return [late * n / max(1, early) for n in range(early)] + [
        late + (seconds - late) * n / max(1, last) for n in range(last)
    ]


def _count_wrong(platform: Platform, tokens: dict[str, str], base: bytes) -> dict[str, float]:
    """What the rows and the bytes behind them say, when all is over."""
    with platform.database.reading() as session:
        rows = session.execute(select(EntryFile.entry_id, EntryFile.sha256, EntryFile.key)).all()
        handed_in = len(set(session.scalars(select(Receipt.entry_id).join(Entry, Entry.id == Receipt.entry_id))))
    there = {entry for entry, _, _ in rows}
    wrong = 0
    for entry, sha256, key in rows:
        stored = hashlib.sha256()
        for piece in platform.files.stream(key):
            stored.update(piece)
        wrong += not stored.hexdigest() == sha256 == hashlib.sha256(_own(base, entry)).hexdigest()
    return {
        "lost": float(len(tokens) - len(there)),
        "doubled": float(len(rows) - len(there)),
        "wrong hash": float(wrong),
        "no receipt": float(len(tokens) - handed_in),
    }


def _memory(server: Server) -> float:
    """The most memory that the server's processes had, together, in megabytes; 0 where the system has no /proc."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    try:
        pids = [server.process.pid, *map(int, children.read_text("ascii").split())]
        states = [Path(f"/proc/{pid}/status").read_text("utf-8") for pid in pids]
    except (OSError, ValueError):
        return 0.0
    peaks = [line.split()[1] for state in states for line in state.splitlines() if line.startswith("VmHWM:")]
    return sum(map(int, peaks)) * 1024 / 1_000_000


def _paper(size: int) -> bytes:
    """A sound PDF of about `size` bytes."""
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.pages[0].Noise = document.make_stream(hashlib.shake_128(b"storm").digest(size))
        document.save(made, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return made.getvalue()


def _own(base: bytes, entry: str) -> bytes:
    """The file of one entry, like no other's."""
    return base + f"% {json.dumps(entry)}\n".encode()


def _expect(status: int, wanted: int) -> None:
    if status != wanted:
        raise HTTPException(f"{wanted} was expected and {status} answered")
