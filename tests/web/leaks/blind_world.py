"""An entry of a blind round in which all but the work says `canary`, and a walk through all its judge may ask for."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

from flask import url_for
from sqlalchemy import select

from judging.db.models import EntryFile, FilePicture
from judging.services.contests.editions import contest_rules
from judging.services.score_log.opening import ensure_log
from judging.web.device_copies import HEADER as KEPT
from tests.copies import prepare_files
from tests.factories import NOW, give_office, make_account, make_assignment, make_contest, make_entry, make_judge
from tests.services.files.contents import samples, telling
from tests.web.leaks.live_world import add_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from judging.db.models import Entry
    from judging.services.platform import Platform

TITLE = "Máy lọc nước mẫu"
HANDED_IN: Mapping[str, tuple[str, Callable[[], bytes], bool]] = {
    "jpg": ("pictures", telling.jpeg, True),
    "png": ("pictures", telling.png, True),
    "webp": ("pictures", telling.webp, True),
    "pdf": ("summary", telling.pdf, True),
    "docx": ("summary", telling.text, True),
    "xlsx": ("summary", telling.table, True),
    "odt": ("summary", telling.open_text, True),
    "mp4": ("video", partial(telling.film, "mp4"), True),
    "jpg of the office": ("proof_of_age", telling.jpeg, False),
}
"""By kind: the item, what makes the file, and whether judges get its copy."""

_ANSWERS = {
    "idea": "Lọc nước bằng than.", "school": "canary-school", "school_class": "canary-class",
    "mentor": "canary-mentor", "adult_help": "canary-help",
}  # fmt: skip
# Whatever a page, a program's answer or a device's list names as an address of this site.
_NAMED = re.compile(r'["\'(]((?:/[A-Za-z0-9_.~%-]+)+/?(?:\?[^"\'#)\s]*)?)')
_LEFT_OUT = ("/static/", "/logout", "/login", "/register", "/forgotten")
_MOST = 900


@dataclass(kw_only=True)
class BlindWorld:
    """The ids that addresses are made of, and the people's addresses."""

    values: dict[str, list[str]] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """What came back, to the byte."""

    status: int
    media_type: str
    headers: bytes
    body: bytes

    @property
    def tells(self) -> bool:
        """Whether it says who made the entry, in any byte, packed or not."""
        return telling.tells(self.body) or b"canary" in self.headers.lower() or b"+21.8" in self.body


def build_blind_world(platform: Platform) -> BlindWorld:
    """Store the contest and make the copies of the files, as a worker does."""
    made = BlindWorld()
    with platform.database.writing() as session:
        _fill(session, platform, made)
    prepare_files(platform)
    with platform.database.reading() as session:
        made.values["file_id"] = list(session.scalars(select(EntryFile.id)))
        made.values["picture_id"] = list(session.scalars(select(FilePicture.id)))
    return made


def _fill(session: Session, platform: Platform, made: BlindWorld) -> None:
    contest = make_contest(session, platform.registry, phase="judging", slug="blind")
    people = {
        "author": make_account(session, name="canary-account", email="canary@example.vn"),
        "judge": make_account(session), "secretary": make_account(session),
    }  # fmt: skip
    give_office(session, contest.organisation, people["secretary"], "secretary")
    judge = make_judge(session, contest, account=people["judge"], conflicts_declared_at=None)
    members = [{"name": "canary-author", "born": date(2008, 5, 4), "email": "canary@example.vn", "unit": "canary-unit"}]
    entry = make_entry(
        session, contest, owner=people["author"], members=members, unit="canary-unit", title=TITLE, answers=_ANSWERS,
        state="in-round", round="preliminary",
    )  # fmt: skip
    reading = make_assignment(session, entry, judge, round_key="preliminary")
    for kind, (item, make, _copied) in HANDED_IN.items():
        _hand_in(session, platform, entry, item, kind.split()[0], make())
    room = add_places(session, contest, "preliminary", [entry.id])
    ensure_log(session, contest, now=NOW)
    made.values = {
        "slug": [contest.slug], "entry_id": [entry.id], "assignment_id": [reading.id], "room_id": [room],
        "judge_id": [judge.id], "round_key": [one.key for one in contest_rules(platform.registry, contest).rounds],
        "number": ["1"], "language": ["vi", "en"], "epoch": ["1"],
    }  # fmt: skip
    made.emails = {role: account.email for role, account in people.items()}
    made.accounts = {role: account.id for role, account in people.items()}


def _hand_in(session: Session, platform: Platform, entry: Entry, item: str, extension: str, content: bytes) -> None:
    stored, kind = platform.files.put(content), samples.MEDIA_TYPES[extension]
    session.add(
        EntryFile(
            entry_id=entry.id, item=item, filename=f"canary de tai.{extension}", media_type=kind,
            size=stored.size, sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def walk(app: Flask, client: FlaskClient, world: BlindWorld) -> dict[str, Got]:
    """Ask for every address that can be made of the world, and for all that any answer names in turn."""
    found: dict[str, Got] = {}
    waiting = list(_addresses(app, world))
    while waiting:
        path = waiting.pop()
        if path in found or path.startswith(_LEFT_OUT):
            continue
        found[path] = get(client, path)
        if path.startswith("/judge/"):
            # As the script asks for it that keeps pages for work without a network.
            found[f"{path}#kept"] = get(client, path, **{KEPT: "1"})
        assert len(found) < _MOST, "the walk finds no end"
        waiting += _named_in(found[path])
    return found


def get(client: FlaskClient, path: str, **asked: str) -> Got:
    """Ask for one address."""
    with client.get(path, headers=asked) as answer:
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers).encode()
        return Got(status=answer.status_code, media_type=answer.mimetype or "", headers=headers, body=answer.get_data())


def _addresses(app: Flask, world: BlindWorld) -> Iterator[str]:
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            names = sorted(rule.arguments)
            if "GET" not in (rule.methods or ()) or not world.values.keys() >= set(names):
                continue
            for values in product(*(world.values[name] for name in names)):
                arguments: dict[str, Any] = dict(zip(names, values, strict=True))
                yield url_for(rule.endpoint, **arguments)


def _named_in(got: Got) -> Iterable[str]:
    if not got.media_type.startswith(("text/html", "application/json")):
        return ()
    text = html.unescape(got.body.decode("utf-8", errors="replace"))
    return [path for path in _NAMED.findall(text) if "lang=" not in path]
