"""A sheet from the outbox of a judge's device: recorded once, or refused with what the device has to ask a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from judging.db.models import Assignment, AuditEvent, Conflict, ContestRound, LogLeaf, SheetVersion
from judging.domain.permissions import Role
from judging.domain.structure import digest
from judging.services.access.sign_in import end_sessions
from judging.services.sheets.life import reopen_sheet
from tests.factories import NOW, make_sheet
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, WHOLE_TOTAL, add_colleague, office

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case

    Send = Callable[..., TestResponse]

MOST = 17


@pytest.fixture
def fields() -> dict[str, str]:
    return {
        **{f"m-{key}": text for key, text in WHOLE.items()},
        **{f"c-{key}": text for key, text in COMMENTS.items()},
        "comment": COMMENT,
    }


@pytest.fixture
def body(client: FlaskClient, address: str, case: Case, fields: dict[str, str], token: str) -> dict[str, Any]:
    """A whole sheet as a device hands it in, which started from the empty one."""
    assert token
    page = client.get(address).text
    base = json.loads(page.split('name="base" value="')[1].split('"')[0].replace("&#34;", '"'))
    return {"fields": fields, "base": base, "sent": [], "rubric": digest(case.judged.rubric), "language": "en"}


@pytest.fixture
def send(client: FlaskClient, address: str, token: str) -> Send:
    def put(body: object, *, key: str | None = None, token: str = token, to: str = address) -> TestResponse:
        headers = {"Idempotency-Key": key or str(uuid4()), "X-CSRFToken": token, "Accept": "application/json"}
        return client.put(f"{to}/hand-in", json=body, headers=headers)

    return put


def kind(answer: TestResponse) -> str:
    return str(answer.json["type"]).split("problem-")[1]  # type: ignore[index]  # a problem is an object


def versions(platform: Platform, case: Case) -> list[SheetVersion]:
    with platform.database.reading() as session:
        asked = select(SheetVersion).where(SheetVersion.assignment_id == case.assignment.id)
        return list(session.scalars(asked.order_by(SheetVersion.number)))


def leaves(platform: Platform) -> int:
    with platform.database.reading() as session:
        return session.scalar(select(func.count()).select_from(LogLeaf).where(LogLeaf.subject_id.is_not(None))) or 0


def test_sheet_is_recorded_with_the_receipt_that_its_page_shows(
    client: FlaskClient, platform: Platform, case: Case, address: str, send: Send, body: dict[str, Any]
) -> None:
    answer = send(body)

    assert answer.status_code == 201, answer.text
    stored = versions(platform, case)
    assert [str(one.total) for one in stored] == [WHOLE_TOTAL]
    receipt = answer.json["receipt"]  # type: ignore[index]  # an object
    assert receipt["page"] == f"{address}/receipt"
    assert receipt["code"] in client.get(receipt["page"]).text
    assert receipt["number"].endswith("-1")


def test_same_request_again_gets_the_same_answer_and_records_nothing_more(
    platform: Platform, case: Case, send: Send, body: dict[str, Any]
) -> None:
    first = send(body, key="k1")
    again = [send(body, key="k1") for _ in range(3)]

    assert {(one.status_code, one.text) for one in again} == {(201, first.text)}
    assert len(versions(platform, case)) == 1
    assert leaves(platform) == 1


def test_key_of_another_sheet_is_refused(send: Send, body: dict[str, Any]) -> None:
    assert send(body, key="k1").status_code == 201

    other = send({**body, "fields": {**body["fields"], "m-form": "3"}}, key="k1")

    assert (other.status_code, kind(other)) == (422, "other-request")


def test_sheet_submitted_on_another_device_is_shown_and_not_replaced(
    platform: Platform, case: Case, send: Send, body: dict[str, Any]
) -> None:
    assert send(body).status_code == 201

    late = send({**body, "fields": {**body["fields"], "m-form": "3"}})

    assert (late.status_code, kind(late)) == (412, "stale")
    current = late.json["current"]  # type: ignore[index]  # an object
    assert current["state"] == "submitted"
    assert current["fields"]["m-form"] == "12"
    assert current["receipt"]["code"]
    assert len(versions(platform, case)) == 1


def test_draft_of_another_device_is_shown_and_not_written_over(
    client: FlaskClient, platform: Platform, case: Case, address: str, token: str, send: Send, body: dict[str, Any]
) -> None:
    other = {"csrf_token": token, "version": "0", "m-novelty": "29", "comment": "From the laptop."}
    assert client.post(f"{address}/draft", data=other).status_code == 200

    answer = send(body)

    assert (answer.status_code, kind(answer)) == (412, "stale")
    assert answer.json["current"]["fields"]["comment"] == "From the laptop."  # type: ignore[index]  # an object
    assert versions(platform, case) == []
    with platform.database.reading() as session:
        assert session.get_one(Assignment, case.assignment.id).comment == "From the laptop."


def test_draft_of_this_very_device_whose_answer_was_lost_is_no_obstacle(
    client: FlaskClient, platform: Platform, case: Case, address: str, token: str, send: Send, body: dict[str, Any]
) -> None:
    sent = {**body["fields"], "m-novelty": "29", "m-form": ""}
    assert client.post(f"{address}/draft", data={"csrf_token": token, "version": "0", **sent}).status_code == 200

    answer = send({**body, "sent": [sent]})

    assert answer.status_code == 201, answer.text
    assert versions(platform, case)[0].marks["novelty"] == "24"


def test_judge_who_has_seen_both_hands_theirs_in_once_the_office_has_reopened_the_sheet(
    platform: Platform, case: Case, send: Send, body: dict[str, Any]
) -> None:
    send(body)
    mine = {**body, "fields": {**body["fields"], "m-form": "3"}}
    seen = send(mine).json["current"]["fields"]  # type: ignore[index]  # an object
    with platform.database.writing() as session:
        assignment = session.get_one(Assignment, case.assignment.id)
        reopen_sheet(session, assignment=assignment, actor=office(session, case), reason="Two devices.", now=NOW)

    answer = send({**mine, "base": {}, "sent": [seen]})

    assert answer.status_code == 201, answer.text
    assert [one.marks["form"] for one in versions(platform, case)] == ["12", "3"]
    assert leaves(platform) == 2


def test_marks_in_the_notation_of_the_page_are_read_in_its_language(
    client: FlaskClient, platform: Platform, case: Case, send: Send, body: dict[str, Any]
) -> None:
    client.set_cookie("lang", "en")
    answer = send({**body, "language": "vi", "fields": {**body["fields"], "m-use.easy": "8,5"}})

    assert answer.status_code == 201, answer.text
    assert versions(platform, case)[0].marks["use.easy"] == "8.5"


def test_incomplete_sheet_is_refused_with_each_field_and_not_kept(
    platform: Platform, case: Case, send: Send, body: dict[str, Any]
) -> None:
    answer = send({**body, "fields": {**body["fields"], "m-form": "99", "comment": "Short."}}, key="k1")

    assert (answer.status_code, kind(answer)) == (422, "refused")
    assert set(answer.json["fields"]) == {"m-form", "comment"}  # type: ignore[index]  # an object
    with platform.database.reading() as session:
        assert session.get_one(Assignment, case.assignment.id).draft_version == 0
    assert send(body, key="k1").status_code == 201


def test_sheet_of_another_rubric_is_refused_and_nothing_converted(
    platform: Platform, case: Case, send: Send, body: dict[str, Any]
) -> None:
    answer = send({**body, "rubric": "0" * 64})

    assert (answer.status_code, kind(answer)) == (409, "rubric-changed")
    assert answer.json["rubric"] == digest(case.judged.rubric)  # type: ignore[index]  # an object
    assert versions(platform, case) == []


def test_round_that_was_closed_meanwhile_takes_nothing(
    platform: Platform, case: Case, send: Send, body: dict[str, Any]
) -> None:
    with platform.database.writing() as session:
        asked = select(ContestRound).where(
            ContestRound.contest_id == case.contest.id, ContestRound.key == "preliminary"
        )
        session.scalars(asked).one().state = "closed"

    answer = send(body)

    assert (answer.status_code, kind(answer)) == (403, "forbidden")
    assert answer.json["detail"] == "The round is closed. Ask the office."  # type: ignore[index]  # an object
    assert versions(platform, case) == []


def test_judge_who_was_taken_off_the_entry_is_told_nothing(
    platform: Platform, case: Case, send: Send, body: dict[str, Any]
) -> None:
    with platform.database.writing() as session:
        session.add(
            Conflict(
                contest_id=case.contest.id, judge_id=case.judge.id, entry_id=case.entry.id, kind="other",
                source="office", at=NOW,
            )
        )  # fmt: skip

    assert send(body).status_code == 404
    assert versions(platform, case) == []


def test_ended_session_is_told_at_once_and_nothing_is_stored(
    client: FlaskClient, platform: Platform, case: Case, send: Send, body: dict[str, Any]
) -> None:
    with platform.database.writing() as session:
        end_sessions(session, account_id=case.judge.account_id, now=NOW)

    assert send(body).status_code == 401
    accept = {"Accept": "application/json"}
    assert [client.get(f"/judge/offline/{name}", headers=accept).status_code for name in ("work", "token")] == [
        401,
        401,
    ]
    assert versions(platform, case) == []


def test_request_without_a_token_is_refused(send: Send, body: dict[str, Any]) -> None:
    assert send(body, token="").status_code == 400


def test_sheet_of_a_colleague_cannot_be_handed_in(
    platform: Platform, case: Case, send: Send, body: dict[str, Any]
) -> None:
    with platform.database.writing() as session:
        colleague = add_colleague(session, case)
        make_sheet(session, colleague.assignment, case.judged)

    assert send(body, to=f"/judge/sheets/{colleague.assignment.id}").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"fields": None}, {"fields": {"m-form": 3}}, {"base": []}, {"sent": [3]}, {"rubric": None},
        {"language": "xx"}, {"more": 1}, {"fields": {"comment": "\x00"}}, {"fields": {"comment": "x" * 20_001}},
    ],
)  # fmt: skip
def test_body_that_is_not_understood_is_refused(send: Send, body: dict[str, Any], change: dict[str, Any]) -> None:
    answer = send({**body, **change})

    assert (answer.status_code, kind(answer)) == (400, "bad-request")


def test_handing_in_takes_few_statements(
    platform: Platform,
    case: Case,
    send: Send,
    body: dict[str, Any],
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    with count_queries() as statements:
        assert send(body).status_code == 201

    counted = [one for one in statements if not one.startswith(("BEGIN", "PRAGMA", "SAVEPOINT"))]
    assert len(counted) <= MOST, counted
    with platform.database.reading() as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == case.assignment.id)).all()
    assert acts.count("sheet-submitted") == 1
    assert Role.JUDGE in case.actor.roles
