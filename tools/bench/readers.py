"""People who read pages while something else goes on: so many a minute, each page at its moment."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event, local

from sqlalchemy import select

from judging.composition import create_web
from judging.db.models import Account, Contest, Entry
from judging.services.platform import Platform
from tools.bench.clients import cookies_of, enter

_READERS = 8
_SERVER_FAULT, _COME_AGAIN = 500, 503
_NONE = 0


@dataclass(slots=True)
class Read:
    """What readers met: seconds from each page's moment to its answer, and how often which answer came."""

    taken: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def faults(self) -> int:
        """Answers of the server's own fault, but for those that say to come again; lines that broke twice count."""
        wrong = (count for status, count in self.statuses.items() if status >= _SERVER_FAULT and status != _COME_AGAIN)
        return sum(wrong) + self.statuses[_NONE]


@dataclass(frozen=True, slots=True)
class Page:
    """An address, and the cookies of whoever asks for it."""

    address: str
    cookies: str = ""


class _Lines:
    """A connection for each reader, kept from one page to the next as a browser does."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._own = local()

    def ask(self, page: Page) -> int:
        """The status of the answer, or _NONE where the line broke."""
        if getattr(self._own, "line", None) is None:
            self._own.line = HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            self._own.line.request("GET", page.address, headers={"Cookie": page.cookies} if page.cookies else {})
            with self._own.line.getresponse() as answer:
                answer.read()
                if answer.will_close:
                    self.hang_up()
                return int(answer.status)
        except (HTTPException, OSError):
            self.hang_up()
            return _NONE

    def hang_up(self) -> None:
        """Close the reader's own connection."""
        if getattr(self._own, "line", None) is not None:
            self._own.line.close()
            self._own.line = None


@contextmanager
def reading(port: int, pages: Sequence[Page], *, per_minute: int) -> Iterator[Read]:
    """Ask for the pages in turns until the block ends."""
    read, over, lines = Read(), Event(), _Lines(port)

    def go(first: int) -> None:
        for number in range(first, 10**9, _READERS):
            moment = began + number * 60 / per_minute
            if over.wait(max(0.0, moment - time.perf_counter())):
                break
            # A line that was kept may have been closed since; a browser asks again.
            page = pages[number % len(pages)]
            status = lines.ask(page) or lines.ask(page)
            read.taken.append(time.perf_counter() - moment)
            read.statuses[status] += 1
        lines.hang_up()

    began = time.perf_counter()
    with ThreadPoolExecutor(_READERS) as pool:
        jobs = [pool.submit(go, number) for number in range(_READERS)]
        try:
            yield read
        finally:
            over.set()
    for job in jobs:
        job.result()


def authors_pages(platform: Platform, *, people: int) -> list[Page]:
    """Pages of an open contest: public ones, and those of some of its authors, who are signed in."""
    app = create_web(platform)
    with platform.database.reading() as session:
        slugs = list(session.scalars(select(Contest.slug)))
        rows = session.execute(
            select(Entry.id, Account.email_key).join(Account, Account.id == Entry.owner_id).limit(people)
        ).all()
    pages = []
    for entry, email in rows:
        cookies = cookies_of(enter(app, platform, email))
        own = (f"/entries/{entry}/", f"/entries/{entry}/edit/files", "/my/entries")
        pages += [Page(f"/contests/{slugs[0]}/"), Page("/"), *(Page(address, cookies) for address in own)]
    return pages
