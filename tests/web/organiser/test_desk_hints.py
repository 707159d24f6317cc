"""What the desk shows of other parts: files, things, likeness, consents, and questions to the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from judging.db.models import Account, Entry, EntryFile, EntryLink, FileCopy, Handover, SimilarDecision, SimilarPair
from tests.factories import NOW, give_role, make_account, make_contest, make_entry, make_judge
from tests.services.office import Office, hold_contest

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from judging.services.platform import Platform

SignIn = Callable[["FlaskClient", Account], str]
EVIDENCE = {"text": 800, "usual": 100, "title": 0, "pictures": [], "files": []}


@pytest.fixture
def held(platform: Platform) -> Office:
    with platform.database.writing() as session:
        office = hold_contest(session, platform.registry, phase="screening", state="submitted")
        first, second, _third = office.entries
        _add_file(session, first, "mach.pdf", state="ready", findings=["script"])
        _add_file(session, first, "anh.png", state="infected", findings=[])
        one, other = sorted([first.id, second.id])
        session.add(
            SimilarPair(first_id=one, second_id=other, score=900, reasons="text", evidence=EVIDENCE, found_at=NOW)
        )
        session.add(EntryLink(entry_id=first.id, item="source", url="https://ma-nguon.example.vn/", added_at=NOW))
        first.members[0].born = date(2015, 1, 1)
        session.flush()
        session.expunge_all()
    return office


def _add_file(session: Session, entry: Entry, name: str, *, state: str, findings: list[str]) -> None:
    file = EntryFile(
        entry_id=entry.id, item="pictures", filename=name, media_type="image/png", size=8, sha256="0" * 64, key=name,
        uploaded_at=NOW,
    )  # fmt: skip
    session.add(file)
    session.flush()
    session.add(FileCopy(file_id=file.id, state=state, findings=findings, scan="Eicar"))


def _desk(client: FlaskClient, entry: Entry) -> str:
    return client.get(f"/organise/entries/{entry.id}/desk?lang=en", headers={"Accept-Language": "en"}).text


def _titles(platform: Platform, page: str) -> set[str]:
    with platform.database.reading() as session:
        return {one.title for one in session.scalars(select(Entry)) if f">{one.title}</a>" in page}


def test_desk_tells_of_files_things_likeness_and_consents(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    sign_in(client, held.desk)
    first, second, third = held.entries

    page = _desk(client, first)

    for told in ("mach.pdf: ", "anh.png: ", second.title, f"/organise/entries/{first.id}/consents", "/receiving?"):
        assert told in page.partition('id="checks"')[2].partition('id="decision"')[0], told
    assert "mach.pdf: " not in _desk(client, third)
    assert second.title not in _desk(client, third).partition('id="checks"')[2].partition('id="decision"')[0]


def test_what_was_settled_and_received_is_told_no_more(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    sign_in(client, held.desk)
    first, second, _third = held.entries
    one, other = sorted([first.id, second.id])
    with platform.database.writing() as session:
        session.add(SimilarDecision(first_id=one, second_id=other, is_same=False, by_id=held.desk.id, at=NOW))
        session.add(Handover(entry_id=first.id, item="model", received_at=NOW, received_by_id=held.desk.id))

    checks = _desk(client, first).partition('id="checks"')[2].partition('id="decision"')[0]

    assert second.title not in checks
    assert "/receiving?" not in checks
    slug = held.contest.slug
    assert _titles(platform, client.get(f"/organise/{slug}/screening?flag=similar").text) == set()
    things = _titles(platform, client.get(f"/organise/{slug}/screening?flag=things").text)
    assert things == {entry.title for entry in held.entries[1:]}


def test_desk_makes_as_many_queries_for_three_entries_that_look_alike_as_for_one(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    sign_in(client, held.desk)
    first, _second, third = held.entries
    statements: list[str] = []
    event.listen(platform.database.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    _desk(client, first)

    def count(told: int) -> int:
        statements.clear()
        assert _desk(client, first).partition('id="checks"')[2].count("#similar") == told
        return len(statements)

    for_one = count(1)
    with platform.database.writing() as session:
        # A third one of this contest, and one of another.
        other = make_entry(session, make_contest(session, platform.registry, year=2020), state="submitted")
        for one in (third, other):
            pair = sorted([first.id, one.id])
            session.add(
                SimilarPair(
                    first_id=pair[0], second_id=pair[1], score=700, reasons="text", evidence=EVIDENCE, found_at=NOW
                )
            )

    assert count(3) == for_one


def test_queue_is_narrowed_to_entries_that_look_alike_except_for_whoever_judges(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    sign_in(client, held.desk)
    address = f"/organise/{held.contest.slug}/screening"

    assert _titles(platform, client.get(f"{address}?flag=similar").text) == {one.title for one in held.entries[:2]}
    assert client.get(address).text.count("sub-line attention") >= 2

    with platform.database.writing() as session:
        judging = make_account(session)
        give_role(session, held.contest, judging, "secretary")
        make_judge(session, held.contest, account=judging)
        session.expunge_all()
    other = client.application.test_client()
    sign_in(other, judging)
    assert _titles(platform, other.get(f"{address}?flag=similar").text) == set()
