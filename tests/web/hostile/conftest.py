"""The application on a real port, and entries in which everything that people type is an attack."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from judging.db.models import Account, Entry, EntryFile, FileCopy, Screening
from tests.factories import NOW, give_role, make_account, make_assignment, make_contest, make_entry, make_judge
from tests.web.hostile.vectors import some

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.services.platform import Platform

TURNS = 20


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What a browser does with a page does not depend on where its words lay."""
    return sqlite_database


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Hostile:
    """Who visits, and what there is to open."""

    organiser: Account
    judge: Account
    owner: Account
    slug: str
    entries: list[str] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    draft: str = ""


@pytest.fixture
def hostile(platform: Platform) -> Hostile:
    with platform.database.writing() as session:
        owner, organiser = make_account(session, name=some(0)), make_account(session, name=some(1))
        account = make_account(session, name=some(2))
        contest = make_contest(session, platform.registry, phase="judging", slug="hostile", title=some(3))
        opened = make_contest(session, platform.registry, phase="open", slug="hostile-open", title=some(4))
        give_role(session, contest, organiser, "organiser")
        give_role(session, opened, organiser, "organiser")
        judge = make_judge(session, contest, account=account, unit=some(5))
        made = Hostile(organiser=organiser, judge=account, owner=owner, slug="hostile")
        for turn in range(TURNS):
            entry = make_entry(session, contest, owner=owner, state="in-round", round="preliminary", **_words(turn))
            _files(session, platform, entry, turn)
            session.add(
                Screening(entry_id=entry.id, verdict="eligible", reason=some(turn + 9), by_id=organiser.id, at=NOW)
            )
            made.entries.append(entry.id)
            made.readings.append(make_assignment(session, entry, judge, round_key="preliminary").id)
        draft = make_entry(session, opened, owner=owner, state="draft", **_words(7))
        _files(session, platform, draft, 7)
        made.draft = draft.id
    return made


def _words(turn: int) -> dict[str, Any]:
    person = {"name": some(turn + 1), "email": f"a{turn}@example.vn", "unit": some(turn + 2), "share": 100}
    answers = {key: some(turn + place) for place, key in enumerate(("idea", "mentor", "school", "adult_help"), start=3)}
    return {
        "title": some(turn),
        "unit": some(turn + 8),
        "members": [person],
        "answers": answers,
        "category": "software",
    }


def _files(session: Session, platform: Platform, entry: Entry, turn: int) -> None:
    for item, state in (("summary", "failed"), ("pictures", "ready"), ("proof_of_age", "infected")):
        stored = platform.files.put(b"<script>alert(1)</script>")
        session.add(
            EntryFile(
                entry_id=entry.id, item=item, filename=some(turn + len(item)), media_type="image/png",
                size=stored.size, sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
                copied=FileCopy(
                    state=state, scan=some(turn), findings=["script", some(turn)], media_type="image/png",
                    size=stored.size, sha256=stored.sha256, key=platform.files.put(b"x").key,
                ),
            )
        )  # fmt: skip
