"""Two judges of one round with the same work, of whom one reads an entry twice and the other one that is just like it.

Whatever programs of the two are told must be the same but for the names of things: then nothing tells what a repeat is.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import select

from judging.db.models import BlindRepeat, EntryFile, FileCopy
from tests.factories import NOW, make_assignment, make_entry, make_judge
from tests.services.judges.repeat_cases import ENTRIES, ROUND, set_number
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, make_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from judging.db.models import Account, Assignment, Entry, Judge
    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case
    from tests.web.api.programs import Program

SUBMITTED = {"marks": WHOLE, "comments": COMMENTS, "comment": COMMENT, "state": "submitted"}
DRAFT = {"marks": {"novelty": "24"}, "bands": {"novelty": "fair"}, "state": "draft"}
WORK = "/me/assignments"

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_CODE = re.compile(r"\br-[0-9a-z]{6}\b")
_VARIES = (
    (re.compile(r'("code": ?")[A-Z2-7]{10}(?=")'), r"\1RECEIPT"),
    (re.compile(r'("time": ?")[^"]+(?=")'), r"\1TIME"),
    (re.compile(r'"[0-9a-f]{32}"'), "TAG"),
)
# Of an answer's headers these differ between any two requests.
_LEFT_OUT = frozenset({"date", "x-request-id"})


def keyed(**headers: str) -> dict[str, str]:
    """The headers with a key by which the request may be repeated."""
    return {"Idempotency_Key": f'"{uuid4()}"', **headers}


@dataclass(frozen=True, kw_only=True)
class TwoDesks:
    """`twice` reads `first` and its `repeat`; `other` reads the same entries, and `twin` in place of the repeat."""

    case: Case
    twice: Judge
    other: Judge
    readings: Sequence[Assignment]
    theirs: Sequence[Assignment]
    repeat: BlindRepeat
    twin: Assignment

    @property
    def accounts(self) -> tuple[Account, Account]:
        """The two people."""
        return self.twice.account, self.other.account

    @property
    def first(self) -> Assignment:
        """The reading of the entry that is shown again."""
        return self.repeat.first

    @property
    def shown(self) -> list[str]:
        """The ids of all that `twice` has to read, the repeat among them."""
        return sorted([*(one.id for one in self.readings), self.repeat.id])


def make_two_desks(session: Session, platform: Platform, *, entries: int = ENTRIES) -> TwoDesks:
    """Two desks of so many entries each, none begun."""
    case = make_case(session, platform.registry)
    judges = (case.judge, make_judge(session, case.contest))
    read = [case.entry, *(make_entry(session, case.contest) for _ in range(1, entries))]
    for entry in read:
        _add_files(session, platform, entry, of=entry.title)
    ids = [f"01a0{place:04x}-0000-7000-8000-{uuid4().hex[:11]}" for place in range(1, entries + 1)]
    session.delete(case.assignment)
    session.flush()
    # The ids of the two desks differ in the last letter alone, so that lists have the same order.
    desks = [
        [
            make_assignment(session, entry, judge, round_key=ROUND, position=place, id=made + letter)
            for place, (entry, made) in enumerate(zip(read, ids, strict=True), start=1)
        ]
        for judge, letter in zip(judges, "0f", strict=True)
    ]
    assert set_number(session, platform.registry, case, 1) == len(desks)
    for repeat in session.scalars(select(BlindRepeat)):
        if repeat.judge_id == judges[1].id:
            session.delete(repeat)
    session.flush()
    repeat = session.scalars(select(BlindRepeat)).one()
    twin = _twin_of(session, platform, repeat, judges[1])
    # What is read here stays readable after the session.
    assert all(one.account.email for one in judges)
    assert all(one.entry.title for one in desks[0])
    return TwoDesks(
        case=case, twice=judges[0], other=judges[1], readings=desks[0], theirs=desks[1], repeat=repeat, twin=twin
    )


def _twin_of(session: Session, platform: Platform, repeat: BlindRepeat, judge: Judge) -> Assignment:
    """A reading, in the place of the repeat, of an entry that says the same as the one that is shown again."""
    like = repeat.entry
    entry = make_entry(session, like.contest, title=like.title, category=like.category)
    _add_files(session, platform, entry, of=like.title)
    made = repeat.id[:-1] + ("0" if repeat.id[-1] != "0" else "1")
    return make_assignment(session, entry, judge, round_key=ROUND, position=repeat.after, id=made)


def _add_files(session: Session, platform: Platform, entry: Entry, *, of: str) -> None:
    entry.answers = {"idea": "Ý tưởng mẫu."}
    work = sha256(of.encode()).hexdigest()
    for place in (1, 2):
        whole, copied = (platform.files.put(f"%PDF-1.7 {work} {place} {kind}".encode()) for kind in ("whole", "copy"))
        session.add(
            EntryFile(
                entry_id=entry.id, item="summary", filename=f"{of}.pdf", media_type="application/pdf", size=whole.size,
                sha256=whole.sha256, key=whole.key, pages=1, uploaded_at=NOW,
                copied=FileCopy(
                    state="ready", media_type="application/pdf", size=copied.size, sha256=copied.sha256, key=copied.key
                ),
            )
        )  # fmt: skip
    session.flush()


@dataclass(kw_only=True)
class Witness:
    """Asks on behalf of a program and writes down all that it is told, things named by when they were first met."""

    program: Program
    told: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Ask, and note status, headers and body of the answer."""
        answer = self.program.call(method, path, body, **headers)
        seen = {name: value for name, value in answer.headers.items() if name.lower() not in _LEFT_OUT}
        said = json.dumps([method, path, answer.status, seen, answer.text], ensure_ascii=False, indent=0)
        self.told.append(self._plain(said))
        return answer

    def _plain(self, text: str) -> str:
        text = text.replace('\\"', '"')
        for form, word in ((_UUID, "ID"), (_CODE, "CODE")):
            text = form.sub(partial(self._name, word), text)
        for form, instead in _VARIES:
            text = form.sub(instead, text)
        return text

    def _name(self, word: str, met: re.Match[str]) -> str:
        return self.names.setdefault(met[0], f"{word}-{len(self.names) + 1}")


