"""The timetable as the office makes it, and as judges and contestants see it; the clock that a room shares."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from judging.db.models import Account, Assignment, LivePlace, LiveRoom
from judging.services.judges.live.showing import timetable_rows
from judging.services.platform import Platform
from tests.factories import make_assignment
from tests.services.office import PRELIMINARY, Office, hold_contest

SignIn = Callable[[FlaskClient, Account], str]
HOURS = {
    "way": "hearing", "minutes": "18", "change": "2", "window-0-from": "2026-12-03T08:00",
    "window-0-until": "2026-12-03T11:30", "room-0-name": "Hội trường A", "room-1-name": "", "room-1-id": "",
}  # fmt: skip


@pytest.fixture
def held(platform: Platform) -> Office:
    with platform.database.writing() as session:
        made = hold_contest(session, platform.registry, entries=3, judges=2)
        for entry in made.entries:
            assert entry.owner.email
            for judge in made.judges:
                assert judge.account.email
                make_assignment(session, entry, judge, round_key=PRELIMINARY)
        return made


def _address(held: Office, what: str = "") -> str:
    return f"/organise/{held.contest.slug}/rounds/{PRELIMINARY}/timetable{what}"


def _make(client: FlaskClient, held: Office, token: str) -> str:
    assert client.post(_address(held, "/hours"), data={**HOURS, "csrf_token": token}).status_code == 302
    page = client.get(_address(held)).text
    seal = re.search(r'name="seal"\s+value="([0-9a-f]{64})"', page)
    assert seal is not None
    assert client.post(_address(held), data={"seal": seal[1], "csrf_token": token}).status_code == 302
    return page


def _stand(answer: TestResponse) -> tuple[str, int, int | None]:
    told = json.loads(answer.get_data())
    return told["part"], told["version"], told["since"]


def _room(platform: Platform) -> LiveRoom:
    with platform.database.reading() as session:
        return session.scalars(select(LiveRoom)).one()


def test_office_records_hours_looks_at_the_plan_and_confirms_it(
    client: FlaskClient, sign_in: SignIn, platform: Platform, held: Office
) -> None:
    token = sign_in(client, held.desk)
    plan = _make(client, held, token)
    assert "Fewer slots cannot do." in plan
    page = client.get(_address(held)).text
    assert "08:00–08:18" in page
    assert "08:40–08:58" in page
    assert held.judges[0].account.name in page
    assert 'name="seal"' not in page, "a timetable that stands is not offered again"
    with platform.database.reading() as session:
        assert len(session.scalars(select(LivePlace)).all()) == 3


def test_what_cannot_be_read_is_shown_again_with_the_reason(client: FlaskClient, sign_in: SignIn, held: Office) -> None:
    token = sign_in(client, held.desk)
    answer = client.post(_address(held, "/hours"), data={**HOURS, "window-0-until": "noon", "csrf_token": token})
    assert answer.status_code == 422
    assert "Write day and time of both ends" in answer.text
    assert 'value="Hội trường A"' in answer.text
    answer = client.post(_address(held, "/hours"), data={**HOURS, "minutes": "many", "csrf_token": token})
    assert answer.status_code == 422
    assert "A slot lasts 1 to 480 minutes" in answer.text


def test_presence_moves_the_plan_and_clearing_takes_it_away(
    client: FlaskClient, sign_in: SignIn, platform: Platform, held: Office
) -> None:
    token = sign_in(client, held.desk)
    _make(client, held, token)
    presence = {"judge": held.judges[0].id, "comes": "2026-12-03T09:30", "leaves": "", "csrf_token": token}
    assert client.post(_address(held, "/presence"), data=presence).status_code == 302
    assert "It differs from the timetable that stands." in client.get(_address(held)).text
    assert client.post(_address(held), data={"act": "clear", "csrf_token": token}).status_code == 302
    with platform.database.reading() as session:
        assert session.scalars(select(LivePlace)).all() == []


def test_judge_and_team_see_their_own_places_and_a_recused_judge_none(
    client: FlaskClient, sign_in: SignIn, platform: Platform, held: Office
) -> None:
    _make(client, held, sign_in(client, held.desk))
    with platform.database.writing() as session:
        entry = held.entries[0]
        off = session.scalars(
            select(Assignment).where(Assignment.judge_id == held.judges[0].id, Assignment.entry_id == entry.id)
        ).one()
        off.state = "recused"
    sign_in(client, held.judges[0].account)
    page = client.get(f"/judge/{held.contest.slug}/timetable").text
    assert page.count("/judge/sheets/") == 2
    assert off.id not in page
    room = client.get(f"/judge/{held.contest.slug}/rooms/{_room(platform).id}").text
    assert room.count('scope="row"') == 2
    sign_in(client, entry.owner)
    assert "Hội trường A" in client.get(f"/entries/{entry.id}/").text
    assert client.get(f"/judge/{held.contest.slug}/timetable").status_code == 404


def test_clock_is_shared_and_says_nothing_new_until_it_moves(
    client: FlaskClient, sign_in: SignIn, platform: Platform, held: Office
) -> None:
    _make(client, held, sign_in(client, held.desk))
    address = f"/judge/{held.contest.slug}/rooms/{_room(platform).id}/clock"
    token = sign_in(client, held.judges[0].account)
    first = client.get(address)
    assert _stand(first) == ("idle", 0, None)
    assert int(first.headers["Judging-Time"]) > 1_600_000_000_000
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Judging-Time"]
    for_script = {"Accept": "application/json"}
    moved = client.post(address, data={"act": "start", "version": "0", "csrf_token": token}, headers=for_script)
    assert moved.status_code == 200
    assert _stand(moved)[:2] == ("presentation", 1)
    late = client.post(address, data={"act": "pause", "version": "0", "csrf_token": token}, headers=for_script)
    assert late.status_code == 409
    assert _stand(late)[1] == 1
    plain = client.post(address, data={"act": "pause", "version": "0", "csrf_token": token}, follow_redirects=True)
    assert "Another device moved the clock" in plain.text
    assert client.post(address, data={"act": "dance", "version": "1", "csrf_token": token}).status_code == 404
    token = sign_in(client, held.entries[0].owner)
    assert client.get(address).status_code == 404
    assert client.post(address, data={"act": "start", "version": "1", "csrf_token": token}).status_code == 404


def test_programs_read_the_timetable(client: FlaskClient, sign_in: SignIn, platform: Platform, held: Office) -> None:
    _make(client, held, sign_in(client, held.desk))
    with platform.database.reading() as session:
        rows = timetable_rows(session, contest=held.contest, round_key=PRELIMINARY)
    assert [row.room for row in rows] == ["Hội trường A"] * 3
    assert {judge for row in rows for judge in row.judges} == {judge.alias for judge in held.judges}
