"""A judge's notes from two devices: merged or both shown, kept by the device alone, and in nobody's log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.db.models import SheetNote
from judging.domain.draft_merge import EMPTY, version_of
from tests.factories import give_role, make_account
from tests.services.sheets.cases import add_colleague

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from judging.db.models import Account
    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case

WORK = "/judge/offline/work"
JSON = {"Accept": "application/json"}


@pytest.fixture
def send(client: FlaskClient, address: str, token: str) -> Callable[..., TestResponse]:
    """Sends the note as a device does."""

    def post(text: str, base: str, **more: str) -> TestResponse:
        data = {"csrf_token": token, "note": text, "note-base": base, **more}
        return client.post(f"{address}/note", data=data, headers=JSON)

    return post


def kept(platform: Platform) -> list[str]:
    with platform.database.reading() as session:
        return list(session.scalars(select(SheetNote.text)))


def test_device_is_told_the_version_and_what_another_wrote(send: Callable[..., TestResponse]) -> None:
    first = send("Hỏi về pin", EMPTY).get_json()

    brought = send("", EMPTY).get_json()

    assert first["version"] == version_of("Hỏi về pin")
    assert (brought["brought"], brought["version"]) == ("Hỏi về pin", first["version"])


@pytest.mark.parametrize("base", [EMPTY, "", "0123456789abcdef"])
def test_note_that_changed_on_both_sides_is_refused_with_the_text_that_stands(
    send: Callable[..., TestResponse], platform: Platform, base: str
) -> None:
    send("Từ máy bàn", EMPTY)

    answer = send("Từ điện thoại", base)

    assert answer.status_code == 412
    assert answer.get_json()["note"] == {"text": "Từ máy bàn", "version": version_of("Từ máy bàn")}
    assert kept(platform) == ["Từ máy bàn"]


@pytest.mark.parametrize("sent", ["no list", "{}", "[1, null]", "[" * 2000])
def test_versions_that_cannot_be_read_count_as_none(
    send: Callable[..., TestResponse], platform: Platform, sent: str
) -> None:
    send("Từ máy bàn", EMPTY)

    assert send("Từ điện thoại", EMPTY, sent=sent).status_code == 412
    assert kept(platform) == ["Từ máy bàn"]


def test_draft_of_a_device_that_cannot_be_read_counts_as_unknown(
    client: FlaskClient, address: str, typed: dict[str, Any]
) -> None:
    answer = client.post(f"{address}/draft", data={**typed, "base": "[" * 2000, "sent": "[" * 2000})

    assert (answer.status_code, answer.get_json()["left"]) == (200, 0)


def test_plain_form_shows_both_texts_and_keeps_what_is_chosen(
    client: FlaskClient, platform: Platform, address: str, token: str, send: Callable[..., TestResponse]
) -> None:
    send("Từ máy bàn", EMPTY)

    page = client.post(f"{address}/note", data={"csrf_token": token, "note": "Từ điện thoại", "note-base": EMPTY})

    assert page.status_code == 409
    assert "Another device has changed this note too." in page.text
    assert page.text.count("Từ máy bàn") == page.text.count("Từ điện thoại") == 1
    assert f'name="note-base" value="{version_of("Từ máy bàn")}"' in " ".join(page.text.split())
    assert kept(platform) == ["Từ máy bàn"]
    chosen = {"csrf_token": token, "note": "Từ điện thoại", "note-base": version_of("Từ máy bàn")}
    assert client.post(f"{address}/note", data=chosen).status_code == 302
    assert kept(platform) == ["Từ điện thoại"]


def test_work_of_the_judge_brings_the_note_and_the_copy_of_the_page_holds_none(
    client: FlaskClient, case: Case, address: str, send: Callable[..., TestResponse]
) -> None:
    before = client.get(WORK)
    send("Riêng tôi", EMPTY)

    found = client.get(WORK, headers={"If-None-Match": before.headers["ETag"]})

    assert before.get_json()["notes"] == {}
    assert found.get_json()["notes"] == {case.assignment.id: {"text": "Riêng tôi", "version": version_of("Riêng tôi")}}
    assert found.get_json()["entries"] == before.get_json()["entries"]
    assert "Riêng tôi" in client.get(address).text
    assert "Riêng tôi" not in client.get(address, headers={"Judging-Copy": "1"}).text


def test_work_of_a_colleague_and_of_the_office_brings_no_note(
    client: FlaskClient,
    platform: Platform,
    case: Case,
    send: Callable[..., TestResponse],
    sign_in: Callable[[FlaskClient, Account], str],
) -> None:
    send("Riêng tôi", EMPTY)
    with platform.database.writing() as session:
        colleague = add_colleague(session, case).account
        office = make_account(session)
        give_role(session, session.merge(case.contest), office, "organiser")
        assert colleague.email
        assert office.email

    for account in (colleague, office):
        other = client.application.test_client()
        sign_in(other, account)
        found = other.get(WORK)
        assert found.get_json()["notes"] == {}
        assert "Riêng tôi" not in found.text


def test_note_stands_in_no_line_of_the_log(send: Callable[..., TestResponse], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert send("Riêng tôi", EMPTY).status_code == 200
        assert send("Chỉ mình tôi", EMPTY).status_code == 412

    written = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "Riêng tôi" not in written
    assert "Chỉ mình tôi" not in written
