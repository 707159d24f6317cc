"""A blind repeat on its judge's pages: one entry among the others by name, address and list, its sheet its own."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from judging.db.models import (
    Account,
    Assignment,
    BlindRepeat,
    ContestRound,
    Entry,
    EntryFile,
    FileCopy,
    SheetVersion,
)
from judging.domain.repeats import reading_code
from judging.domain.structure import digest
from tests.factories import NOW
from tests.services.judges.repeat_cases import ROUND, Shown, make_desk, set_number
from tests.services.sheets.cases import WHOLE_TOTAL, add_colleague

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case

    SignIn = Callable[[FlaskClient, Account], str]

WORK = "/judge/offline/work"


@pytest.fixture
def shown(platform: Platform) -> Shown:
    with platform.database.writing() as session:
        case, readings = make_desk(session, platform.registry)
        assert set_number(session, platform.registry, case, 1) == 1
        repeat = session.scalars(select(BlindRepeat)).one()
        assert repeat.first.entry.title
        assert case.judge.account.email
        return Shown(case=case, readings=readings, repeat=repeat)


@pytest.fixture
def case(shown: Shown) -> Case:
    return shown.case


@pytest.fixture
def address(shown: Shown) -> str:
    return f"/judge/sheets/{shown.repeat.id}"


@pytest.fixture
def listed(case: Case) -> str:
    return f"/judge/{case.contest.slug}/?round={ROUND}"


def stored(platform: Platform, shown: Shown) -> BlindRepeat:
    with platform.database.reading() as session:
        return session.get_one(BlindRepeat, shown.repeat.id)


def close(platform: Platform) -> None:
    with platform.database.writing() as session:
        stage = session.scalars(select(ContestRound).where(ContestRound.key == ROUND)).one()
        stage.state = "closed"


def titles(platform: Platform) -> list[str]:
    with platform.database.reading() as session:
        return list(session.scalars(select(Entry.title)))


def alike(page: str) -> str:
    """A page without what differs between any two entries: ids, codes, tokens, times and places."""
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", page)
    page = re.sub(r"r-[0-9a-z]{6}", "CODE", page)
    page = re.sub(r'(csrf_token"[^>]*value)="[^"]+"', r"\1", page)
    page = re.sub(r"\b[A-Z2-7]{5} ?[A-Z2-7]{5}\b", "RECEIPT", page)
    return re.sub(r"\d+", "N", re.sub(r"\s+", " ", page))


def test_list_names_every_entry_by_a_code_and_none_by_its_title(
    client: FlaskClient, platform: Platform, token: str, shown: Shown, listed: str
) -> None:
    assert token
    page = client.get(listed).text

    rows: list[Assignment | BlindRepeat] = [*shown.readings, shown.repeat]
    assert all(f'href="/judge/sheets/{one.id}"' in page for one in rows)
    assert all(reading_code(one.id) in page for one in rows)
    assert not [title for title in titles(platform) if title in page]
    assert "9 entries left to mark" in page
    assert page.index(shown.readings[0].id) == min(page.index(one.id) for one in rows)
    assert page.index(shown.repeat.id) > page.index(shown.readings[5].id)


def test_pages_of_a_repeat_are_those_of_any_entry(
    client: FlaskClient, platform: Platform, token: str, typed: dict[str, Any], shown: Shown, address: str
) -> None:
    """Of the reading and its repeat, filled in alike, every page is the same but for id, code and place."""
    assert token
    other = f"/judge/sheets/{shown.first.id}"
    for path in (other, address):
        assert client.post(path, data={**typed, "version": "0", "action": "review"}).status_code == 302

    for rest in ("", "/review"):
        mine, theirs = client.get(address + rest).text, client.get(other + rest).text
        assert not [title for title in titles(platform) if title in mine + theirs], rest
        assert _without_next(alike(mine)) == _without_next(alike(theirs)), rest

    for path in (other, address):
        answer = client.post(f"{path}/review", data={"csrf_token": typed["csrf_token"], "version": "1"})
        assert answer.location == f"{path}/receipt"
    mine, theirs = client.get(f"{address}/receipt").text, client.get(f"{other}/receipt").text
    assert alike(mine) == alike(theirs)
    assert "Receipt file" not in mine + theirs


def _without_next(page: str) -> str:
    # How many are left is told in words, and the bar of places is as long as the place is far.
    return re.sub(r'<header class="sheet-head">.*?</header>', "", page)


def test_sheet_is_stored_beside_the_reading_and_never_as_one(
    client: FlaskClient, platform: Platform, token: str, typed: dict[str, Any], shown: Shown, address: str
) -> None:
    assert token
    saved = client.post(f"{address}/draft", data={**typed, "version": "0"})
    assert saved.status_code == 200, saved.text
    assert saved.get_json()["version"] == 1
    stale = client.post(address, data={**typed, "version": "0", "action": "save"})
    assert stale.status_code == 412

    answer = client.post(address, data={**typed, "version": "1", "action": "submit"})

    assert answer.location == f"{address}/receipt"
    row = stored(platform, shown)
    assert (row.state, row.total) == ("submitted", WHOLE_TOTAL)
    assert row.code in client.get(f"{address}/receipt").text
    assert client.get(address).location == f"{address}/receipt"
    with platform.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SheetVersion)) == 0
        assert session.get_one(Assignment, shown.first.id).state == "assigned"


def test_incomplete_sheet_is_shown_with_its_reasons_and_kept(
    client: FlaskClient, platform: Platform, typed: dict[str, Any], shown: Shown, address: str
) -> None:
    answer = client.post(address, data={**typed, "m-form": "", "action": "submit"})

    assert answer.status_code == 422
    assert "to put right" in answer.text
    row = stored(platform, shown)
    assert (row.state, row.marks["novelty"]) == ("draft", "24")


def test_device_gets_the_repeat_among_its_work_and_hands_it_in_once(
    client: FlaskClient, platform: Platform, token: str, typed: dict[str, Any], shown: Shown, address: str
) -> None:
    found = client.get(WORK).get_json()
    assert found["total"] == 9
    codes = {one["assignment"]: one["code"] for one in found["entries"]}
    rows: list[Assignment | BlindRepeat] = [*shown.readings, shown.repeat]
    assert codes == {one.id: reading_code(one.id) for one in rows}
    assert not [title for title in titles(platform) if title in json.dumps(found, ensure_ascii=False)]
    places = [one["assignment"] for one in found["entries"]]
    assert places.index(shown.repeat.id) == shown.repeat.after
    page = client.get(address).text
    base = json.loads(page.split('name="base" value="')[1].split('"')[0].replace("&#34;", '"'))
    fields = {name: text for name, text in typed.items() if name != "csrf_token"}
    body = {"fields": fields, "base": base, "sent": [], "rubric": digest(shown.case.judged.rubric), "language": "en"}
    headers = {"Idempotency-Key": "k1", "X-CSRFToken": token, "Accept": "application/json"}

    answers = [client.put(f"{address}/hand-in", json=body, headers=headers) for _ in range(2)]

    assert {(one.status_code, one.text) for one in answers} == {(201, answers[0].text)}
    receipt = answers[0].get_json()["receipt"]
    assert receipt["number"] == f"{reading_code(shown.repeat.id)}-1"
    assert receipt["code"] == stored(platform, shown).code
    late = client.put(f"{address}/hand-in", json=body, headers={**headers, "Idempotency-Key": "k2"})
    assert (late.status_code, late.get_json()["current"]["state"]) == (412, "submitted")
    assert shown.repeat.id not in client.get(WORK).text


def test_note_and_setting_aside_stay_with_the_repeat(
    client: FlaskClient, platform: Platform, token: str, shown: Shown, address: str
) -> None:
    client.post(f"{address}/note", data={"csrf_token": token, "note": "Xem lại phần pin"})
    client.post(f"{address}/aside", data={"csrf_token": token, "aside-kind": "file-broken"})

    page = client.get(address).text
    assert "Xem lại phần pin" in page
    assert "You set this entry aside." in page
    assert "Xem lại phần pin" not in client.get(f"/judge/sheets/{shown.first.id}").text
    client.post(f"{address}/aside/end", data={"csrf_token": token})
    assert stored(platform, shown).aside_at is None


def test_stepping_back_from_the_repeat_takes_both(
    client: FlaskClient, platform: Platform, token: str, shown: Shown, address: str, listed: str
) -> None:
    answer = client.post(f"{address}/recusal", data={"csrf_token": token, "kind": "spouse"})

    assert answer.status_code == 302
    assert client.get(address).status_code == 404
    with platform.database.reading() as session:
        assert session.get_one(Assignment, shown.first.id).state == "recused"
    assert "7 entries left to mark" in client.get(listed).text


def test_views_without_a_twin_and_other_people_find_nothing(
    client: FlaskClient, platform: Platform, shown: Shown, address: str, token: str, sign_in: SignIn
) -> None:
    for path in (f"{address}/versions/1", f"{address}/receipts/1"):
        assert client.get(path).status_code == 404
    assert client.post(f"{address}/again", data={"csrf_token": token, "act": "keep"}).status_code == 404
    assert client.get(f"/api/v1/assignments/{shown.repeat.id}/sheet").status_code in (401, 404)
    with platform.database.writing() as session:
        other = add_colleague(session, shown.case)
        assert other.account.email
    colleague = client.application.test_client()
    sign_in(colleague, other.account)

    assert colleague.get(address).status_code == 404
    assert client.application.test_client().get(address).status_code == 302


def test_closed_round_tells_what_the_sheet_was_and_shows_the_titles(
    client: FlaskClient, platform: Platform, typed: dict[str, Any], shown: Shown, address: str, listed: str
) -> None:
    client.post(address, data={**typed, "action": "submit"})
    assert "a second time" not in client.get(f"{address}/receipt").text
    close(platform)

    page = client.get(f"{address}/receipt").text

    assert "You were shown this entry a second time." in page
    assert "counts for nothing" in page
    rows = client.get(listed).text
    assert f"{shown.first.entry.title} (shown a second time)" in rows
    assert all(one.entry.title in rows for one in shown.readings)


def test_addresses_without_a_twin_tell_no_reading_from_a_repeat(
    client: FlaskClient, platform: Platform, typed: dict[str, Any], shown: Shown
) -> None:
    """While codes are shown, what a repeat has not is nobody's: the file of the receipt, and the newest version."""
    own = f"/judge/sheets/{shown.first.id}"
    assert client.post(own, data={**typed, "version": "0", "action": "submit"}).location == f"{own}/receipt"
    doors = (f"{own}/receipts/1", f"{own}/versions/1")
    assert [client.get(path).status_code for path in doors] == [404, 404]

    close(platform)

    assert [client.get(path).status_code for path in doors] == [200, 200]


