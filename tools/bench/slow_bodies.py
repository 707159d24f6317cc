"""Bodies that come at a byte a second, and the pages that other people read meanwhile (T23)."""

from __future__ import annotations

import contextlib
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from tools.bench.contests import fill_drafts
from tools.bench.measure import Figure, Target, Timing, percentile
from tools.bench.readers import Page, authors_pages, reading
from tools.bench.servers import PRODUCT, Server, serving
from tools.bench.sizes import Sizes
from tools.bench.stores import Stores

_PER_MINUTE = 1_000
_MOST = 1.0
_PEOPLE = 5
_FORM = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9999\r\n\r\ne"
_HEAD = b"POST /login HTTP/1.1\r\nHost: x\r\n" + _FORM
_OK = 200


def dripping(stores: Stores, engines: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    """Time pages without and with such bodies, on the first engine: the database has no part in it."""
    bodies, seconds = sizes.drips
    with stores.installation(engines[0]) as platform:
        with platform.database.writing() as session:
            fill_drafts(session, platform.registry, entries=_PEOPLE)
        pages = authors_pages(platform, people=_PEOPLE)
        with serving(platform, PRODUCT) as server:
            yield _read(server, pages, 0, seconds, engines[0])
            yield _read(server, pages, bodies, seconds, engines[0])


def _read(server: Server, pages: Sequence[Page], bodies: int, seconds: int, engine: str) -> Figure:
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(_line(server.port)) for _ in range(bodies)]
        for line in lines:
            line.sendall(_HEAD)
        with reading(server.port, pages, per_minute=_PER_MINUTE) as read:
            for _ in range(seconds):
                time.sleep(1)
                for line in lines:
                    line.send(b"x")
    taken = read.taken
    return Figure(
        benchmark="pages beside slow bodies",
        case=f"{bodies} bodies of a byte a second, {engine}",
        timing=Timing(median=median(taken), least=min(taken), most=max(taken), cpu=0.0, times=len(taken)),
        targets=(
            Target(name="p99 s", value=percentile(taken, 0.99), limit=_MOST),
            Target(name="not answered", value=_not_answered(read.statuses), limit=0),
        ),
    )


def _not_answered(statuses: Counter[int]) -> float:
    return float(sum(count for status, count in statuses.items() if status != _OK))


def _line(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=60)
