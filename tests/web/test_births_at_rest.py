"""A birth date goes through every door there is, and nowhere in what is stored can it be read without the key."""

from __future__ import annotations

import hashlib
import html
import io
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import AgeCheck, DraftText, Entry, EntryMember, IdempotentAnswer, ImportSheet, Receipt
from judging.domain.permissions import Actor, Role
from judging.domain.structure import digest
from judging.services.contests.editions import contest_rules
from judging.services.entries.age_checks import verify_age
from judging.services.entries.receipts import entry_content, give_receipt, make_receipt
from tests.factories import NOW, give_role, make_account, make_contest
from tests.services.privacy.erasures import opened, stored
from tests.web.api.programs import done, program_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform

    SignIn = Callable[[FlaskClient, Account], str]

BORN, OTHER = date(2011, 3, 14), date(2012, 11, 29)
_HIDDEN = re.compile(r'name="(base|page)" value="([^"]*)"')
UNREAD = "14 tháng 3 năm 2011"


def spellings(day: date) -> Iterator[str]:
    """Ways in which somebody, or a program, writes a day."""
    for shape in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%d%m%Y", "%Y/%m/%d", "%d %B %Y"):
        yield f"{day:{shape}}"
    yield f"{day.day}/{day.month}/{day.year}"
    yield f"{day.day} tháng {day.month} năm {day.year}"
    yield str((day - date(1970, 1, 1)) // timedelta(days=1) * 86_400)


class Doors:
    """Everybody who brings a birth date in."""

    def __init__(self, app: Flask, client: FlaskClient, sign_in: SignIn, platform: Platform) -> None:
        self.app, self.client, self.platform = app, client, platform
        with platform.database.writing() as session:
            self.contest = make_contest(session, platform.registry, slug="held", phase="open")
            self.author, self.desk = make_account(session), make_account(session)
            give_role(session, self.contest, self.desk, "secretary")
        self.sign_in = sign_in

    def by_form(self) -> str:
        """Typed on the page of people: once as it can be read, once as it cannot."""
        token = self.sign_in(self.client, self.author)
        with self.platform.database.writing() as session:
            entry = Entry(
                contest_id=self.contest.id, owner_id=self.author.id, number=9, alias="e-000009", created_at=NOW,
                changed_at=NOW,
            )  # fmt: skip
            session.add(entry)
            session.flush()
        address = f"/entries/{entry.id}/edit/people"
        with self.platform.database.writing() as session:
            people = [EntryMember(entry_id=entry.id, position=at, name="", is_lead=at == 0) for at in range(2)]
            session.add_all(people)
            session.flush()
        page = self.client.get(address).text
        form = {"csrf_token": token, **{name: html.unescape(value) for name, value in _HIDDEN.findall(page)}}
        for at, (name, typed) in enumerate([("Nông Mẫu Bình", f"{BORN:%d/%m/%Y}"), ("Lò Mẫu An", UNREAD)]):
            form |= {f"members-{at}-id": people[at].id, f"members-{at}-name": name, f"members-{at}-born": typed}
        assert self.client.post(f"{address}/autosave", data=form).status_code == 200
        return entry.id

    def by_program(self) -> None:
        """Sent with a key, so that the answer is kept."""
        program = program_of(self.app, self.platform, self.author, scopes=("entries",))
        people = [{"name": "Lò Mẫu An", "born": BORN.isoformat()}, {"name": "Lò Mẫu Bo", "born": OTHER.isoformat()}]
        made = program.post("/contests/held/entries", {"title": "Hai", "members": people}, Idempotency_Key="k")
        assert done(made, 201)["members"][0]["born"] == BORN.isoformat()

    def by_table(self) -> None:
        """Brought by the office, and not yet imported."""
        client = self.app.test_client()
        token = self.sign_in(client, self.desk)
        table = f"Title;Author;Date of birth\nXe;An Mẫu;{OTHER:%d/%m/%Y}\nTàu;Bo Mẫu;{BORN:%d/%m/%Y}\n"
        form = {"csrf_token": token, "file": (io.BytesIO(table.encode()), "bang.csv")}
        assert client.post("/organise/held/import", data=form, content_type="multipart/form-data").status_code == 302
        assert f"{OTHER.day}/{OTHER.month}/{OTHER.year}" in client.get("/organise/held/import").text

    def at_the_desk(self, entry_id: str) -> str:
        """Handed in, and held against a proof of age; returns the receipt's hash."""
        with self.platform.database.writing() as session:
            entry = session.get_one(Entry, entry_id)
            rules = contest_rules(self.platform.registry, entry.contest)
            entry.state, entry.submitted_at, entry.contest.phase = "submitted", NOW, "screening"
            receipt = give_receipt(session, contest=entry.contest, entry=entry, rules=rules, now=NOW)
            actor = Actor(account_id=self.desk.id, roles=frozenset({Role.SECRETARY}))
            verify_age(session, entry=entry, member_id=entry.members[0].id, actor=actor, rules=rules, now=NOW)
            return receipt.sha256


@pytest.fixture
def doors(app: Flask, client: FlaskClient, sign_in: SignIn, platform: Platform) -> Doors:
    return Doors(app, client, sign_in, platform)


def test_birth_date_is_nowhere_in_what_is_stored(doors: Doors, platform: Platform) -> None:
    entry_id = doors.by_form()
    doors.by_program()
    doors.by_table()
    doors.at_the_desk(entry_id)

    held = stored(platform)
    assert [one for day in (BORN, OTHER) for one in spellings(day) if one.encode() in held] == []
    assert hashlib.sha256(f"nong mau binh\n{BORN}".encode()).hexdigest().encode() not in held
    with platform.database.reading() as session:
        for model in (AgeCheck, DraftText, EntryMember, IdempotentAnswer, ImportSheet, Receipt):
            assert session.query(model).count() > 0, f"no {model.__name__}: the test proves nothing about it"
    readable = b"\n".join(opened(platform))
    for written in (BORN.isoformat(), OTHER.isoformat(), f"{OTHER:%d/%m/%Y}", UNREAD):
        assert written.encode() in readable, "whoever has the key reads it"


def test_hash_of_a_receipt_does_not_let_a_birth_date_be_guessed(doors: Doors, platform: Platform) -> None:
    """All else of the entry is known, and every day of the years in question is tried."""
    entry_id = doors.by_form()
    told = doors.at_the_desk(entry_id)

    with platform.database.reading() as session:
        entry = session.get_one(Entry, entry_id)
        (kept,) = session.query(Receipt).all()
        assert digest(kept.content) == told
        known = entry_content(entry.contest, entry, at=NOW, salt="")
        assert {key for key in known if known[key] != kept.content[key]} == {"salt"}
        del known["salt"]
        found = [digest({**known, "members": _born(known, day)}) for day in _days()]
        assert told not in found
        rules = contest_rules(platform.registry, entry.contest)
        assert make_receipt(entry.contest, entry, rules, at=NOW).sha256 != told


def _days() -> Iterator[date]:
    return (date(2010, 1, 1) + timedelta(days=at) for at in range(800))


def _born(known: dict[str, object], day: date) -> list[dict[str, object]]:
    people = known["members"]
    assert isinstance(people, list)
    return [{**people[0], "born": day.isoformat()}, *people[1:]]