def test_name_of_a_file_holds_no_number_while_codes_are_shown(
    client: FlaskClient, platform: Platform, token: str, shown: Shown
) -> None:
    assert token
    with platform.database.writing() as session:
        stored = platform.files.put(b"%PDF-1.7")
        file = EntryFile(
            entry_id=shown.first.entry_id, item="summary", filename="a.pdf", media_type="application/pdf",
            size=stored.size, sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
            copied=FileCopy(
                state="ready", media_type="application/pdf", size=stored.size, sha256=stored.sha256, key=stored.key
            ),
        )  # fmt: skip
        session.add(file)
        session.flush()
        path = f"/entries/{file.entry_id}/files/{file.id}"

    names = []
    for act in (None, close):
        if act is not None:
            act(platform)
        with client.get(path) as answer:
            assert answer.status_code == 200
            names.append(answer.headers["Content-Disposition"].partition("''")[2])

    assert names == ["summary-1.pdf", f"ST-{shown.first.entry.number:03d}-summary-1.pdf"]


def test_round_without_repeats_keeps_number_and_title(
    client: FlaskClient, platform: Platform, token: str, shown: Shown, listed: str
) -> None:
    assert token
    with platform.database.writing() as session:
        set_number(session, platform.registry, shown.case, 0)

    page = client.get(listed).text

    assert shown.first.entry.title in page
    assert reading_code(shown.first.id) not in page
