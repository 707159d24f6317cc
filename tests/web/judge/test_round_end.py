"""After the end of a round: drafts are kept, a sheet is refused with what to do, and the organiser sees it came."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from judging.db.models import Assignment, ContestRound, IdempotentAnswer, LateSheet, SheetVersion
from judging.domain.structure import digest
from judging.services.rounds.end.late import take_late
from tests.letters import SETTINGS
from tests.services.sheets.cases import WHOLE_TOTAL, office

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case

HOUR = timedelta(hours=1)


@pytest.fixture
def move_end(platform: Platform, case: Case) -> Callable[[timedelta], None]:
    """Put the end of the round so far from now."""

    def move(away: timedelta) -> None:
        with platform.database.writing() as session:
            row = session.scalars(select(ContestRound).where(ContestRound.contest_id == case.contest.id)).first()
            assert row is not None
            row.ends_at = datetime.now(UTC) + away

    return move


def late_sheets(platform: Platform) -> list[LateSheet]:
    with platform.database.reading() as session:
        return list(session.scalars(select(LateSheet)))


def versions(platform: Platform) -> list[str]:
    with platform.database.reading() as session:
        return [str(total) for total in session.scalars(select(SheetVersion.total))]


def take(platform: Platform, case: Case) -> None:
    """The organiser's decision."""
    with platform.database.writing() as session:
        take_late(
            session, settings=SETTINGS, assignment=session.get_one(Assignment, case.assignment.id),
            actor=office(session, case), reason="Nộp trên máy trước hạn.", now=datetime.now(UTC),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "sheets are no longer taken"), ("vi", "không nhận phiếu nữa")]
)
def test_page_refuses_a_sheet_after_the_end_and_keeps_its_draft(
    client: FlaskClient,
    platform: Platform,
    case: Case,
    address: str,
    typed: dict[str, Any],
    move_end: Callable[[timedelta], None],
    language: str,
    sentence: str,
) -> None:
    move_end(-HOUR)
    client.set_cookie("lang", language)
    typed["m-use.easy"] = "8"

    answer = client.post(address, data={**typed, "version": "0", "action": "submit"})

    assert answer.status_code == 409
    assert sentence in answer.text
    assert versions(platform) == []
    with platform.database.reading() as session:
        assert session.get_one(Assignment, case.assignment.id).marks["use.easy"] == "8"
    (late,) = late_sheets(platform)
    assert (late.assignment_id, late.tries) == (case.assignment.id, 1)


def test_draft_is_saved_after_the_end_and_the_sheet_says_that_it_is_over(
    client: FlaskClient, platform: Platform, address: str, typed: dict[str, Any], move_end: Callable[[timedelta], None]
) -> None:
    move_end(-HOUR)

    saved = client.post(f"{address}/draft", data={**typed, "version": "0"})
    page = client.get(address).text

    assert saved.status_code == 200
    assert "sheets are no longer taken" in page
    assert "What you write here is kept as a draft." in page
    assert late_sheets(platform) == []


def test_review_refuses_after_the_end_and_submits_once_the_sheet_is_taken(
    client: FlaskClient,
    platform: Platform,
    case: Case,
    address: str,
    typed: dict[str, Any],
    move_end: Callable[[timedelta], None],
) -> None:
    client.post(address, data={**typed, "version": "0", "action": "review"})
    move_end(-HOUR)
    form = {"csrf_token": typed["csrf_token"], "version": "1"}

    refused = client.post(f"{address}/review", data=form)
    take(platform, case)
    taken = client.post(f"{address}/review", data=form)

    assert (refused.status_code, "sheets are no longer taken" in refused.text) == (409, True)
    assert (taken.status_code, taken.headers["Location"]) == (302, f"{address}/receipt")
    assert versions(platform) == [WHOLE_TOTAL]


def test_pages_say_until_when_sheets_are_taken(
    client: FlaskClient, case: Case, address: str, token: str, move_end: Callable[[timedelta], None]
) -> None:
    assert token
    move_end(HOUR)

    for page in (address, "/judge/", f"/judge/{case.contest.slug}/"):
        assert "Sheets are taken until" in client.get(page).text


@pytest.fixture
def body(client: FlaskClient, address: str, case: Case, typed: dict[str, Any]) -> dict[str, Any]:
    """A whole sheet as a device hands it in."""
    page = client.get(address).text
    base = json.loads(page.split('name="base" value="')[1].split('"')[0].replace("&#34;", '"'))
    fields = {name: text for name, text in typed.items() if name != "csrf_token"}
    return {"fields": fields, "base": base, "sent": [], "rubric": digest(case.judged.rubric), "language": "en"}


@pytest.fixture
def send(client: FlaskClient, address: str, token: str) -> Callable[[object, str], TestResponse]:
    def put(sheet: object, key: str) -> TestResponse:
        headers = {"Idempotency-Key": key, "X-CSRFToken": token, "Accept": "application/json"}
        return client.put(f"{address}/hand-in", json=sheet, headers=headers)

    return put


def test_device_keeps_what_came_late_and_sends_it_again_with_the_same_key(
    platform: Platform,
    case: Case,
    body: dict[str, Any],
    send: Callable[[object, str], TestResponse],
    move_end: Callable[[timedelta], None],
) -> None:
    move_end(-HOUR)
    key = str(uuid4())

    refused = [send(body, key), send(body, key)]
    told: dict[str, Any] = refused[0].get_json()

    assert [one.status_code for one in refused] == [409, 409]
    assert told["type"].endswith("problem-round-ended")
    assert "It stays on this device" in told["detail"]
    assert "%" not in told["detail"]
    with platform.database.reading() as session:
        # Nothing of it is stored but that it came, and the key is free for when it is taken.
        assert session.get_one(Assignment, case.assignment.id).draft_version == 0
        assert list(session.scalars(select(IdempotentAnswer))) == []
    assert [one.tries for one in late_sheets(platform)] == [2]
    take(platform, case)
    answer = send(body, key)
    assert answer.status_code == 201, answer.text
    assert versions(platform) == [WHOLE_TOTAL]


def test_sheet_handed_in_offline_that_arrives_in_time_is_recorded(
    platform: Platform,
    body: dict[str, Any],
    send: Callable[[object, str], TestResponse],
    move_end: Callable[[timedelta], None],
) -> None:
    move_end(HOUR)

    assert send(body, str(uuid4())).status_code == 201
    assert (versions(platform), late_sheets(platform)) == ([WHOLE_TOTAL], [])