def ids_in(text: str) -> set[str]:
    """Every id and every code of an entry that stands in a text."""
    return set(_UUID.findall(text)) | set(_CODE.findall(text))


def look_at_everything(witness: Witness) -> list[str]:
    """Ask for all that a judge's program may read; the ids of the readings in their order."""
    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        part = witness.ask("GET", f"{WORK}?limit=4{cursor and f'&cursor={cursor}'}").get_json()
        ids += [one["id"] for one in part["items"]]
        # Cursors hold an id of the list before them.
        for held in filter(None, (cursor, part["next"])):
            witness.told[-1] = witness.told[-1].replace(held, "CURSOR")
        cursor = part["next"]
    for one in ids:
        entry = witness.ask("GET", f"/assignments/{one}/sheet").get_json()["entry"]["id"]
        for file in witness.ask("GET", f"/entries/{entry}").get_json()["files"]:
            witness.ask("GET", file["url"].removeprefix("/api/v1"))
        witness.ask("GET", f"/assignments/{one}/receipt")
    for path in (f"{WORK}?state=draft", f"{WORK}?state=submitted"):
        witness.ask("GET", path)
    return ids


def work_on(witness: Witness, reading: str) -> None:
    """Do all that a judge does with one reading, right and wrong."""
    sheet = f"/assignments/{reading}/sheet"
    read = witness.ask("GET", sheet)
    witness.ask("GET", sheet, If_None_Match=read.headers["ETag"])
    witness.ask("PUT", sheet, {**DRAFT, "marks": {"novelty": "31", "nothing": "1"}})
    saved = witness.ask("PUT", sheet, DRAFT, If_None_Match="*")
    witness.ask("PUT", sheet, DRAFT)
    witness.ask("PUT", sheet, DRAFT, If_Match='"v99"')
    witness.ask("PUT", sheet, {**SUBMITTED, "rubric": "0" * 64}, If_Match=saved.headers["ETag"])
    witness.ask("PUT", sheet, {**SUBMITTED, "marks": {}}, If_Match=saved.headers["ETag"])
    headers = keyed(If_Match=saved.headers["ETag"])
    for body in (SUBMITTED, SUBMITTED, DRAFT):
        witness.ask("PUT", sheet, body, **headers)
    witness.ask("PUT", sheet, SUBMITTED, **keyed(If_Match=headers["If_Match"]))
    now = witness.ask("GET", sheet)
    witness.ask("PUT", sheet, SUBMITTED, **keyed(If_Match=now.headers["ETag"]))
    witness.ask("GET", f"/assignments/{reading}/receipt")
    witness.ask("POST", f"/assignments/{reading}/give-free")
    witness.ask("POST", f"/assignments/{reading}/recuse", {"kind": "none-of-these"})
    witness.ask("POST", f"/assignments/{reading}/late", {"reason": "Xin thêm giờ"})
    witness.ask("POST", f"/assignments/{reading}/override", {"exclude": True, "reason": "Xem lại"})
